#pragma once
#include "engine/store/store.hpp"

/// Rows and batches that the store's tests write, all of them made from small numbers.
namespace kindred::store::samples {

inline constexpr time_point noon{duration{1'795'000'000'000}};

/// The id of batch `number` of the writer `incarnation`.
batch_id id_of(std::uint64_t number, unsigned char incarnation = 1);

ticket_row ticket(std::uint64_t number, ticket_status status = ticket_status::waiting);
customer_row customer(std::uint64_t number);
identity_row identity(std::uint64_t number);
entry_row entry(std::uint64_t ticket, std::uint32_t number);
outbox_row outgoing(std::uint64_t number, std::uint64_t ticket);
unique_key delivery(std::uint64_t number);
inbound_item item(std::uint64_t number);
journal_row journal(std::uint64_t number);

/// One new contact of a new customer: key, customer, identity, ticket, two entries, one journal record.
batch contact(std::uint64_t number, unsigned char incarnation = 1);

/// The open state and every open ticket, as load() tells them.
struct loaded {
    open_state small;
    std::vector<ticket_row> open;
};
loaded load(store& from);

}  // namespace kindred::store::samples
