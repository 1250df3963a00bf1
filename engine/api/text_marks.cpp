#include "engine/api/text_marks.hpp"

#include "engine/base/text.hpp"
#include "engine/rules/compiled_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kindred::api {
namespace {

constexpr std::string_view mark_rows = "text-mark";
constexpr std::size_t rows_at_once = 1'000;
constexpr std::array<std::string_view, 4> words{"used", "sent", "helpful", "not_helpful"};

}  // namespace

result<text_mark> mark_of(const rules::ruleset& rules, const std::string& id, const std::string& what) {
    if (std::find(words.begin(), words.end(), what) == words.end())
        return fail(errc::invalid, "what: wants used, sent, helpful or not_helpful");
    const auto& library = rules.compiled().library;
    for (const auto kind : {knowledge::text_kind::script, knowledge::text_kind::article}) {
        const auto ids = library.ids(kind);
        if (std::find(ids.begin(), ids.end(), id) != ids.end())
            return text_mark{std::string(knowledge::name_of(kind)), id, {}, {}, what};
    }
    return fail(errc::not_found, "id: the rules have no such script or article");
}

store::kept_row to_row(const text_mark& mark, time_point at) {
    const bool votes = mark.what == "helpful" || mark.what == "not_helpful";
    // The id of a text comes last: it may have anything in it.
    const auto name = to_string(mark.ticket) + '/' + to_string(mark.by) + '/' + (votes ? "vote" : mark.what) + '/' +
                      mark.kind + '/' + mark.id;
    return {std::string(mark_rows), name, at, mark.what, false};
}

result<void> read_marks(store::store& from, time_point begin, time_point end,
                        const std::function<void(const text_mark&)>& each) {
    std::string after;
    while (true) {
        const auto rows = from.kept(mark_rows, {}, after, rows_at_once);
        if (!rows) return rows.error();
        if (rows->empty()) return {};
        after = rows->back().id;
        for (const auto& row : *rows) {
            if (row.at < begin || row.at >= end) continue;
            const auto parts = split(row.id, '/');
            if (parts.size() < 5) continue;
            const auto id = row.id.substr(static_cast<std::size_t>(parts[4].data() - row.id.data()));
            each({std::string(parts[3]), id, parse_id<ticket_id>(parts[0]).value_or(ticket_id{}),
                  parse_id<agent_id>(parts[1]).value_or(agent_id{}), row.bytes});
        }
    }
}

}  // namespace kindred::api
