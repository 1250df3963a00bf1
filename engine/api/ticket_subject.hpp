#pragma once
#include "engine/domain/contact.hpp"
#include "engine/domain/customer.hpp"
#include "engine/runtime/site.hpp"

#include <vector>

namespace kindred::api {

/// What scripts and explanations are made from: the ticket's last contact and its customer.
struct ticket_subject {
    contact about;
    customer who;
};

ticket_subject subject_of(runtime::site& site, const store::ticket_row& row,
                          const std::vector<store::entry_row>& entries);
/// errc::not_found when there is no such ticket.
result<ticket_subject> subject_of(runtime::site& site, ticket_id id);

}  // namespace kindred::api
