#include "engine/runtime/tickets/calls.hpp"

#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

using channel::record_kind;

bool says(const channel::record& happened, std::string_view name, std::string_view json) {
    return std::any_of(happened.details.begin(), happened.details.end(),
                       [&](const auto& each) { return each.name == name && each.json == json; });
}

std::string text_of(const channel::record& happened, std::string_view name) {
    for (const auto& each : happened.details) {
        if (each.name != name) continue;
        const auto parsed = json::document::parse(each.json);
        return parsed ? std::string(parsed->root().text()) : std::string();
    }
    return {};
}

/// An order about the recording of a ticket's talk, for its connector to carry out.
channel::outgoing order_for(const ticket& about, std::string_view order, const recorded_talk& talk) {
    json::writer details;
    details.begin_object().member("recording_order", order).member_if("recorded_call", talk.call).end_object();
    auto message = outgoing_from(about.context);
    message.details = details.take();
    return message;
}

/// An order to let the customer wait, or to bring both together again, which rings the agent's phone where the provider
/// has to.
channel::outgoing hold_order_for(const ticket& about, bool on_hold, const person* agent) {
    auto message = outgoing_from(about.context);
    json::writer details;
    details.begin_object().member("hold_order", on_hold ? "hold" : "resume");
    if (const auto kept = json::document::parse(message.details))
        details.member_if("recording_consent", (*kept)["recording_consent"].text());
    message.details = details.end_object().take();
    message.queue = about.queue;
    message.place_call = is_marked(about.context, call_mark::call_back);
    if (agent != nullptr) message.agent_name = agent->name;
    if (agent != nullptr) message.agent_address = agent->phone;
    return message;
}

/// Somebody whom we called has picked up, and was told that the talk is recorded or has said whether it may be.
void note_placed_talk(step& in, ticket& about, const channel::record& happened) {
    const recorded_talk talk{text_of(happened, "recorded_call")};
    const auto consent = text_of(happened, "recording_consent");
    if (talk.call.empty() || (consent != "told" && consent != "given")) return;
    note_talk(about.context, talk);
    in.touch(about);
    // It is recorded from its first word, or from the key on, where the provider needs no order for that.
    if (consent == "told" || says(happened, "recording_begun", "true")) return;
    const auto entry = in.entry(about, "recording", R"({"recording":"recording"})");
    in.send(about, entry, order_for(about, "start", talk));
}

bool call_is_over(const channel::record& happened) {
    for (const std::string_view end : {"completed", "canceled", "cancelled", "failed", "busy", "no-answer", "hangup"})
        if (happened.status == end) return true;
    return false;
}

void abandon(step& in, const ticket& about) { (void)in.tell(dispatch::abandon{about.id}); }

/// The phone of the agent who accepted was not picked up: the caller waits again, for anybody else.
void back_to_the_queue(step& in, const ticket& about, agent_id holder) {
    (void)in.tell(dispatch::set_presence{holder, dispatch::presence::away, "not_responding"});
    dispatch::transfer back;
    back.ticket = about.id;
    back.queue = about.queue;
    (void)in.tell(back);
}

}  // namespace

void follow_the_call(step& in, ticket& about, const channel::record& happened) {
    if (says(happened, "wants", "\"callback\"")) {
        // Refused where an agent has the ticket already: the promise is on record all the same.
        (void)in.tell(dispatch::call_back{about.id});
        return mark(about.context, call_mark::call_back);
    }
    if (happened.kind != record_kind::call_status && happened.kind != record_kind::queue_result) return;
    note_placed_talk(in, about, happened);
    if (!text_of(happened, "recorded_call").empty()) return;
    if (says(happened, "customer_answered", "true") || says(happened, "customer_answered", "false")) {
        note_talk(about.context, std::nullopt);
        in.touch(about);
    }
    const auto seen = in.on().dispatch.ticket(about.id, in.now());
    if (!seen) return;
    const bool held = seen->state == dispatch::ticket_state::held;
    const bool waits = seen->state == dispatch::ticket_state::waiting || seen->state == dispatch::ticket_state::offered;
    // The line is free, but what the caller wants is not done: a call or an answer to the message.
    const bool promised = is_marked(about.context, call_mark::call_back) || is_voicemail(about.context);
    if (call_is_over(happened)) {
        mark(about.context, call_mark::over);
        in.touch(about);
        // Out of the queue nobody has talked yet, whoever accepted meanwhile. Else the agent says what the talk was.
        const bool never_talked = waits || (held && happened.kind == record_kind::queue_result);
        if (never_talked && !promised) return abandon(in, about);
    }
    if (!held || !says(happened, "agent_answered", "false")) return;
    if (is_marked(about.context, call_mark::over) && !promised) return abandon(in, about);
    unmark(about.context, call_mark::on_hold);
    back_to_the_queue(in, about, seen->holder);
}

