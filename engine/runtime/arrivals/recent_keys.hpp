#pragma once
#include "engine/store/rows.hpp"

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace kindred::runtime {

/// Keys that the writer used and a read from the store may not show yet.
class recent_keys {
public:
    std::optional<store::key_row> find(const store::unique_key& key) const {
        const auto found = keys_.find(text_of(key));
        if (found == keys_.end()) return std::nullopt;
        return found->second;
    }
    void add(const store::key_row& used, std::uint64_t batch) {
        auto text = text_of(used.key);
        keys_.insert_or_assign(text, used);
        by_batch_.emplace_back(batch, std::move(text));
    }
    void forget(std::uint64_t visible_batch) {
        while (!by_batch_.empty() && by_batch_.front().first <= visible_batch) {
            keys_.erase(by_batch_.front().second);
            by_batch_.pop_front();
        }
    }

private:
    static std::string text_of(const store::unique_key& key) { return key.space + '\0' + key.id; }
    std::unordered_map<std::string, store::key_row> keys_;
    std::deque<std::pair<std::uint64_t, std::string>> by_batch_;
};

}  // namespace kindred::runtime
