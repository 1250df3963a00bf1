#pragma once
#include "engine/store/rows.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <span>
#include <unordered_map>

namespace kindred::store::redis {

/// Keys of items that were taken in and are in no batch yet, so in no copy either. Thread-safe; costs one look at a
/// counter while there are none.
class undecided_keys {
public:
    void add(std::uint64_t position, const inbound_item& item);
    void forget(std::span<const std::uint64_t> positions);
    /// Instead of what was there.
    void replace(std::span<const std::pair<std::uint64_t, inbound_item>> items);
    std::optional<key_row> find(const unique_key& key) const;

private:
    using text_key = std::pair<std::string, std::string>;
    void add_held(std::uint64_t position, const inbound_item& item);

    std::atomic<std::size_t> count_{0};
    mutable std::mutex mutex_;
    std::map<text_key, key_row> rows_;
    std::unordered_map<std::uint64_t, text_key> keys_;
};

}  // namespace kindred::store::redis
