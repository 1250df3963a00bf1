#include "engine/runtime/customer_book.hpp"

namespace kindred::runtime {

void customer_book::touch(slot& used) { by_use_.splice(by_use_.begin(), by_use_, used.use); }

customer* customer_book::find(customer_id id) {
    const auto found = customers_.find(id);
    if (found == customers_.end()) return nullptr;
    touch(found->second);
    return &found->second.person;
}

customer* customer_book::find(std::string_view identity) {
    const auto found = by_identity_.find(std::string(identity));
    return found == by_identity_.end() ? nullptr : find(found->second);
}

result<customer*> customer_book::take(const store::customer_row& row) {
    if (auto* here = find(row.id)) return here;
    auto read = customer_from_json(row.id, row.version, row.json);
    if (!read) return read.error();
    return &add(std::move(*read));
}

customer& customer_book::add(customer made) {
    const auto id = made.id;
    by_use_.push_front(id);
    auto& added = customers_[id];
    added.person = std::move(made);
    added.use = by_use_.begin();
    return added.person;
}

void customer_book::changed(customer_id id, std::uint64_t batch) {
    const auto found = customers_.find(id);
    if (found != customers_.end()) found->second.batch = batch;
}

void customer_book::identified(const std::string& identity, customer_id id, std::uint64_t batch) {
    by_identity_[identity] = id;
    new_identities_.emplace_back(batch, identity);
}

void customer_book::forget(std::uint64_t visible_batch) {
    while (!new_identities_.empty() && new_identities_.front().first <= visible_batch) {
        by_identity_.erase(new_identities_.front().second);
        new_identities_.pop_front();
    }
    while (customers_.size() > capacity_) {
        const auto oldest = customers_.find(by_use_.back());
        if (oldest->second.batch > visible_batch) return;
        by_use_.pop_back();
        customers_.erase(oldest);
    }
}

}  // namespace kindred::runtime
