#include "engine/api/report_source.hpp"

#include "engine/insight/report_counter.hpp"
#include "engine/rules/compiled_rules.hpp"

#include <algorithm>
#include <optional>

namespace kindred::api {
namespace {

constexpr std::size_t entries_at_once = 500;

insight::history_line line_of(const store::entry_row& row, std::string_view channel, customer_id customer) {
    return {row.ticket, row.number, row.kind, row.at, row.json, channel, customer};
}

/// Tells the counter what a ticket's history has before this line.
result<void> recall(store::store& from, insight::report_counter& counter, const store::entry_row& before) {
    const auto ticket = from.ticket(before.ticket);
    if (!ticket && ticket.error().code != errc::not_found) return ticket.error();
    const std::string channel = ticket ? ticket->channel : std::string();
    const auto customer = ticket ? ticket->customer : customer_id{};
    std::uint32_t after = 0;
    while (after + 1 < before.number) {
        const auto page =
            from.entries(before.ticket, after, std::min<std::size_t>(entries_at_once, before.number - after - 1));
        if (!page) return page.error();
        if (page->empty()) break;
        for (const auto& row : *page) counter.recall(line_of(row, channel, customer));
        after = page->back().number;
    }
    return {};
}

}  // namespace

result<insight::report_table> make_report(store::store& from, insight::report_question asked) {
    const auto first = asked.borders.front();
    insight::report_counter counter(std::move(asked));
    const store::entry_selection wanted{
        first, counter.reads_until(), counter.kinds(), counter.kinds_with_json(), counter.kinds_with_ticket(), true};
    std::optional<error> failed;
    const auto read = from.entries_between(wanted, [&](const store::selected_entry& row) {
        const auto line = line_of(row.entry, row.channel, row.customer);
        if (counter.lacks_history(line)) {
            if (const auto recalled = recall(from, counter, row.entry); !recalled) failed = recalled.error();
        }
        counter.take(line);
        return !failed;
    });
    if (!read) return read.error();
    if (failed) return *failed;
    auto made = counter.finish();
    if (made.rows.size() > most_report_rows)
        return fail(errc::too_large, "every: makes more than " + std::to_string(most_report_rows) +
                                         " rows: ask for longer periods, or a shorter time");
    return made;
}

result<void> check_dimension(const insight::report_table& made, const rules::ruleset* rules) {
    if (made.asked.by != insight::grouping::segment) return {};
    if (std::any_of(made.rows.begin(), made.rows.end(), [](const auto& row) { return !row.group.empty(); })) return {};
    const auto refusal = "by: neither the rules nor tickets of that time have the dimension " + made.asked.dimension;
    if (rules == nullptr) return fail(errc::invalid, refusal);
    std::string known;
    for (const auto& each : rules->compiled().dimensions) {
        if (each.name == made.asked.dimension) return {};
        known += (known.empty() ? ": " : ", ") + each.name;
    }
    return fail(errc::invalid, refusal + "; the rules have" + (known.empty() ? " none" : known));
}

}  // namespace kindred::api
