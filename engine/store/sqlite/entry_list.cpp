#include "engine/store/sqlite/entry_list.hpp"

#include "engine/store/entry_brief.hpp"
#include "engine/store/sqlite/digest.hpp"
#include "engine/store/sqlite/moment.hpp"
#include "engine/store/sqlite/schema.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

// Clocks are set back by a little now and then: entries of that while lie where later ones are looked for.
constexpr duration clock_steps = std::chrono::minutes{1};
constexpr std::int64_t places_at_once = 4096;

// The JSON is most of a row: where no kind is wanted with it, it is not read.
constexpr const char* lines = "SELECT key, kind, at, '' FROM entries WHERE place >= ?1 AND place < ?2 ORDER BY place";
constexpr const char* lines_with_json =
    "SELECT key, kind, at, json FROM entries WHERE place >= ?1 AND place < ?2 ORDER BY place";
constexpr const char* digest_of =
    "SELECT last, bytes FROM (SELECT last, form, bytes FROM digests WHERE first <= ?1 ORDER BY first DESC LIMIT 1) "
    "WHERE form = ?2";
constexpr const char* next_digest = "SELECT first FROM digests WHERE first > ?1 ORDER BY first LIMIT 1";
constexpr const char* ends_of_entries =
    "SELECT coalesce((SELECT min(place) FROM entries WHERE place >= ?1), 0), coalesce((SELECT max(place) FROM "
    "entries), 0)";
constexpr const char* digests_from = "SELECT first, last FROM digests WHERE last >= ?1 AND form = ?2 ORDER BY first";
constexpr const char* all_owners = "SELECT customer, id FROM tickets INDEXED BY tickets_of_customer ORDER BY customer";
constexpr const char* tickets_from = "SELECT id, channel, customer FROM tickets WHERE id >= ?1 ORDER BY id";
// So many tickets that nobody wants are passed over before the next one is looked up.
constexpr std::uint64_t passed_over = 16;

/// What of a kind is wanted. In C++ and not in SQL: there each look into a list costs as much as the row itself.
struct wanted_kind {
    std::string_view kind;
    bool json = false;
    bool ticket = false;
};

std::vector<wanted_kind> kinds_of(const entry_selection& wanted) {
    const auto among = [](const std::vector<std::string>& kinds, const std::string& kind) {
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    };
    std::vector<wanted_kind> made;
    for (const auto& each : wanted.kinds)
        made.push_back({each, among(wanted.with_json, each), among(wanted.with_ticket, each)});
    return made;
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

result<void> reader::next_entries(const entry_selection& wanted, places& left, entry_list& into) {
    constexpr std::uint64_t last_number = (std::uint64_t{1} << entry_bits) - 1;
    auto until = std::min(left.first + places_at_once, left.last);
    const auto kinds = kinds_of(wanted);
    into.clear();
    const moment one(*this);
    if (one.code() != SQLITE_OK) return failed(one.code(), "read the histories of a period");
    if (wanted.brief) {
        const auto first = left.first;
        int code = read_digest(wanted, left, until, into);
        if (code == SQLITE_OK && left.first != first) code = read_tickets(into);
        if (code != SQLITE_OK) return failed(code, "read the digests of a period");
        if (left.first != first) return {};
    }
    {
        cursor row(kept(wanted.with_json.empty() ? lines : lines_with_json), left.first, until);
        while (row.next()) {
            const auto kind = row.view(1);
            const auto is =
                std::find_if(kinds.begin(), kinds.end(), [&](const auto& each) { return each.kind == kind; });
            if (is == kinds.end()) continue;
            const auto at = row.time(2);
            if (at < wanted.from || at >= wanted.until) continue;
            const auto key = row.number(0);
            auto& found = into.add();
            found.entry.ticket = ticket_id{key >> entry_bits};
            found.entry.number = static_cast<std::uint32_t>(key & last_number);
            found.entry.kind = kind;
            found.entry.at = at;
            if (is->json)
                found.entry.json = row.view(3);
            else
                found.entry.json.clear();
            found.channel.clear();
            found.customer = {};
            if (is->ticket) into.wants_ticket();
        }
        if (row.code() != SQLITE_OK) return failed(row.code(), "read the histories of a period");
    }
    if (const int code = read_tickets(into); code != SQLITE_OK) return failed(code, "read the tickets of a period");
    left.first = until;
    return {};
}

int reader::read_digest(const entry_selection& wanted, places& left, std::int64_t& until, entry_list& into) {
    {
        cursor row(kept(digest_of), left.first, brief_form);
        if (row.next() && row.integer(0) >= left.first) {
            digest_reader digest(row.view(1));
            const auto kinds = kinds_of(wanted);
            std::vector<const wanted_kind*> wanted_of;
            for (const auto& each : digest.sayings()) {
                const auto is =
                    std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.kind == each.kind; });
                wanted_of.push_back(is == kinds.end() ? nullptr : &*is);
            }
            digest_line line;
            while (digest.next(line)) {
                const auto* is = wanted_of[line.says];
                if (is == nullptr || line.at < wanted.from || line.at >= wanted.until) continue;
                const auto& says = digest.sayings()[line.says];
                auto& found = into.add();
                found.entry.ticket = ticket_id{line.ticket};
                found.entry.number = line.number;
                found.entry.kind = says.kind;
                found.entry.at = line.at;
                found.entry.json = is->json ? says.brief : std::string_view();
                found.channel = is->ticket ? says.channel : std::string_view();
                found.customer = is->ticket ? into.owner_of(found.entry.ticket) : customer_id{};
                if (is->ticket && !found.customer) into.wants_ticket();
            }
            if (digest.sound()) {
                left.first = row.integer(0) + 1;
                return SQLITE_OK;
            }
            into.clear();
        }
        if (row.code() != SQLITE_OK) return row.code();
    }
    cursor next(kept(next_digest), left.first);
    if (next.next()) until = std::min(until, next.integer(0));
    return next.code();
}

