#include "engine/runtime/people/customer_book.hpp"

#include <utility>

namespace kindred::runtime {

customer_id customer_book::goes_on_as(customer_id id) const {
    // No circle can come about: only who goes on for himself is merged, and never into himself.
    for (auto next = goes_on_as_.find(id); next != goes_on_as_.end(); next = goes_on_as_.find(id)) id = next->second;
    return id;
}

customer* customer_book::find(customer_id id) { return find_itself(goes_on_as(id)); }

customer* customer_book::find_itself(customer_id id) {
    const auto found = customers_.find(id);
    if (found == customers_.end()) return nullptr;
    found->second.used = true;
    return &found->second.person;
}

customer* customer_book::find(const std::string& identity) {
    const auto found = by_identity_.find(identity);
    return found == by_identity_.end() ? nullptr : find(found->second);
}

result<customer*> customer_book::take(const store::customer_row& row) {
    if (auto* here = find_itself(row.id)) return here;
    auto read = customer_from_json(row.id, row.version, row.json);
    if (!read) return read.error();
    return &add(std::move(*read));
}

customer& customer_book::add(customer made) {
    const auto id = made.id;
    if (!customers_.contains(id)) in_order_.push_back(id);
    if (!made.merged)
        for (const auto& each : made.identities) by_identity_[each.text] = id;
    auto& added = customers_[id];
    added.person = std::move(made);
    return added.person;
}

void customer_book::changed(customer_id id, std::uint64_t batch) {
    const auto found = customers_.find(id);
    if (found != customers_.end()) found->second.batch = batch;
}

void customer_book::forget(std::uint64_t visible_batch) {
    while (customers_.size() > capacity_) {
        const auto next = customers_.find(in_order_.front());
        if (!next->second.used && next->second.batch > visible_batch) return;
        in_order_.pop_front();
        if (std::exchange(next->second.used, false)) {
            in_order_.push_back(next->first);
            continue;
        }
        forget(next->second.person);
        customers_.erase(next);
    }
}

void customer_book::forget(const customer& leaving) {
    for (const auto& each : leaving.identities) {
        const auto found = by_identity_.find(each.text);
        if (found != by_identity_.end() && found->second == leaving.id) by_identity_.erase(found);
    }
}

}  // namespace kindred::runtime
