#include "engine/store/sqlite/digest_writer.hpp"

#include "engine/store/entry_brief.hpp"
#include "engine/store/sqlite/schema.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

// One that is this large is closed. Under load a second brings more, at night one grows for hours and is written again
// for each of its lines.
constexpr std::size_t enough_lines = 512;
constexpr std::size_t most_lines = 4096;

constexpr std::string_view put = "REPLACE INTO digests (first, last, form, bytes) VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view find = "SELECT first, last FROM digests WHERE first <= ?1 ORDER BY first DESC LIMIT 1";
constexpr std::string_view next_first =
    "SELECT first FROM digests WHERE first > ?1 AND form = ?2 ORDER BY first LIMIT 1";
constexpr std::string_view behind_all =
    "SELECT place + 1 FROM entries WHERE place >= ?1 AND ?2 IS NOT NULL ORDER BY place DESC LIMIT 1";
constexpr std::string_view drop_others = "DELETE FROM digests WHERE first >= ?1 AND first < ?2 AND form <> ?3";
constexpr std::string_view lines_between =
    "SELECT key, kind, at, json FROM entries WHERE place >= ?1 AND place < ?2 ORDER BY place";
constexpr std::string_view channel_of_ticket = "SELECT channel FROM tickets WHERE id = ?1";
constexpr std::string_view place_of_key = "SELECT place FROM entries WHERE key = ?1";
constexpr std::string_view places_of_ticket = "SELECT place, key FROM entries WHERE key >= ?1 AND key <= ?2";
constexpr std::string_view read_bytes = "SELECT form, bytes FROM digests WHERE first = ?1";
constexpr std::string_view change_bytes = "UPDATE digests SET bytes = ?2 WHERE first = ?1";
constexpr std::string_view drop_one = "DELETE FROM digests WHERE first = ?1";

}  // namespace

digest_writer::digest_writer(const connection& on)
    : put_(on, put),
      next_(on, next_first),
      behind_all_(on, behind_all),
      drop_others_(on, drop_others),
      lines_(on, lines_between),
      channel_(on, channel_of_ticket),
      find_(on, find),
      place_(on, place_of_key),
      places_(on, places_of_ticket),
      read_(on, read_bytes),
      change_(on, change_bytes),
      drop_(on, drop_one) {}

int digest_writer::added(const entry_row& row, std::int64_t place, std::string_view channel) {
    if (first_ == 0) first_ = place;
    last_ = std::max(last_, place);
    grown_ = true;
    brief_.clear();
    if (!append_brief(row.kind, row.json, brief_)) return SQLITE_OK;
    open_.add(row.ticket.value, row.number, row.at, {row.kind, channel, brief_});
    return open_.size() < most_lines ? SQLITE_OK : put_open();
}

int digest_writer::rewritten(const entry_row& row) {
    const auto key = entry_key(row.ticket.value, row.number);
    std::int64_t place = 0;
    {
        cursor found(place_, key);
        if (found.next()) place = found.integer(0);
        if (found.code() != SQLITE_OK) return found.code();
    }
    return add_change(place, key, &row);
}

int digest_writer::erasing(std::uint64_t ticket) {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    {
        cursor rows(places_, entry_key(ticket, 0), entry_key(ticket + 1, 0) - 1);
        while (rows.next()) found.emplace_back(rows.integer(0), rows.integer(1));
        if (rows.code() != SQLITE_OK) return rows.code();
    }
    for (const auto& [place, key] : found)
        if (const int code = add_change(place, key, nullptr); code != SQLITE_OK) return code;
    return SQLITE_OK;
}

