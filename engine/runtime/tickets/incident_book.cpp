#include "engine/runtime/tickets/incident_book.hpp"

#include "engine/base/json.hpp"

namespace kindred::runtime {

std::string to_json(const incident& about) {
    json::writer out;
    out.begin_object().member("id", to_string(about.id)).member("title", about.title).member("open", about.open);
    out.member("created_at", to_rfc3339(about.created_at))
        .member("replies", about.replies)
        .key("tickets")
        .begin_array();
    for (const auto each : about.tickets) out.value(to_string(each));
    return out.end_array().end_object().take();
}

std::optional<incident> incident_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    if (!parsed) return std::nullopt;
    const auto from = parsed->root();
    const auto number = parse_id<incident_id>(from["id"].text());
    if (!number) return std::nullopt;
    incident made;
    made.id = *number;
    made.title = from["title"].text();
    made.open = from["open"].boolean().value_or(true);
    made.created_at = parse_time(from["created_at"].text()).value_or(time_point{});
    made.replies = static_cast<std::uint32_t>(from["replies"].integer().value_or(0));
    from["tickets"].for_each([&](json::value each) {
        if (const auto ticket = parse_id<ticket_id>(each.text())) made.tickets.push_back(*ticket);
    });
    return made;
}

}  // namespace kindred::runtime
