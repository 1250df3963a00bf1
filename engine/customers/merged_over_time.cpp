#include "engine/customers/merged_over_time.hpp"

namespace kindred::customers {

void merged_over_time::take(const moment& happened) {
    const auto other = parse_id<customer_id>(happened.name);
    if (!other) return;
    if (happened.what == "merged") into_[*other] = happened.about;
    // Both have a moment of it; of the one who went on as nobody there is nothing to take away.
    if (happened.what == "unmerged") into_.erase(*other);
}

customer_id merged_over_time::goes_on_as(customer_id who) const {
    // Never in a circle, for merges that would make one are refused; a bound all the same, for rows can be damaged.
    for (std::size_t steps = 0; steps < into_.size(); ++steps) {
        const auto next = into_.find(who);
        if (next == into_.end()) break;
        who = next->second;
    }
    return who;
}

}  // namespace kindred::customers
