#pragma once
#include "engine/domain/customer.hpp"

#include <optional>
#include <span>
#include <vector>

namespace kindred::customers {

/// Whose contact it is, and which of its identities are new to that customer.
struct resolution {
    customer_id customer;          ///< zero: nobody known, make a new one
    std::vector<identity> to_add;  ///< to be recorded for the customer (all of them for a new one)
};

/// Decides by the sender's identities in the order the connector gave them (the address it wrote from comes first)
/// and by whom each is on record for (zero: nobody).
///
/// The first identity decides where it is on record. Later ones count only when they are proven: what a visitor
/// merely says about himself finds nobody and is recorded with nobody, or anyone could read another's history by
/// typing that person's address into a chat form. No answer ever joins two customers.
resolution resolve(std::span<const identity> given, std::span<const customer_id> on_record);

}  // namespace kindred::customers
