#pragma once
#include "engine/dispatch/id_table.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace kindred::dispatch {

/// Slots in the order of their keys, which must be unique. Kept in short sorted chunks: what comes in last or leaves
/// first costs no search and touches one line of memory, which is how a waiting line is used; anything else is a search
/// and a move within one chunk. How many go before a key is known from the sizes of the chunks.
template <class Key>
class ranked_list {
public:
    struct entry {
        Key key;
        slot_no slot;
    };

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    const entry& front() const { return chunks_.front()[gone_]; }

    void insert(const Key& key, slot_no slot) {
        ++size_;
        if (chunks_.empty()) {
            chunks_.emplace_back().push_back({key, slot});
        } else if (chunks_.back().back().key < key) {
            append({key, slot});
        } else if (key < front().key) {
            prepend({key, slot});
        } else {
            insert_between({key, slot});
        }
    }

    /// The key must be there.
    void erase(const Key& key) {
        --size_;
        if (!(front().key < key)) return drop_front();
        const std::size_t at = chunk_of(key);
        chunk& in = chunks_[at];
        const auto found = std::lower_bound(begin_of(at), in.cend(), key, goes_before);
        assert(found != in.cend() && found->key == key);
        in.erase(found);
        // The first chunk still has the front, so only others come to an end here.
        if (in.empty()) chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    /// How many keys are smaller, or `most` where that is less.
    std::size_t count_before(const Key& key, std::size_t most) const {
        std::size_t count = 0;
        for (std::size_t at = 0; at < chunks_.size() && count < most; ++at) {
            const auto begin = begin_of(at);
            if (chunks_[at].back().key < key) {
                count += static_cast<std::size_t>(chunks_[at].end() - begin);
                continue;
            }
            return std::min(most, count + static_cast<std::size_t>(
                                              std::lower_bound(begin, chunks_[at].end(), key, goes_before) - begin));
        }
        return std::min(count, most);
    }

    /// The first in order that suits, or null: visits the ones passed over only.
    template <class Suits>
    const entry* first_where(Suits suits) const {
        for (std::size_t at = 0; at < chunks_.size(); ++at) {
            const auto found =
                std::find_if(begin_of(at), chunks_[at].end(), [&](const entry& each) { return suits(each.slot); });
            if (found != chunks_[at].end()) return &*found;
        }
        return nullptr;
    }

    /// In order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (std::size_t at = 0; at < chunks_.size(); ++at) std::for_each(begin_of(at), chunks_[at].end(), visit);
    }

    /// New keys for all.
    template <class KeyOf>
    void rekey(KeyOf key_of) {
        std::vector<entry> all;
        all.reserve(size_);
        for_each([&](const entry& each) { all.push_back({key_of(each.slot), each.slot}); });
        std::sort(all.begin(), all.end(), [](const entry& a, const entry& b) { return a.key < b.key; });
        *this = {};
        for (const entry& each : all) insert(each.key, each.slot);
    }

private:
    using chunk = std::vector<entry>;
    static constexpr std::size_t longest = 64;

    static bool goes_before(const entry& a, const Key& key) { return a.key < key; }

    std::size_t gone_of(std::size_t at) const { return at == 0 ? gone_ : 0; }
    auto begin_of(std::size_t at) const { return chunks_[at].begin() + static_cast<std::ptrdiff_t>(gone_of(at)); }
    /// The chunk whose range a key after the front falls into.
    std::size_t chunk_of(const Key& key) const {
        const auto after =
            std::upper_bound(chunks_.begin() + 1, chunks_.end(), key,
                             [](const Key& wanted, const chunk& each) { return wanted < each.front().key; });
        return static_cast<std::size_t>(after - chunks_.begin()) - 1;
    }

    void append(const entry& last) {
        if (chunks_.back().size() == longest) chunks_.emplace_back().reserve(longest);
        chunks_.back().push_back(last);
    }

    void prepend(const entry& first) {
        if (gone_ > 0) {
            chunks_.front()[--gone_] = first;
        } else {
            insert_into(0, chunks_.front().begin(), first);
        }
    }

    void insert_between(const entry& made) {
        const std::size_t at = chunk_of(made.key);
        insert_into(at, std::lower_bound(begin_of(at), chunks_[at].cend(), made.key, goes_before), made);
    }

    void insert_into(std::size_t at, typename chunk::const_iterator where, const entry& made) {
        chunks_[at].insert(where, made);
        if (chunks_[at].size() <= longest) return;
        const auto middle = chunks_[at].begin() + static_cast<std::ptrdiff_t>((gone_of(at) + chunks_[at].size()) / 2);
        chunk later(middle, chunks_[at].end());
        chunks_[at].erase(middle, chunks_[at].end());
        chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(later));
    }

    void drop_front() {
        if (++gone_ < chunks_.front().size()) return;
        chunks_.erase(chunks_.begin());
        gone_ = 0;
    }

    std::vector<chunk> chunks_;  ///< none without an entry
    std::size_t gone_ = 0;       ///< entries at the beginning of the first chunk that have left
    std::size_t size_ = 0;
};

}  // namespace kindred::dispatch
