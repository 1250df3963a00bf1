#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace kindred::runtime {

/// The contact that a ticket was opened with, in its stored form, and those that went on with it.
struct opening_contact {
    ticket_id ticket;
    std::string json;
    time_point at;
    std::vector<std::string> later;
};

/// What tickets were opened with, for as long as a reader of the store may not see it yet.
class recent_contacts {
public:
    void add(opening_contact opened, customer_id whose, std::uint64_t batch);
    /// Of one customer, in the order of their tickets.
    std::vector<opening_contact> of(customer_id whose) const;
    void forget(std::uint64_t visible_batch);

private:
    struct kept {
        std::uint64_t batch = 0;
        customer_id whose;
        opening_contact contact;
    };
    std::deque<kept> contacts_;
    std::unordered_map<customer_id, std::size_t> counts_;  ///< most customers have none: they are not searched for
};

}  // namespace kindred::runtime
