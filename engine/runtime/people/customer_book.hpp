#pragma once
#include "engine/domain/customer.hpp"
#include "engine/store/store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace kindred::runtime {

/// The customers that the writer dealt with lately. Its copies are never older than what the store shows: every change
/// is made here first. Keeps at most `capacity`: in the order in which they came those leave who were not used since
/// they were last considered, but none before its last change is visible in the store. Who was merged into another is
/// found as that one: tickets keep the customer whom they were opened for, so that a merge can be undone.
class customer_book {
public:
    explicit customer_book(std::size_t capacity = 50'000) : capacity_(capacity) {}

    /// The customer, or who goes on for it; none when that one is not here: then the store's row is current.
    customer* find(customer_id id);
    /// The customer of that number itself, merged or not.
    customer* find_itself(customer_id id);
    /// The same by an identity; none can also mean that it is nobody's.
    customer* find(const std::string& identity);
    /// Who goes on for a customer: mostly the customer.
    customer_id goes_on_as(customer_id id) const;
    void merged(customer_id id, customer_id into) { goes_on_as_[id] = into; }
    void unmerged(customer_id id) { goes_on_as_.erase(id); }
    /// Takes in a row from the store, unless a newer copy is here already. The customer of that row itself.
    result<customer*> take(const store::customer_row& row);
    customer& add(customer made);
    /// A change that batch number `batch` will make durable.
    void changed(customer_id id, std::uint64_t batch);
    /// One more identity of a customer who is here, in a change that is told by changed().
    void identified(const std::string& identity, customer_id id) { by_identity_[identity] = id; }
    /// An identity that is nobody's any more.
    void unidentified(const std::string& identity) { by_identity_.erase(identity); }
    void forget(std::uint64_t visible_batch);

private:
    struct slot {
        customer person;
        std::uint64_t batch = 0;  ///< of its last change
        bool used = false;        ///< since it was last considered
    };
    void forget(const customer& leaving);

    std::size_t capacity_;
    std::unordered_map<customer_id, slot> customers_;
    std::deque<customer_id> in_order_;                                 ///< the next to be considered first
    boost::unordered_flat_map<std::string, customer_id> by_identity_;  ///< of those who are here
    std::unordered_map<customer_id, customer_id> goes_on_as_;          ///< of all who were merged
};

}  // namespace kindred::runtime
