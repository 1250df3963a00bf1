#include "engine/runtime/people/audit.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/base/sortable_number.hpp"
#include "engine/runtime/people/registers.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 1'000;

/// Each part with its length before it: no two records read the same.
std::string hash_after(std::string_view previous, const audit_record& record) {
    std::string covered;
    const auto cover = [&](std::string_view part) {
        covered += std::to_string(part.size());
        covered += ':';
        covered += part;
    };
    cover(previous);
    cover(std::to_string(record.number));
    cover(std::to_string(to_millis(record.at)));
    for (const auto* part : {&record.by, &record.action, &record.about, &record.detail}) cover(*part);
    const auto digest = sha256(covered);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

error broken(std::uint64_t number, std::string_view what) {
    return fail(errc::corrupt, "audit record " + std::to_string(number) + ' ' + std::string(what));
}

/// The first number that is there; 0: none.
result<std::uint64_t> first_number(store::store& from) {
    const auto rows = from.kept(audit_rows, {}, {}, 1);
    if (!rows) return rows.error();
    return rows->empty() ? 0 : parse_number(rows->front().id).value_or(0);
}

/// Where a chain begins whose records up to `number` were removed: as a record of the rest says. The chain covers that
/// record as any other, so nobody can slip it in.
result<audit_head> beginning_after(store::store& from, std::uint64_t number) {
    audit_head found;
    if (number == 0) return found;
    std::string after;
    while (true) {
        const auto rows = from.kept(audit_rows, {}, after, rows_at_once);
        if (!rows) return rows.error();
        if (rows->empty()) return broken(1, "is missing");
        after = rows->back().id;
        for (const auto& row : *rows) {
            const auto record = audit_record_of(row);
            if (!record || record->action != audit_trim_action) continue;
            const auto detail = json::document::parse(record->detail);
            const auto last = detail ? (*detail)["until"].integer() : std::nullopt;
            if (last && static_cast<std::uint64_t>(*last) == number)
                return audit_head{number, std::string((*detail)["hash"].text())};
        }
    }
}

/// The highest number that is there: numbers have no gaps.
std::uint64_t last_number(store::store& from) {
    const auto is_there = [&](std::uint64_t number) {
        return from.kept_one(audit_rows, sortable_number(number)).has_value();
    };
    const auto first = first_number(from);
    if (!first || *first == 0) return 0;
    std::uint64_t there = *first;
    std::uint64_t step = 1;
    while (is_there(there + step)) {
        there += step;
        step *= 2;
    }
    for (; step > 0; step /= 2)
        if (is_there(there + step)) there += step;
    return there;
}

}  // namespace

store::kept_row next_of_chain(audit_head& head, audit_record made) {
    made.number = head.number + 1;
    made.hash = hash_after(head.hash, made);
    head = {made.number, made.hash};
    json::writer out;
    out.begin_object().member("by", made.by).member("action", made.action).member("about", made.about);
    out.member("detail", made.detail).member("hash", made.hash).end_object();
    return {std::string(audit_rows), sortable_number(made.number), made.at, out.take(), false};
}

std::string trim_detail(const audit_record& last, std::size_t removed) {
    json::writer out;
    out.begin_object().member("removed", removed).member("until", last.number).member("hash", last.hash);
    return out.end_object().take();
}

std::string to_json(const audit_head& head) {
    return json::writer().begin_object().member("number", head.number).member("hash", head.hash).end_object().take();
}

result<audit_head> audit_head_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    const auto number = parsed ? (*parsed)["number"].integer() : std::nullopt;
    if (!number || *number < 0) return fail(errc::corrupt, "the head of the audit log is not readable");
    return audit_head{static_cast<std::uint64_t>(*number), std::string((*parsed)["hash"].text())};
}

result<audit_record> audit_record_of(const store::kept_row& row) {
    const auto parsed = json::document::parse(row.bytes);
    const auto number = parse_number(row.id);
    if (!parsed || !number) return fail(errc::corrupt, "audit record " + row.id + " is not readable");
    const auto from = parsed->root();
    return audit_record{*number,
                        row.at,
                        std::string(from["by"].text()),
                        std::string(from["action"].text()),
                        std::string(from["about"].text()),
                        std::string(from["detail"].text()),
                        std::string(from["hash"].text())};
}

result<audit_head> verify_audit(store::store& from, const audit_head& stored) {
    const auto first = first_number(from);
    if (!first) return first.error();
    const auto begins = beginning_after(from, *first == 0 ? 0 : *first - 1);
    if (!begins) return begins.error();
    auto head = *begins;
    std::string after;
    while (true) {
        const auto rows = from.kept(audit_rows, {}, after, rows_at_once);
        if (!rows) return rows.error();
        if (rows->empty()) break;
        for (const auto& row : *rows) {
            const auto record = audit_record_of(row);
            if (!record) return record.error();
            if (record->number != head.number + 1) return broken(head.number + 1, "is missing");
            if (record->hash != hash_after(head.hash, *record)) return broken(record->number, "was changed");
            head = {record->number, record->hash};
        }
        after = rows->back().id;
    }
    if (head.number < stored.number) return broken(head.number + 1, "is missing");
    if (head != stored) return broken(head.number, "is not the last one that was written");
    return head;
}

result<std::vector<audit_record>> latest_audit_records(store::store& from, std::uint64_t before, std::size_t limit) {
    const auto last = before == 0 ? last_number(from) : before - 1;
    const auto count = std::min<std::uint64_t>(limit, last);
    std::vector<audit_record> records;
    if (count == 0) return records;
    const auto rows = from.kept(audit_rows, {}, sortable_number(last - count), count);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
        auto record = audit_record_of(row);
        if (!record) return record.error();
        if (record->number > last) break;  // the beginning of the log is gone
        records.push_back(std::move(*record));
    }
    std::reverse(records.begin(), records.end());
    return records;
}

}  // namespace kindred::runtime
