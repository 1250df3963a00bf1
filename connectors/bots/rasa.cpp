#include "connectors/bots/payload.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <cmath>

/// The request that Rasa makes of its action server (rasa.com/docs/rasa/pages/action-server-api).
namespace kindred::connectors::bots {
namespace {

using channel::record;

/// Seconds with a fraction, as Rasa writes them.
std::optional<time_point> time_of(json::value seconds) {
    const auto number = seconds.number();
    constexpr double last = 253'402'300'799;  // of the year 9999
    if (!number || !(*number >= 0) || *number > last) return std::nullopt;
    return from_millis(static_cast<std::int64_t>(std::floor(*number * 1000 + 0.5)));
}

void read_slots(json::value slots, record& made) {
    json::writer all;
    all.begin_object();
    slots.for_each_member([&](std::string_view name, json::value value) {
        if (!value.is_null()) all.key(name).raw(value.to_text());
    });
    made.add_detail("attributes", all.end_object().take());
    read_claims(slots, made);
}

/// Events of other kinds are the bot's thoughts.
void read_events(json::value events, record& made) {
    transcript said;
    events.for_each([&](json::value each) {
        const auto kind = each["event"].text();
        if (kind == "user") said.add("customer", each["text"].text(), time_of(each["timestamp"]));
        if (kind == "bot") said.add("bot", each["text"].text(), time_of(each["timestamp"]));
    });
    said.add_to(made);
}

/// Rasa gives a call no id: the message that led to it has one, else the time of the last event tells them apart.
std::string event_id_of(json::value tracker, std::string_view sender, std::string_view action, std::string_view body) {
    const auto message = tracker["latest_message"]["message_id"].text();
    if (!message.empty()) return channel::event_id({"handoff", sender, action, message});
    const auto last = tracker["latest_event_time"];
    if (last.is_number()) return channel::event_id({"handoff", sender, action, last.to_text()});
    return channel::event_id({"handoff", sender, channel::event_id_of_body(body)});
}

}  // namespace

result<handover> read_rasa(json::value root, std::string_view body, const bot_rules& rules) {
    handover read;
    read.bot = format::rasa;
    const auto tracker = root["tracker"];
    auto sender = root["sender_id"].text_or_number();
    if (sender.empty()) sender = tracker["sender_id"].text_or_number();
    if (sender.empty()) return fail(errc::invalid, "sender_id: is missing");
    read.action = root["next_action"].text();
    if (read.action.empty()) return fail(errc::invalid, "next_action: is missing");
    auto& made = read.happened;
    made.event_id = event_id_of(tracker, sender, read.action, body);
    if (std::find(rules.actions.begin(), rules.actions.end(), read.action) == rules.actions.end()) {
        made.kind = channel::record_kind::ignored;
        made.ignored_because = "other_action";
        return read;
    }
    begin_handover(read.bot, sender, rules.channel_name, made);
    const auto latest = tracker["latest_message"];
    made.provider_message_id = latest["message_id"].text();
    made.text = latest["text"].text();
    made.at = time_of(tracker["latest_event_time"]);
    const auto intent = latest["intent"];
    if (!intent["name"].text().empty()) made.add_detail("intent", json::literal(intent["name"].text()));
    if (intent["confidence"].is_number()) made.add_detail("confidence", intent["confidence"].to_text());
    made.locale = latest["metadata"]["language"].text();
    read_slots(tracker["slots"], made);
    if (const auto channel = tracker["latest_input_channel"].text(); !channel.empty())
        made.add_detail("input_channel", json::literal(channel));
    read_events(tracker["events"], made);
    return read;
}

}  // namespace kindred::connectors::bots
