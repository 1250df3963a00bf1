#include "engine/store/sqlite/moment.hpp"
#include "engine/store/sqlite/row_reader.hpp"
#include "engine/store/sqlite/row_writer.hpp"

namespace kindred::store::sqlite {

result<std::vector<prefetched>> reader::prefetch(std::span<const prefetch_query> wanted, std::uint64_t as_of) {
    const auto runs = runs_.now();  // before the moment begins (key_runs.hpp)
    const moment held(*this);
    if (held.code() != SQLITE_OK) return failed(held.code(), "begin to read");
    std::vector<prefetched> found(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        found[i].as_of = as_of;
        if (const int code = prefetch_one(*runs, wanted[i], found[i]); code != SQLITE_OK)
            return failed(code, "look up a contact");
    }
    return found;
}

int reader::prefetch_one(const key_run_list& runs, const prefetch_query& wanted, prefetched& found) {
    if (!wanted.key.id.empty()) {
        if (const int code = look_up(runs, wanted.key, found.seen); code != SQLITE_OK) return code;
    }
    for (const auto& identity : wanted.identities) {
        cursor row(identity_, identity);
        found.customers.push_back(row.next() ? std::optional(read_customer(row)) : std::nullopt);
        if (row.code() != SQLITE_OK) return row.code();
    }
    if (!wanted.conversation.empty()) {
        const auto hash = lookup_hash_of(wanted.channel, wanted.conversation);
        cursor row(conversation_, blob{hash.view()});
        if (row.next()) found.conversation = read_ticket(row);
        if (row.code() != SQLITE_OK) return row.code();
    }
    if (wanted.ticket) {
        cursor row(ticket_, wanted.ticket.value);
        if (row.next()) found.ticket = read_ticket(row);
        if (row.code() != SQLITE_OK) return row.code();
    }
    if (wanted.customer) {
        cursor row(customer_, wanted.customer.value);
        if (row.next()) found.customer = read_customer(row);
        if (row.code() != SQLITE_OK) return row.code();
    }
    return find_referenced(runs, wanted.references, found);
}

int reader::find_referenced(const key_run_list& runs, const std::vector<unique_key>& references, prefetched& found) {
    for (const auto& reference : references) {
        std::optional<key_row> known;
        if (const int code = look_up(runs, reference, known); code != SQLITE_OK) return code;
        if (!known || !known->ticket) continue;
        found.reference = std::move(known);
        cursor row(ticket_, found.reference->ticket.value);
        if (row.next()) found.referenced = read_ticket(row);
        return row.code();
    }
    return SQLITE_OK;
}

}  // namespace kindred::store::sqlite