void connect_call(step& in, ticket& about, agent_id who) {
    const auto* via = in.on().channels.find(about.channel);
    const auto* someone = in.on().people->find(who);
    if (via == nullptr || via->kind != channel_kind::phone || someone == nullptr || is_voicemail(about.context)) return;
    auto message = outgoing_from(about.context);
    message.agent_name = someone->name;
    message.agent_address = someone->phone;
    message.queue = about.queue;
    message.place_call = is_marked(about.context, call_mark::call_back);
    unmark(about.context, call_mark::on_hold);
    json::writer out;
    out.begin_object();
    write_agent(out, "agent", in.on(), who);
    if (message.place_call) out.member("call_back", true);
    const auto number = in.entry(about, "connecting", out.end_object().take());
    in.send(about, number, std::move(message));
}

result<std::string> order_hold(step& in, ticket& about, bool on_hold, agent_id who) {
    const auto* via = in.on().channels.find(about.channel);
    if (via == nullptr || via->kind != channel_kind::phone)
        return fail(errc::conflict, "channel: only calls can be put on hold");
    const auto seen = in.on().dispatch.ticket(about.id, in.now());
    if (!seen || seen->state != dispatch::ticket_state::held || is_voicemail(about.context))
        return fail(errc::conflict, "nobody talks: there is no call to put on hold");
    if (is_marked(about.context, call_mark::over)) return fail(errc::conflict, "the call is over");
    const std::string_view stands = on_hold ? "on_hold" : "talking";
    json::writer said;
    said.begin_object().member("call", stands);
    if (is_marked(about.context, call_mark::on_hold) == on_hold) return said.end_object().take();
    auto order = hold_order_for(about, on_hold, in.on().people->find(about.holder));
    if (auto carried = via->works->deliver(order); !carried) return fail(errc::conflict, carried.error().message);
    if (on_hold)
        mark(about.context, call_mark::on_hold);
    else
        unmark(about.context, call_mark::on_hold);
    json::writer out;
    out.begin_object().member("call", stands);
    write_agent(out, "agent", in.on(), who);
    const auto number = in.entry(about, "hold", out.end_object().take());
    in.send(about, number, std::move(order));
    const auto* someone = in.on().people->find(who);
    in.audit("agent:" + (someone == nullptr ? to_string(who) : someone->login), on_hold ? "call.held" : "call.resumed",
             "ticket:" + to_string(about.id));
    return said.member("entry", number).end_object().take();
}

result<std::string> order_recording(step& in, ticket& about, bool paused, agent_id who) {
    const auto* via = in.on().channels.find(about.channel);
    if (via == nullptr || via->kind != channel_kind::phone)
        return fail(errc::conflict, "channel: only calls are recorded");
    const auto talk = recorded_talk_of(about.context);
    if (!talk) return fail(errc::conflict, "the call is not recorded: the customer was not told, or did not agree");
    if (talk->call.empty() && is_marked(about.context, call_mark::over))
        return fail(errc::conflict, "the call is over");
    // Some providers know no such order: who holds the call must not think that nothing is recorded.
    if (auto carried = via->works->deliver(order_for(about, paused ? "pause" : "resume", *talk)); !carried)
        return fail(errc::conflict, carried.error().message);
    const std::string_view stands = paused ? "paused" : "recording";
    json::writer out;
    out.begin_object().member("recording", stands);
    write_agent(out, "agent", in.on(), who);
    const auto number = in.entry(about, "recording", out.end_object().take());
    in.send(about, number, order_for(about, paused ? "pause" : "resume", *talk));
    const auto* someone = in.on().people->find(who);
    in.audit("agent:" + (someone == nullptr ? to_string(who) : someone->login),
             paused ? "recording.paused" : "recording.resumed", "ticket:" + to_string(about.id));
    json::writer said;
    return said.begin_object().member("recording", stands).member("entry", number).end_object().take();
}

}  // namespace kindred::runtime
