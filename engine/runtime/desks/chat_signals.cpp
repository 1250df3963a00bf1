#include "engine/runtime/desks/chat_signals.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/desks/chat_hub.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

namespace kindred::runtime {
namespace {

std::string_view name_of(chat_signal::sort what) { return what == chat_signal::sort::typing ? "typing" : "read"; }

void to_agent(step& in, const chat_signal& given) {
    const auto* about = in.on().tickets.find_conversation(given.channel, given.conversation);
    if (about == nullptr || !about->holder || about->status != store::ticket_status::held) return;
    json::writer out;
    out.begin_object().member("ticket", to_string(about->id)).end_object();
    const auto& whole = out.text();
    in.publish(about->holder, std::string(name_of(given.what)), std::string(whole.substr(1, whole.size() - 2)));
}

void to_visitor(step& in, chat_signal& given) {
    const auto* about = in.on().tickets.find(given.ticket);
    if (about == nullptr || about->holder != given.by || !given.tell) return;
    const auto* via = in.on().channels.find(about->channel);
    if (via == nullptr || via->connector != "webchat") return;
    const auto visitor = outgoing_from(about->context).thread;
    if (visitor.empty()) return;
    json::writer out;
    out.begin_object().member("type", name_of(given.what));
    if (given.what == chat_signal::sort::read) out.member("number", chat_number(given.ticket, given.entry));
    auto frame = out.end_object().take();
    in.after_commit([tell = std::move(given.tell), channel = about->channel, visitor, frame = std::move(frame)] {
        tell(channel, visitor, frame);
    });
}

}  // namespace

void pass_on(step& in, chat_signal& given) {
    if (given.by)
        to_visitor(in, given);
    else
        to_agent(in, given);
}

}  // namespace kindred::runtime
