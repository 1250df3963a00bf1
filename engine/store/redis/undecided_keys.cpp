#include "engine/store/redis/undecided_keys.hpp"

namespace kindred::store::redis {

void undecided_keys::add_held(std::uint64_t position, const inbound_item& item) {
    const text_key named(item.key.space, item.key.id);
    rows_.insert_or_assign(named, key_row{item.key, {}, 0, item.at});
    keys_.insert_or_assign(position, named);
    count_.store(keys_.size(), std::memory_order_release);
}

void undecided_keys::add(std::uint64_t position, const inbound_item& item) {
    const std::lock_guard hold(mutex_);
    add_held(position, item);
}

void undecided_keys::forget(std::span<const std::uint64_t> positions) {
    if (positions.empty() || count_.load(std::memory_order_acquire) == 0) return;
    const std::lock_guard hold(mutex_);
    for (const auto position : positions) {
        const auto at = keys_.find(position);
        if (at == keys_.end()) continue;
        rows_.erase(at->second);
        keys_.erase(at);
    }
    count_.store(keys_.size(), std::memory_order_release);
}

void undecided_keys::replace(std::span<const std::pair<std::uint64_t, inbound_item>> items) {
    const std::lock_guard hold(mutex_);
    rows_.clear();
    keys_.clear();
    for (const auto& [position, item] : items) add_held(position, item);
    count_.store(keys_.size(), std::memory_order_release);
}

std::optional<key_row> undecided_keys::find(const unique_key& key) const {
    if (count_.load(std::memory_order_acquire) == 0) return std::nullopt;
    const std::lock_guard hold(mutex_);
    const auto at = rows_.find({key.space, key.id});
    if (at == rows_.end()) return std::nullopt;
    return at->second;
}

}  // namespace kindred::store::redis
