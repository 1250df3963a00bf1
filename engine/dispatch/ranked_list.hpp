#pragma once
#include "engine/dispatch/id_table.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace kindred::dispatch {

/// Slots in the order of their keys, which must be unique. Kept in short sorted chunks: what comes in last or leaves
/// first costs no search and touches one line of memory, which is how a waiting line is used; anything else is a search
/// and a move within one chunk. Most lists are short, so the first chunk stands in the list itself. How many go before
/// a key is known from the sizes of the chunks.
template <class Key>
class ranked_list {
public:
    struct entry {
        Key key;
        slot_no slot;
    };

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    const entry& front() const { return first_[gone_]; }

    /// Whether it stands first now.
    [[gnu::always_inline]] bool insert(const Key& key, slot_no slot) {
        ++size_;
        chunk& last = rest_.empty() ? first_ : rest_.back();
        if (size_ > 1 && !(last.back().key < key)) return insert_before_last({key, slot});
        chunk& into = last.size() < longest ? last : add_chunk();
        // Written where it stays: what is put together elsewhere first is read back before it is whole.
        entry& made = into.emplace_back();
        made.key = key;
        made.slot = slot;
        return size_ == 1;
    }

    /// The key must be there. Whether it stood first.
    bool erase(const Key& key) {
        --size_;
        if (!(front().key < key)) {
            drop_front();
            return true;
        }
        const std::size_t at = chunk_of(key);
        chunk& in = chunk_at(at);
        const auto found = std::lower_bound(begin_of(at), in.cend(), key, goes_before);
        assert(found != in.cend() && found->key == key);
        in.erase(found);
        // The first chunk still has the front, so only others come to an end here.
        if (in.empty()) rest_.erase(rest_.begin() + static_cast<std::ptrdiff_t>(at) - 1);
        return false;
    }

    /// How many keys are smaller, or `most` where that is less.
    std::size_t count_before(const Key& key, std::size_t most) const {
        std::size_t count = 0;
        for (std::size_t at = 0; at < chunks() && count < most; ++at) {
            const auto begin = begin_of(at);
            const auto end = chunk_at(at).end();
            if (begin == end || std::prev(end)->key < key) {
                count += static_cast<std::size_t>(end - begin);
                continue;
            }
            return std::min(most,
                            count + static_cast<std::size_t>(std::lower_bound(begin, end, key, goes_before) - begin));
        }
        return std::min(count, most);
    }

    /// The first in order that suits, or null: visits the ones passed over only.
    template <class Suits>
    const entry* first_where(Suits suits) const {
        for (std::size_t at = 0; at < chunks(); ++at) {
            const auto end = chunk_at(at).end();
            const auto found = std::find_if(begin_of(at), end, [&](const entry& each) { return suits(each.slot); });
            if (found != end) return &*found;
        }
        return nullptr;
    }

    /// In order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (std::size_t at = 0; at < chunks(); ++at) std::for_each(begin_of(at), chunk_at(at).end(), visit);
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

    std::size_t chunks() const { return 1 + rest_.size(); }
    chunk& chunk_at(std::size_t at) { return at == 0 ? first_ : rest_[at - 1]; }
    const chunk& chunk_at(std::size_t at) const { return at == 0 ? first_ : rest_[at - 1]; }
    std::size_t gone_of(std::size_t at) const { return at == 0 ? gone_ : 0; }
    auto begin_of(std::size_t at) const { return chunk_at(at).begin() + static_cast<std::ptrdiff_t>(gone_of(at)); }
    /// The chunk whose range a key after the front falls into.
    std::size_t chunk_of(const Key& key) const {
        const auto after = std::upper_bound(rest_.begin(), rest_.end(), key, [](const Key& wanted, const chunk& each) {
            return wanted < each.front().key;
        });
        return static_cast<std::size_t>(after - rest_.begin());
    }

    chunk& add_chunk() {
        chunk& made = rest_.emplace_back();
        made.reserve(longest);
        return made;
    }

    bool insert_before_last(const entry& made) {
        const bool first = made.key < front().key;
        if (first) {
            prepend(made);
        } else {
            insert_between(made);
        }
        return first;
    }

    void prepend(const entry& first) {
        if (gone_ > 0) {
            first_[--gone_] = first;
        } else {
            insert_into(0, first_.begin(), first);
        }
    }

    void insert_between(const entry& made) {
        const std::size_t at = chunk_of(made.key);
        insert_into(at, std::lower_bound(begin_of(at), std::as_const(*this).chunk_at(at).end(), made.key, goes_before),
                    made);
    }

    void insert_into(std::size_t at, typename chunk::const_iterator where, const entry& made) {
        chunk& into = chunk_at(at);
        into.insert(where, made);
        if (into.size() <= longest) return;
        const auto middle = into.begin() + static_cast<std::ptrdiff_t>((gone_of(at) + into.size()) / 2);
        chunk later(middle, into.end());
        into.erase(middle, into.end());
        rest_.insert(rest_.begin() + static_cast<std::ptrdiff_t>(at), std::move(later));
    }

    void drop_front() {
        if (++gone_ < first_.size()) return;
        gone_ = 0;
        first_.clear();
        if (rest_.empty()) return;
        first_ = std::move(rest_.front());
        rest_.erase(rest_.begin());
    }

    chunk first_;              ///< empty where the list is
    std::vector<chunk> rest_;  ///< none without an entry
    std::uint32_t gone_ = 0;   ///< entries at the beginning of the first chunk that have left
    std::uint32_t size_ = 0;
};

}  // namespace kindred::dispatch
