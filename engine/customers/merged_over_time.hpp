#pragma once
#include "engine/customers/moment.hpp"

#include <map>

namespace kindred::customers {

/// Who goes on as whom, as one walks over what happened in the order of time: a ticket keeps the customer whom it was
/// opened for, and what is decided of it is about whoever goes on.
class merged_over_time {
public:
    /// Merges and their undoing count; everything else is passed over.
    void take(const moment& happened);
    customer_id goes_on_as(customer_id who) const;

private:
    std::map<customer_id, customer_id> into_;
};

}  // namespace kindred::customers
