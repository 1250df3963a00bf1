#include "connectors/line/payload.hpp"

#include "connectors/line/message.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::line {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;
using json::literal;

/// What happens to us or to a group, and is no contact.
constexpr std::array<std::string_view, 6> control_events{"follow", "unfollow",     "join",
                                                         "leave",  "memberJoined", "memberLeft"};

void read_time(json::value stamp, record& made) {
    const auto millis = stamp.integer();
    if (!millis || *millis < 0 || *millis > 253'402'300'799'999) return;
    made.at = from_millis(*millis);
    made.add_detail("timestamp_ms", std::to_string(*millis));
}

/// Who and where. A group's member may be unnamed: then the group itself is answered, and nobody is known by it.
void read_source(json::value source, std::string_view destination, record& made) {
    made.from = source["userId"].text();
    const auto kind = source["type"].text();
    made.thread = kind == "group" ? source["groupId"].text() : kind == "room" ? source["roomId"].text() : made.from;
    made.to = destination;
    made.conversation = made.thread;
    made.reply_address = made.thread;
    if (!made.from.empty())
        made.identities.push_back(provider_identity("line", std::string(destination) + ':' + made.from));
}

void read_postback(json::value pressed, record& made) {
    made.kind = record_kind::postback;
    // What was on the button is not told; its data say at least which one it was.
    made.text = pressed["data"].text();
    made.add_detail("button_payload", literal(pressed["data"].text()));
    if (pressed["params"].is_object()) made.add_detail("params", pressed["params"].to_text());
}

void read_unsend(json::value unsend, record& made) {
    made.kind = record_kind::deletion;
    made.provider_message_id = unsend["messageId"].text_or_number();
    made.add_detail("target", literal(made.provider_message_id));
}

result<void> read_event(json::value event, record& made) {
    const auto type = event["type"].text();
    if (type.empty()) return fail(errc::invalid, "events.type: is missing");
    if (type == "message") {
        made.provider_message_id = event["message"]["id"].text_or_number();
        if (made.provider_message_id.empty()) return fail(errc::invalid, "events.message.id: is missing");
        if (made.thread.empty()) return fail(errc::invalid, "events.source: is missing");
        read_content(event["message"], made);
    } else if (type == "postback") {
        if (made.thread.empty()) return fail(errc::invalid, "events.source: is missing");
        read_postback(event["postback"], made);
    } else if (type == "unsend") {
        read_unsend(event["unsend"], made);
    } else if (std::find(control_events.begin(), control_events.end(), type) != control_events.end()) {
        made.kind = record_kind::control;
        made.ignored_because = type;
        made.add_detail("event", literal(type));
    } else {
        made.kind = record_kind::ignored;
        made.ignored_because = "unknown_event";
    }
    return {};
}

result<record> record_of(json::value event, std::string_view destination) {
    if (!event.is_object()) return fail(errc::invalid, "events: wants objects");
    record made;
    made.event_id = event_id({event["webhookEventId"].text()});
    read_source(event["source"], destination, made);
    read_time(event["timestamp"], made);
    if (auto read = read_event(event, made); !read) return read.error();
    // Another module has the talk: what it is told is for us to see, not to answer.
    if (event["mode"].text() == "standby") {
        made.add_detail("standby", "true");
        made.answer_automatically = false;
    }
    // Good for one answer, and for about a minute.
    if (const auto token = event["replyToken"].text(); !token.empty()) made.add_detail("reply_token", literal(token));
    if (event["deliveryContext"]["isRedelivery"].boolean().value_or(false)) made.add_detail("redelivery", "true");
    return made;
}

}  // namespace

result<std::vector<record>> parse(std::string_view body) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto events = (*parsed)["events"];
    if (!events.is_array()) return fail(errc::invalid, "events: wants a list");

    std::vector<record> records;
    std::string first_problem;
    std::size_t understood = 0;
    const auto place = [&](std::size_t i) {
        return event_id({"part", std::to_string(i), channel::event_id_of_body(body)});
    };
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto made = record_of(events.at(i), (*parsed)["destination"].text());
        if (made) {
            ++understood;
            if (made->event_id.empty()) made->event_id = place(i);
            records.push_back(std::move(*made));
            continue;
        }
        if (first_problem.empty()) first_problem = made.error().message;
        records.push_back(channel::ignored("malformed", place(i)));
    }
    if (understood == 0 && !first_problem.empty()) return fail(errc::invalid, first_problem);
    if (records.empty()) {
        // LINE's "Verify" button.
        records.push_back(channel::ignored("empty", channel::event_id_of_body(body)));
        records.back().add_detail("events", "0");
    }
    return records;
}

}  // namespace kindred::connectors::line
