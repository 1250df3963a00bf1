#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::customers {

/// That a customer is in another segment of a dimension, or at another stage ("stage"), than before.
struct group_move {
    std::string dimension;
    std::string from;
    std::string to;

    bool operator==(const group_move&) const = default;
};

/// One change of what is on record of a customer outside their tickets, and where it moved them: the cause of the move.
struct moment {
    customer_id about = {};
    std::uint64_t version = 0;  ///< of the customer, once it had happened; never given twice
    time_point at = {};
    std::string what = {};    ///< "event", "facts", "pin", "lookup", "import", "merged", "unmerged", "satisfaction"
    std::string by = {};      ///< "crm:shop", "agent:ann"
    std::string name = {};    ///< of an event; of a pin its dimension; of a merge the number of the other customer
    std::string value = {};   ///< of a pin; empty: it was taken away
    std::string reason = {};  ///< of pins and merges
    std::vector<std::string> changed = {};  ///< facts that have another value since
    std::vector<group_move> moves = {};

    bool operator==(const moment&) const = default;
};

/// The name under which it is stored, and what the names of all of a customer's begin with. Names are in the order in
/// which things happened.
std::string key_of_moment(customer_id about, std::uint64_t version);
std::string key_prefix_of_moments(customer_id about);

std::string to_json(const moment& happened);
/// errc::corrupt when it is not what to_json() wrote.
result<moment> moment_from_json(std::string_view text);

}  // namespace kindred::customers
