#include "engine/runtime/arrivals/recent_contacts.hpp"

namespace kindred::runtime {

void recent_contacts::add(opening_contact opened, customer_id whose, std::uint64_t batch) {
    ++counts_[whose];
    contacts_.push_back({batch, whose, std::move(opened)});
}

std::vector<opening_contact> recent_contacts::of(customer_id whose) const {
    std::vector<opening_contact> found;
    if (!counts_.contains(whose)) return found;
    for (const auto& each : contacts_)
        if (each.whose == whose) found.push_back(each.contact);
    return found;
}

void recent_contacts::forget(std::uint64_t visible_batch) {
    while (!contacts_.empty() && contacts_.front().batch <= visible_batch) {
        const auto count = counts_.find(contacts_.front().whose);
        if (--count->second == 0) counts_.erase(count);
        contacts_.pop_front();
    }
}

}  // namespace kindred::runtime
