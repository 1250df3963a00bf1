#pragma once
#include "engine/domain/contact.hpp"
#include "engine/domain/customer.hpp"

#include <string>
#include <vector>

namespace kindred::customers {

/// A customer met for the first time through this contact.
customer first_seen(customer_id id, const contact& arrived, std::string_view display_name,
                    std::vector<identity> identities, time_point now);

/// Records that a known customer has written or called: counts, last contact, a name and language where none is on
/// record yet. What an agent or the CRM set is not overwritten.
void note_contact(customer& person, const contact& arrived, std::string_view display_name, time_point now);

}  // namespace kindred::customers
