#include "engine/runtime/people/customer_lookup.hpp"

#include "engine/customers/moment.hpp"
#include "engine/customers/note.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/tickets/redecision.hpp"

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 1'000;

/// Who goes on for the customer of a row, as the store has it.
std::optional<store::customer_row> last_of_merges(store::store& from, std::optional<store::customer_row> row) {
    while (row) {
        const auto read = customer_from_json(row->id, row->version, row->json);
        if (!read || !read->merged) break;
        auto next = from.customer(read->merged->into);
        row = next ? std::optional(std::move(*next)) : std::nullopt;
    }
    return row;
}

void add_ids(const std::optional<store::customer_row>& row, std::vector<customer_id>& ids) {
    const auto read = row ? customer_from_json(row->id, row->version, row->json) : fail(errc::not_found, "");
    if (!read) return;
    ids.push_back(read->id);
    ids.insert(ids.end(), read->merged_from.begin(), read->merged_from.end());
}

result<void> add_rows(store::store& from, std::string_view kind, const std::string& prefix,
                      std::vector<store::kept_row>& into) {
    std::string after;
    while (true) {
        const auto rows = from.kept(kind, prefix, after, rows_at_once);
        if (!rows) return rows.error();
        if (rows->empty()) return {};
        after = rows->back().id;
        // Of a file its row says where the provider has it: that copy goes as well.
        for (const auto& row : *rows)
            into.push_back({row.kind, row.id, row.at, kind == file_rows ? row.bytes : std::string(), true});
    }
}

/// All that the store has of somebody who is to be erased: the whole of it, or the failure.
result<void> look_up_all(store::store& from, const std::vector<customer_id>& whose, profile::erase& wanted) {
    store::ticket_filter filter;
    filter.customers = whose;
    filter.limit = rows_at_once;
    while (!whose.empty()) {
        const auto rows = from.tickets(filter);
        if (!rows) return rows.error();
        if (rows->empty()) break;
        for (const auto& row : *rows) wanted.tickets.push_back(row.id);
        filter.before = rows->back().id;
    }
    for (const auto id : whose) {
        if (auto added = add_rows(from, note_rows, customers::key_prefix_of_notes(id), wanted.rows); !added)
            return added;
        if (auto added = add_rows(from, moment_rows, customers::key_prefix_of_moments(id), wanted.rows); !added)
            return added;
    }
    for (const auto id : wanted.tickets)
        for (const auto kind : {file_rows, fetch_rows})
            if (auto added = add_rows(from, kind, to_string(id) + '-', wanted.rows); !added) return added;
    return {};
}

/// Whose the identities are that a provider names.
result<void> look_up_owners(store::store& from, profile::introduce& wanted) {
    wanted.owners.assign(wanted.as.identities.size(), customer_id{});
    if (wanted.owners.empty()) return {};
    store::prefetch_query question;
    for (const auto& each : wanted.as.identities) question.identities.push_back(each.text);
    const auto found = from.prefetch({&question, 1});
    if (!found) return found.error();
    const auto& rows = found->front().customers;
    for (std::size_t i = 0; i < rows.size() && i < wanted.owners.size(); ++i)
        if (rows[i]) wanted.owners[i] = rows[i]->id;
    return {};
}

}  // namespace

result<store::customer_row> who_goes_on(store::store& from, customer_id id) {
    auto row = from.customer(id);
    if (!row) return row;
    if (const auto read = customer_from_json(row->id, row->version, row->json); read && read->erased_at)
        return fail(errc::not_found, "customer " + to_string(id) + " was erased on " + to_rfc3339(*read->erased_at));
    auto last = last_of_merges(from, std::move(*row));
    if (!last) return fail(errc::corrupt, "customer " + to_string(id) + " was merged into one that is not there");
    return std::move(*last);
}

result<void> look_up_customers(store::store& from, customer_change& wanted) {
    if (auto* introduce = std::get_if<profile::introduce>(&wanted.what))
        if (auto known = look_up_owners(from, *introduce); !known) return known;
    if (!wanted.stored) return {};
    if (std::holds_alternative<profile::unmerge>(wanted.what)) {
        const auto read = customer_from_json(wanted.stored->id, wanted.stored->version, wanted.stored->json);
        if (read && read->merged)
            if (auto into = from.customer(read->merged->into)) wanted.other = std::move(*into);
    } else {
        wanted.stored = last_of_merges(from, std::move(wanted.stored));
    }
    if (const auto* merge = std::get_if<profile::merge>(&wanted.what))
        if (auto into = from.customer(merge->into)) wanted.other = last_of_merges(from, std::move(*into));
    std::vector<customer_id> whose;
    add_ids(wanted.stored, whose);
    add_ids(wanted.other, whose);
    if (auto* erase = std::get_if<profile::erase>(&wanted.what)) return look_up_all(from, whose, *erase);
    if (!whose.empty()) wanted.waiting = look_up_waiting(from, std::move(whose));
    return {};
}

}  // namespace kindred::runtime
