#pragma once
#include "engine/customers/joins.hpp"

#include <map>

namespace kindred::runtime {

/// Pairs of customers who may be one, and those of whom somebody said that they are two. Not thread-safe.
class join_book {
public:
    static constexpr std::size_t most_open = 10'000;

    void put(customers::join_proposal proposal) {
        remove(proposal.who);
        if (!proposal.dismissed) ++open_;
        pairs_[proposal.who] = std::move(proposal);
    }
    bool remove(const customers::customer_pair& who) {
        const auto found = pairs_.find(who);
        if (found == pairs_.end()) return false;
        if (!found->second.dismissed) --open_;
        pairs_.erase(found);
        return true;
    }
    const customers::join_proposal* find(const customers::customer_pair& who) const {
        const auto found = pairs_.find(who);
        return found == pairs_.end() ? nullptr : &found->second;
    }
    bool are_two(customer_id one, customer_id other) const {
        const auto* known = find(customers::pair_of(one, other));
        return known != nullptr && known->dismissed;
    }
    bool has_room() const { return open_ < most_open; }
    /// Every pair that this customer is one of.
    std::vector<customers::customer_pair> of(customer_id id) const {
        std::vector<customers::customer_pair> found;
        for (const auto& [who, proposal] : pairs_)
            if (who.first == id || who.second == id) found.push_back(who);
        return found;
    }

private:
    std::map<customers::customer_pair, customers::join_proposal> pairs_;
    std::size_t open_ = 0;
};

}  // namespace kindred::runtime
