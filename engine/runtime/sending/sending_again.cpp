#include "engine/runtime/sending/sending_again.hpp"

#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/sending/reply_parts.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

namespace kindred::runtime {
namespace {

/// What forbids it now, though it was allowed when the message was written.
result<void> check_still_allowed(step& in, const ticket& about, const action::send_again& wanted) {
    const auto* via = in.on().channels.find(about.channel);
    if (via == nullptr) return fail(errc::conflict, "channel " + about.channel + " is no longer configured");
    if (via->kind == channel_kind::phone)
        return fail(errc::conflict, "a call is not sent again: call the customer back");
    for (const auto& row : wanted.failed) {
        if (in.on().messages.contains(row.id)) return fail(errc::conflict, "the message is on its way");
        const auto message = outgoing_from_json(row.json);
        if (!message.use_template)
            if (auto fine = check_window(*via, about.context, in.now()); !fine) return fine.error();
        if (const auto why = why_not_to_write(in.on(), about, message.automatic, in.now()))
            return fail(errc::conflict, *why);
    }
    return {};
}

}  // namespace

store::unique_key key_of(const action::send_again& wanted) {
    if (wanted.failed.empty()) return {};
    const auto& first = wanted.failed.front();
    return {"send_again", to_string(first.id) + ":" + std::to_string(first.attempts)};
}

result<std::string> send_again(step& in, ticket& about, const action::send_again& wanted, agent_id who) {
    if (auto allowed = check_still_allowed(in, about, wanted); !allowed) return allowed.error();
    json::writer line;
    line.begin_object().member("entry", wanted.entry);
    write_agent(line, "agent", in.on(), who);
    const auto number = in.entry(about, "sent_again", line.end_object().take());
    for (auto row : wanted.failed) {
        if (row.state == store::outbox_state::sent) {
            // The provider had it and failed: under the old key it would take the message for the one it knows.
            auto message = outgoing_from_json(row.json);
            message.idempotency_key += "-again-" + std::to_string(row.attempts);
            row.json = to_json(message);
        }
        row.state = store::outbox_state::pending;
        row.due = in.now();
        in.put_outbox(row);
        in.send_again(std::move(row));
    }
    const auto* someone = in.on().people->find(who);
    json::writer detail;
    detail.begin_object().member("entry", wanted.entry).member("messages", wanted.failed.size()).end_object();
    in.audit("agent:" + (someone == nullptr ? to_string(who) : someone->login), "message.sent_again",
             "ticket:" + to_string(about.id), detail.take());
    json::writer said;
    said.begin_object().member("ticket", to_string(about.id)).member("entry", number);
    return said.member("messages", wanted.failed.size()).end_object().take();
}

}  // namespace kindred::runtime
