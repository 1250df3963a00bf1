#include "engine/runtime/sending/events.hpp"

#include "engine/base/id.hpp"
#include "engine/base/json.hpp"
#include "engine/runtime/desks/views.hpp"

#include <array>

namespace kindred::runtime {
namespace {

/// Thirteen digits until the year 2286: ids sort by time.
std::string millis_of(time_point at) { return std::to_string(to_millis(at)); }

/// What of an id comes behind "<subscription>/<ms>-".
std::string_view tail_of(std::string_view webhook_id) {
    const auto underscore = webhook_id.rfind('_');
    return underscore == std::string_view::npos ? webhook_id : webhook_id.substr(underscore + 1);
}

}  // namespace

void event_backlog::follow(const store::kept_row& row) {
    if (row.kind != event_rows && row.kind != event_retry_rows && row.kind != dead_event_rows) return;
    auto& count = counts_[row.id.substr(0, row.id.find('/'))];
    if (!row.removed)
        ++count;
    else if (count > 0)
        --count;
}

std::string event_type_of(std::string_view entry_kind) {
    std::string type = "ticket.";
    for (const char letter : entry_kind) type += letter == '-' ? '_' : letter;
    return type;
}

std::vector<store::kept_row> events_of(const std::vector<event_subscription>& subscriptions, std::string_view site_key,
                                       const ticket& about, const store::entry_row& entry) {
    std::vector<store::kept_row> rows;
    const auto type = event_type_of(entry.kind);
    std::string body;
    for (const auto& each : subscriptions) {
        if (!each.wants(type)) continue;
        if (body.empty()) {
            json::writer out;
            out.begin_object().member("type", type).member("timestamp", to_rfc3339(entry.at)).key("data");
            out.begin_object().member("ticket", to_string(about.id)).member("status", name_of(about.status));
            out.member_if("queue", about.queue).member("channel", about.channel);
            out.member("customer", to_string(about.customer)).member_if("customer_name", about.customer_name);
            out.key("entry").raw(entry_object(entry)).end_object();
            body = out.end_object().take();
        }
        outgoing_event event;
        event.subscription = each.name;
        event.id = "evt_" + std::string(site_key) + '_' + to_string(about.id) + '-' + std::to_string(entry.number);
        event.type = type;
        event.body = body;
        event.at = entry.at;
        rows.push_back(to_row(event, event_rows, entry.at));
    }
    return rows;
}

std::vector<store::kept_row> events_of(const std::vector<event_subscription>& subscriptions, std::string_view site_key,
                                       std::string_view type, const std::string& id, time_point at,
                                       const std::string& data) {
    std::vector<store::kept_row> rows;
    json::writer out;
    out.begin_object().member("type", type).member("timestamp", to_rfc3339(at)).key("data").raw(data).end_object();
    for (const auto& each : subscriptions) {
        if (!each.wants(type)) continue;
        outgoing_event event;
        event.subscription = each.name;
        event.id = "evt_" + std::string(site_key) + '_' + std::string(type) + '-' + id + '-' + millis_of(at);
        event.type = type;
        event.body = out.text();
        event.at = at;
        rows.push_back(to_row(event, event_rows, at));
    }
    return rows;
}

store::kept_row to_row(const outgoing_event& event, std::string_view kind, time_point due) {
    json::writer out;
    out.begin_object().member("id", event.id).member("type", event.type).member("body", event.body);
    out.member("attempts", event.attempts).member("at", to_millis(event.at)).member_if("reason", event.reason);
    auto id = event.subscription + '/' + millis_of(due) + '-' + std::string(tail_of(event.id));
    return {std::string(kind), std::move(id), event.at, out.end_object().take()};
}

result<outgoing_event> event_from(const store::kept_row& row) {
    const auto parsed = json::document::parse(row.bytes);
    const auto slash = row.id.find('/');
    if (!parsed || slash == std::string::npos || (*parsed)["body"].text().empty())
        return fail(errc::corrupt, "event " + row.id + " is not readable");
    const auto from = parsed->root();
    outgoing_event event;
    event.subscription = row.id.substr(0, slash);
    event.id = from["id"].text();
    event.type = from["type"].text();
    event.body = from["body"].text();
    event.attempts = static_cast<unsigned>(from["attempts"].integer().value_or(0));
    event.at = from_millis(from["at"].integer().value_or(0));
    event.reason = from["reason"].text();
    return event;
}

time_point due_of(const store::kept_row& row) {
    const auto slash = row.id.find('/');
    const auto dash = row.id.find('-', slash);
    if (slash == std::string::npos || dash == std::string::npos) return {};
    const auto millis = parse_number(std::string_view(row.id).substr(slash + 1, dash - slash - 1));
    return from_millis(static_cast<std::int64_t>(millis.value_or(0)));
}

std::optional<duration> next_attempt_after(unsigned attempts, double jitter) {
    using namespace std::chrono_literals;
    // The schedule that Standard Webhooks recommends: ten attempts, the last after three days.
    static constexpr std::array<duration, 9> pauses{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    if (attempts == 0 || attempts > pauses.size()) return std::nullopt;
    const auto pause = pauses.at(attempts - 1);
    return pause + duration{static_cast<duration::rep>(static_cast<double>(pause.count()) * jitter / 10)};
}

}  // namespace kindred::runtime
