#include "engine/api/reports.hpp"
#include "engine/api/status.hpp"
#include "engine/api/turn.hpp"

#include <deque>
#include <map>

namespace kindred::api {
namespace {

constexpr std::size_t most_shown = 100;
constexpr std::uint64_t usual_hours = 24;
constexpr std::uint64_t most_hours = 168;

/// What became of the messages that were sent through one channel, the latest of them in full.
struct told_deliveries {
    std::map<std::string, std::uint64_t> counts;  ///< by state
    std::deque<store::entry_row> latest;
};

result<told_deliveries> read_deliveries(store::store& from, const std::string& channel, time_point begin,
                                        time_point end) {
    told_deliveries made;
    const store::entry_selection wanted{begin, end, {"delivery"}, {"delivery"}, {"delivery"}};
    auto read = from.entries_between(wanted, [&](const store::selected_entry& row) {
        if (row.channel != channel) return true;
        const auto parsed = json::document::parse(row.entry.json);
        if (!parsed) return true;
        ++made.counts[std::string((*parsed)["state"].text())];
        made.latest.push_back(row.entry);
        if (made.latest.size() > most_shown) made.latest.pop_front();
        return true;
    });
    if (!read) return read.error();
    return made;
}

std::string to_json(const told_deliveries& told) {
    json::writer out;
    out.begin_object().key("counts").begin_object();
    for (const auto& [state, count] : told.counts) out.member(state, count);
    out.end_object().key("deliveries").begin_array();
    for (auto each = told.latest.rbegin(); each != told.latest.rend(); ++each) {
        const auto said = json::document::parse(each->json);
        if (!said) continue;
        out.begin_object().member("at", to_rfc3339(each->at)).member("ticket", to_string(each->ticket));
        out.member("entry", (*said)["entry"].integer().value_or(0)).member("state", (*said)["state"].text());
        out.member("attempts", (*said)["attempts"].integer().value_or(0));
        out.member_if("reason", (*said)["reason"].text()).end_object();
    }
    return out.end_array().end_object().take();
}

}  // namespace

void report_endpoints::deliveries(const std::shared_ptr<call>& asked) {
    const auto& name = asked->parameters["name"];
    if (site_.channels().find(name) == nullptr)
        return asked->send(fail(errc::not_found, "there is no channel of this name"));
    const auto text = asked->query_parameter("hours").value_or("");
    const auto hours = text.empty() ? std::optional(usual_hours) : parse_number(text);
    if (!hours || *hours == 0 || *hours > most_hours)
        return asked->send(fail(errc::invalid, "hours: wants a number from 1 to 168"));
    const auto made = [&]() -> result<std::string> {
        const turn ours(busy_);
        if (!ours) return fail(errc::overloaded, "another report is being made: try again when it is done");
        const auto now = site_.now().now();
        const auto told =
            read_deliveries(site_.durable(), name, now - std::chrono::hours(static_cast<std::int64_t>(*hours)), now);
        if (!told) return told.error();
        return to_json(*told);
    }();
    asked->send(200, made);
}

}  // namespace kindred::api
