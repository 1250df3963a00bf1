#pragma once
#include "engine/base/mixed_hash.hpp"
#include "engine/store/rows.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <deque>
#include <optional>
#include <string_view>
#include <utility>

namespace kindred::runtime {

/// Keys that the writer used and a read from the store may not show yet.
class recent_keys {
public:
    std::optional<store::key_row> find(const store::unique_key& key) const {
        const auto found = keys_.find(name{key.space, key.id});
        if (found == keys_.end()) return std::nullopt;
        return (*found)->row;
    }
    void add(const store::key_row& used, std::uint64_t batch) {
        const auto* added = &in_order_.emplace_back(used, batch);
        if (const auto before = keys_.find(name_of(added)); before != keys_.end()) keys_.erase(before);
        keys_.insert(added);
    }
    void forget(std::uint64_t visible_batch) {
        while (!in_order_.empty() && in_order_.front().batch <= visible_batch) {
            const auto found = keys_.find(name_of(&in_order_.front()));
            if (found != keys_.end() && *found == &in_order_.front()) keys_.erase(found);
            in_order_.pop_front();
        }
    }

private:
    struct entry {
        entry(const store::key_row& used, std::uint64_t in) : row(used), batch(in) {}
        store::key_row row;
        std::uint64_t batch;
    };
    using name = std::pair<std::string_view, std::string_view>;
    static name name_of(const entry* each) { return {each->row.key.space, each->row.key.id}; }
    static name name_of(const name& each) { return each; }
    struct hash {
        using is_transparent = void;
        std::size_t operator()(const auto& each) const {
            const auto [space, id] = name_of(each);
            return mixed_hash(space, id);
        }
    };
    struct same {
        using is_transparent = void;
        bool operator()(const auto& one, const auto& other) const { return name_of(one) == name_of(other); }
    };

    std::deque<entry> in_order_;  ///< its elements stay where they are until they leave
    boost::unordered_flat_set<const entry*, hash, same> keys_;
};

}  // namespace kindred::runtime