result<std::int64_t> reader::without_digest(std::int64_t from) {
    const moment one(*this);
    if (one.code() != SQLITE_OK) return failed(one.code(), "look for digests");
    std::int64_t place = from;
    std::int64_t last = 0;
    {
        cursor row(kept(ends_of_entries), from);
        if (row.next()) {
            place = std::max(place, row.integer(0));
            last = row.integer(1);
        }
        if (row.code() != SQLITE_OK) return failed(row.code(), "look for digests");
    }
    cursor row(kept(digests_from), place, brief_form);
    while (row.next() && row.integer(0) <= place) place = std::max(place, row.integer(1) + 1);
    if (row.code() != SQLITE_OK) return failed(row.code(), "look for digests");
    return place <= last ? place : 0;
}

result<std::vector<std::uint32_t>> reader::owners() {
    std::vector<std::uint32_t> made;
    cursor row(kept(all_owners));
    while (row.next()) {
        const auto ticket = row.number(1);
        if (ticket >= made.size()) made.resize(std::max<std::size_t>(ticket + 1, made.size() * 2));
        const auto customer = row.number(0);
        made[ticket] = customer <= UINT32_MAX ? static_cast<std::uint32_t>(customer) : 0;
    }
    if (row.code() != SQLITE_OK) return failed(row.code(), "read whose the tickets are");
    return made;
}

/// Most lie beside each other: a walk over them costs a third of a look-up each.
int reader::read_tickets(entry_list& of) {
    auto& wanted = of.without_ticket();
    std::sort(wanted.begin(), wanted.end(),
              [&](std::size_t a, std::size_t b) { return of.at(a).entry.ticket < of.at(b).entry.ticket; });
    statement& from = kept(tickets_from);
    for (std::size_t next = 0; next < wanted.size();) {
        cursor row(from, of.at(wanted[next]).entry.ticket.value);
        std::uint64_t passed = 0;
        while (next < wanted.size() && passed <= passed_over && row.next()) {
            const ticket_id id{row.number(0)};
            ++passed;
            for (; next < wanted.size() && of.at(wanted[next]).entry.ticket < id; ++next) passed = 0;
            for (; next < wanted.size() && of.at(wanted[next]).entry.ticket == id; ++next) {
                passed = 0;
                of.at(wanted[next]).channel = row.view(1);
                of.at(wanted[next]).customer = customer_id{row.number(2)};
            }
        }
        if (row.code() != SQLITE_OK) return row.code();
        if (passed <= passed_over) break;  // there are no more tickets
    }
    return SQLITE_OK;
}

}  // namespace kindred::store::sqlite
