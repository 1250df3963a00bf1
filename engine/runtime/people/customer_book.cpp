#include "engine/runtime/people/customer_book.hpp"

namespace kindred::runtime {

void customer_book::touch(slot& used) { by_use_.splice(by_use_.begin(), by_use_, used.use); }

customer_id customer_book::goes_on_as(customer_id id) const {
    // No circle can come about: only who goes on for himself is merged, and never into himself.
    for (auto next = goes_on_as_.find(id); next != goes_on_as_.end(); next = goes_on_as_.find(id)) id = next->second;
    return id;
}

customer* customer_book::find(customer_id id) { return find_itself(goes_on_as(id)); }

customer* customer_book::find_itself(customer_id id) {
    const auto found = customers_.find(id);
    if (found == customers_.end()) return nullptr;
    touch(found->second);
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
    by_use_.push_front(id);
    if (!made.merged)
        for (const auto& each : made.identities) by_identity_[each.text] = id;
    auto& added = customers_[id];
    added.person = std::move(made);
    added.use = by_use_.begin();
    return added.person;
}

void customer_book::changed(customer_id id, std::uint64_t batch) {
    const auto found = customers_.find(id);
    if (found != customers_.end()) found->second.batch = batch;
}

void customer_book::forget(std::uint64_t visible_batch) {
    while (customers_.size() > capacity_) {
        const auto oldest = customers_.find(by_use_.back());
        if (oldest->second.batch > visible_batch) return;
        by_use_.pop_back();
        forget(oldest->second.person);
        customers_.erase(oldest);
    }
}

void customer_book::forget(const customer& leaving) {
    for (const auto& each : leaving.identities) {
        const auto found = by_identity_.find(each.text);
        if (found != by_identity_.end() && found->second == leaving.id) by_identity_.erase(found);
    }
}

}  // namespace kindred::runtime
