#include "engine/base/text.hpp"
#include "engine/store/sqlite/moment.hpp"
#include "engine/store/sqlite/schema.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

// Clocks are set back by a little now and then: entries of that while lie where later ones are looked for.
constexpr duration clock_steps = std::chrono::minutes{1};
constexpr std::int64_t places_at_once = 4096;

// A list as a JSON array, which SQLite reads as a table once in each run.
std::string array_of(const std::vector<std::string>& texts) {
    std::string list = "[";
    for (const auto& each : texts) {
        if (list.size() > 1) list += ',';
        append_json_string(list, each);
    }
    return list + ']';
}

// Every look into a list costs as much as the row itself: what nobody asked for is not in the text at all.
std::string entries_in_order(const entry_selection& wanted) {
    const std::string json = wanted.with_json.empty()
                                 ? "''"
                                 : "CASE WHEN e.kind IN (SELECT value FROM json_each(?6)) THEN e.json ELSE '' END";
    // A NULL finds no ticket and costs no look.
    const std::string ticket =
        "LEFT JOIN tickets AS t ON t.id = CASE WHEN e.kind IN (SELECT value FROM json_each(?7)) "
        "THEN e.key >> " +
        std::to_string(entry_bits) + " END ";
    const bool joins = !wanted.with_ticket.empty();
    return "SELECT e.key, e.kind, e.at, " + json + (joins ? ", t.channel, t.customer" : ", '', 0") +
           " FROM entries AS e " + (joins ? ticket : "") +
           "WHERE e.place >= ?1 AND e.place < ?2 AND e.at >= ?3 AND e.at < ?4 AND "
           // Named, so that one binding fits every text.
           "e.kind IN (SELECT value FROM json_each(?5)) AND ?6 IS NOT NULL AND ?7 IS NOT NULL ORDER BY e.place";
}

}  // namespace

int reader::first_place(time_point at, std::int64_t& place) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    {
        cursor row(
            kept("SELECT coalesce((SELECT min(place) FROM entries), 0), "
                 "coalesce((SELECT max(place) FROM entries), 0) + 1"));
        if (!row.next()) return row.code();
        low = row.integer(0);
        high = row.integer(1);
    }
    statement& next = kept("SELECT place, at FROM entries WHERE place >= ?1 ORDER BY place LIMIT 1");
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        cursor row(next, middle);
        const bool there = row.next();
        if (row.code() != SQLITE_OK) return row.code();
        if (there && row.time(1) < at)
            low = row.integer(0) + 1;
        else
            high = middle;
    }
    place = low;
    return SQLITE_OK;
}

result<reader::places> reader::places_of(const entry_selection& wanted) {
    const moment one(*this);
    places found;
    int code = one.code();
    if (code == SQLITE_OK) code = first_place(wanted.from - clock_steps, found.first);
    if (code == SQLITE_OK) code = first_place(wanted.until + clock_steps, found.last);
    if (code != SQLITE_OK) return failed(code, "find a period in the histories");
    return found;
}

result<void> reader::next_entries(const entry_selection& wanted, places& left, std::vector<selected_entry>& into) {
    constexpr std::uint64_t last_number = (std::uint64_t{1} << entry_bits) - 1;
    const auto until = std::min(left.first + places_at_once, left.last);
    const auto kinds = array_of(wanted.kinds);
    const auto with_json = array_of(wanted.with_json);
    const auto with_ticket = array_of(wanted.with_ticket);
    cursor row(kept(entries_in_order(wanted)), left.first, until, wanted.from, wanted.until, kinds, with_json,
               with_ticket);
    while (row.next()) {
        const auto key = row.number(0);
        into.push_back({{ticket_id{key >> entry_bits}, static_cast<std::uint32_t>(key & last_number), row.text(1),
                         row.time(2), row.text(3)},
                        row.text(4),
                        customer_id{row.number(5)}});
    }
    if (row.code() != SQLITE_OK) return failed(row.code(), "read the histories of a period");
    left.first = until;
    return {};
}

}  // namespace kindred::store::sqlite
