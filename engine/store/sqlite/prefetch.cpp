#include "engine/store/sqlite/moment.hpp"
#include "engine/store/sqlite/row_reader.hpp"
#include "engine/store/sqlite/row_writer.hpp"

namespace kindred::store::sqlite {

result<std::vector<prefetched>> reader::prefetch(std::span<const prefetch_query> wanted, std::uint64_t as_of) {
    const moment held(*this);
    if (held.code() != SQLITE_OK) return failed(held.code(), "begin to read");
    std::vector<prefetched> found(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        found[i].as_of = as_of;
        if (const int code = prefetch_one(wanted[i], found[i]); code != SQLITE_OK)
            return failed(code, "look up a contact");
    }
    return found;
}

int reader::prefetch_one(const prefetch_query& wanted, prefetched& found) {
    if (!wanted.key.id.empty()) {
        const auto hash = lookup_hash(wanted.key.space, wanted.key.id);
        if (keys_.may_have(hash)) {
            cursor row(key_, blob{hash});
            if (row.next()) found.seen = read_key(row, wanted.key);
            if (row.code() != SQLITE_OK) return row.code();
        }
    }
    for (const auto& identity : wanted.identities) {
        cursor row(identity_, identity);
        found.customers.push_back(row.next() ? std::optional(read_customer(row)) : std::nullopt);
        if (row.code() != SQLITE_OK) return row.code();
    }
    if (!wanted.conversation.empty()) {
        const auto hash = lookup_hash(wanted.channel, wanted.conversation);
        cursor row(conversation_, blob{hash});
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
    return find_referenced(wanted.references, found);
}

int reader::find_referenced(const std::vector<unique_key>& references, prefetched& found) {
    for (const auto& reference : references) {
        const auto hash = lookup_hash(reference.space, reference.id);
        cursor key(key_, blob{hash});
        const bool known = key.next();
        if (key.code() != SQLITE_OK) return key.code();
        if (!known || key.number(0) == 0) continue;
        found.reference = read_key(key, reference);
        cursor row(ticket_, key.number(0));
        if (row.next()) found.referenced = read_ticket(row);
        return row.code();
    }
    return SQLITE_OK;
}

}  // namespace kindred::store::sqlite
