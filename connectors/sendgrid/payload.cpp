#include "connectors/sendgrid/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::sendgrid {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

constexpr std::size_t most_events = 10'000;
constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999

/// SendGrid's words for what happened, and ours.
struct event_meaning {
    std::string_view event;
    record_kind kind;
    std::string_view status;
};
constexpr std::array meanings{
    event_meaning{"processed", record_kind::status, "accepted"},
    event_meaning{"delivered", record_kind::status, "delivered"},
    event_meaning{"deferred", record_kind::status, "deferred"},
    event_meaning{"bounce", record_kind::status, "bounced"},
    event_meaning{"dropped", record_kind::status, "dropped"},
    event_meaning{"open", record_kind::status, "read"},
    event_meaning{"spamreport", record_kind::complaint, "complained"},
    event_meaning{"unsubscribe", record_kind::control, "unsubscribed"},
    event_meaning{"group_unsubscribe", record_kind::control, "unsubscribed"},
};

void add_text(record& made, std::string_view name, std::string_view text) {
    if (!text.empty()) made.add_detail(name, json::literal(text));
}

record read_event(json::value event) {
    const auto name = event["event"].text();
    const auto sg_id = event["sg_event_id"].text();
    auto key = sg_id.empty() ? channel::event_id_of_body(event.to_text()) : event_id({"event", sg_id});
    const auto* const meaning =
        std::find_if(meanings.begin(), meanings.end(), [&](const event_meaning& each) { return each.event == name; });
    if (meaning == meanings.end()) return channel::ignored("unknown_event", std::move(key));

    record made;
    made.kind = meaning->kind;
    made.status = meaning->status;
    made.event_id = std::move(key);
    made.provider_message_id = event["sg_message_id"].text();
    // What sending told us is the part before the first dot; smtp-id is the Message-ID.
    if (const auto id = made.provider_message_id.substr(0, made.provider_message_id.find('.')); !id.empty())
        made.references.push_back(id);
    if (const auto id = event["smtp-id"].text(); !id.empty()) made.references.emplace_back(id);
    made.to = event["email"].text();
    if (const auto at = event["timestamp"].integer(); at && *at >= 0 && *at <= last_second)
        made.at = from_millis(*at * 1000);
    add_text(made, "error", event["status"].text());
    add_text(made, "error_text", event["reason"].text().empty() ? event["response"].text() : event["reason"].text());
    add_text(made, "bounce_type", event["type"].text());
    if (made.kind == record_kind::control) {
        add_text(made, "event", meaning->status);
        made.ignored_because = meaning->status;
    }
    return made;
}

}  // namespace

result<std::vector<record>> parse_events(std::string_view body) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto list = parsed->root();
    if (!list.is_array()) return fail(errc::invalid, "the body: wants a list of events");
    if (list.size() > most_events) return fail(errc::too_large, "the body: has over 10000 events");
    std::vector<record> records;
    records.reserve(list.size());
    bool complete = true;
    list.for_each([&](json::value event) {
        complete = complete && !event["event"].text().empty();
        records.push_back(read_event(event));
    });
    if (!complete) return fail(errc::invalid, "event: is missing in one of the events");
    if (records.empty()) records.push_back(channel::ignored("no_events", channel::event_id_of_body(body)));
    return records;
}

}  // namespace kindred::connectors::sendgrid