int digest_writer::add_change(std::int64_t place, std::int64_t key, const entry_row* row) {
    // What is still in memory has to be in the file to be changed there.
    if (first_ != 0 && place >= first_)
        if (const int code = put_open(); code != SQLITE_OK) return code;
    std::int64_t first = 0;
    {
        cursor found(find_, place);
        if (found.next() && found.integer(1) >= place) first = found.integer(0);
        if (found.code() != SQLITE_OK) return found.code();
    }
    if (first == 0) return SQLITE_OK;  // from before there were digests
    auto& made = changes_[first];
    if (row != nullptr)
        made.rewritten[key] = row;
    else
        made.erased.insert(static_cast<std::uint64_t>(key) >> entry_bits);
    return SQLITE_OK;
}

int digest_writer::put_open() {
    const int code = put_lines();
    open_.clear();
    first_ = last_ = 0;
    return code;
}

int digest_writer::put_lines() {
    grown_ = false;
    if (open_.size() == 0) return SQLITE_OK;
    return put_.run(first_, last_, brief_form, blob{open_.bytes()});
}

int digest_writer::write() {
    int code = SQLITE_OK;
    if (grown_) code = open_.size() >= enough_lines ? put_open() : put_lines();
    for (auto each = changes_.begin(); code == SQLITE_OK && each != changes_.end(); ++each)
        code = carry_out(each->first, each->second);
    changes_.clear();
    return code;
}

int digest_writer::make_up_for(std::int64_t place, std::int64_t& next) {
    next = place + static_cast<std::int64_t>(most_lines);
    for (auto* bound : {&next_, &behind_all_}) {
        cursor row(*bound, place, brief_form);
        if (row.next()) next = std::min(next, row.integer(0));
        if (row.code() != SQLITE_OK) return row.code();
    }
    digest_builder made;
    std::string channel;
    cursor row(lines_, place, next);
    while (row.next()) {
        const auto key = row.number(0);
        const auto kind = row.view(1);
        if (!has_brief(kind)) continue;
        channel.clear();
        if (kind == "contact" || kind == "outbound") {
            cursor of(channel_, key >> entry_bits);
            if (of.next()) channel = of.text(0);
            if (of.code() != SQLITE_OK) return of.code();
        }
        brief_.clear();
        append_brief(kind, row.view(3), brief_);
        made.add(key >> entry_bits, static_cast<std::uint32_t>(key & ((std::uint64_t{1} << entry_bits) - 1)),
                 row.time(2), {kind, channel, brief_});
    }
    int code = row.code();
    if (code == SQLITE_OK) code = drop_others_.run(place, next, brief_form);
    if (code != SQLITE_OK || made.size() == 0) return code;
    return put_.run(place, next - 1, brief_form, blob{made.bytes()});
}

int digest_writer::carry_out(std::int64_t first, const change& made) {
    std::string bytes;
    int form = 0;
    {
        cursor row(read_, first);
        if (row.next()) {
            form = static_cast<int>(row.integer(0));
            bytes = row.text(1);
        }
        if (row.code() != SQLITE_OK) return row.code();
    }
    digest_reader old(bytes);
    digest_builder now;
    digest_line line;
    auto missing = made.rewritten;
    std::erase_if(missing, [](const auto& each) { return !has_brief(each.second->kind); });
    while (old.next(line)) {
        if (made.erased.contains(line.ticket)) continue;
        auto says = old.sayings()[line.says];
        const auto key = entry_key(line.ticket, line.number);
        if (const auto changed = made.rewritten.find(key); changed != made.rewritten.end()) {
            const auto& row = *changed->second;
            missing.erase(key);
            brief_.clear();
            if (!append_brief(row.kind, row.json, brief_)) continue;
            says = {row.kind, says.channel, brief_};
            line.at = row.at;
        }
        now.add(line.ticket, line.number, line.at, says);
    }
    // Without a digest entries are read themselves. An empty one must not stay: places at the end are used again.
    const bool lost = !old.sound() || form != brief_form || !missing.empty() || now.size() == 0;
    return lost ? drop_.run(first) : change_.run(first, blob{now.bytes()});
}

void digest_writer::forget() {
    open_.clear();
    first_ = last_ = 0;
    grown_ = false;
    changes_.clear();
}

}  // namespace kindred::store::sqlite
