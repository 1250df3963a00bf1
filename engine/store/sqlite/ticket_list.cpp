#include "engine/base/text.hpp"
#include "engine/store/sqlite/reader.hpp"
#include "engine/store/sqlite/row_reader.hpp"
#include "engine/store/sqlite/schema.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

bool wants_open(const ticket_filter& filter) {
    return filter.open_only || (filter.status && *filter.status != ticket_status::resolved);
}

// Each list is served by the index that leaves the fewest rows to look at; SQLite, which keeps no statistics of a
// file that changes all day, is told which.
std::string_view source_for(const ticket_filter& filter) {
    if (!filter.customers.empty()) return "tickets AS t INDEXED BY tickets_of_customer";
    if (filter.holder) return "tickets AS t INDEXED BY tickets_of_holder";
    if (wants_open(filter)) return "tickets AS t INDEXED BY open_tickets";
    if (!filter.queue.empty()) return "tickets AS t INDEXED BY tickets_of_queue";
    return "tickets AS t NOT INDEXED";
}

// Every parameter has the same number in every list, so that one binding fits all of them.
std::string matching(const ticket_filter& filter) {
    std::string sql = "SELECT t.* FROM " + std::string(source_for(filter)) + " WHERE t.id < ?1";
    if (filter.status) sql += " AND t.status = ?2";
    if (wants_open(filter)) sql += " AND t.status < 6";
    if (!filter.queue.empty()) sql += " AND t.queue = ?3";
    // Of one customer the index has them in order; of several they have to be sorted.
    if (filter.customers.size() == 1) sql += " AND t.customer = ?4";
    if (filter.customers.size() > 1) sql += " AND t.customer IN (SELECT value FROM json_each(?4))";
    if (filter.holder) sql += " AND t.holder = ?5 AND t.holder <> 0";
    return sql + " ORDER BY t.id DESC";
}

/// What ?4 is bound to: a number, or a JSON array of them, as matching() wants it.
std::string wanted_customers(const ticket_filter& filter) {
    std::string list = "[";
    for (const auto each : filter.customers) list += (list.size() > 1 ? "," : "") + to_string(each);
    return list + ']';
}

std::string pattern_of(std::string_view word) {
    std::string pattern = "%";
    for (const char c : word) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

// The words as a JSON array of LIKE patterns, which SQLite reads as a table: one SQL text for any number of words.
std::string patterns_of(std::string_view text) {
    constexpr std::size_t most_words = 8;
    std::string patterns;
    std::size_t count = 0;
    for (const auto word : split(text, ' ')) {
        if (trim(word).empty() || count == most_words) continue;
        patterns += count++ == 0 ? "[" : ",";
        append_json_string(patterns, pattern_of(trim(word)));
    }
    return count == 0 ? patterns : patterns + ']';
}

// Every word must be in the subject or in one of the entries, whose keys lie side by side.
std::string searched(const std::string& candidates) {
    const auto bits = std::to_string(entry_bits);
    return "SELECT t.* FROM (" + candidates + " LIMIT " + std::to_string(search_depth) +
           ") AS t WHERE NOT EXISTS (SELECT 1 FROM json_each(?7) AS w WHERE t.subject NOT LIKE w.value ESCAPE '\\' "
           "AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.key > t.id << " +
           bits + " AND e.key < (t.id + 1) << " + bits + " AND e.json LIKE w.value ESCAPE '\\'))";
}

}  // namespace

result<std::vector<ticket_row>> reader::tickets(const ticket_filter& filter) {
    const auto patterns = patterns_of(filter.text);
    const std::string candidates = matching(filter);
    const std::string sql = patterns.empty() ? candidates + " LIMIT ?6" : searched(candidates) + " LIMIT ?6";
    constexpr auto from_the_newest = std::uint64_t{1} << 62U;
    const auto before = filter.before ? filter.before.value : from_the_newest;
    const int status = filter.status ? static_cast<int>(*filter.status) : 0;
    const auto limit = static_cast<std::uint64_t>(filter.limit);

    std::vector<ticket_row> found;
    const auto take_all = [&](cursor&& row) {
        while (row.next()) found.push_back(read_ticket(row));
        return row.code();
    };
    statement& asked = kept(sql);
    const auto list = [&](const auto& customers) {
        return patterns.empty()
                   ? take_all(cursor(asked, before, status, filter.queue, customers, filter.holder.value, limit))
                   : take_all(
                         cursor(asked, before, status, filter.queue, customers, filter.holder.value, limit, patterns));
    };
    const int code = filter.customers.size() > 1 ? list(wanted_customers(filter))
                                                 : list(filter.customers.empty() ? 0 : filter.customers.front().value);
    if (code != SQLITE_OK) return failed(code, "list tickets");
    return found;
}

}  // namespace kindred::store::sqlite
