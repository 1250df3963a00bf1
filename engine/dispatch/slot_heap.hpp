#pragma once
#include "engine/dispatch/id_table.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace kindred::dispatch {

/// Where slots stand in their heaps. All heaps that a slot can be in one of can share it.
class heap_places {
public:
    /// Grows to have room for the slot: only slots that ever stood in a heap need a place.
    std::uint32_t& operator[](slot_no slot) {
        if (slot >= places_.size()) places_.resize(slot + 1, no_slot);
        return places_[slot];
    }
    std::uint32_t of(slot_no slot) const { return slot < places_.size() ? places_[slot] : no_slot; }

private:
    std::vector<std::uint32_t> places_;
};

/// A four-way heap of slots, smallest key first, from which any slot can be taken. Keys must be unique. Positions are
/// kept in an array of their own, so that moving entries does not touch the records.
template <class Key>
class slot_heap {
public:
    struct entry {
        Key key;
        slot_no slot;
    };

    bool empty() const { return entries_.empty(); }
    const entry& top() const { return entries_.front(); }
    const entry& at(std::size_t position) const { return entries_[position]; }

    void push(const Key& key, slot_no slot, auto&& positions) {
        // By half, not double: at a million waiting the slack is what a ticket weighs most.
        if (entries_.size() == entries_.capacity()) entries_.reserve(entries_.size() + entries_.size() / 2 + 4);
        entries_.emplace_back();
        fill(room_for(key, entries_.size() - 1, positions), key, slot, positions);
    }

    void erase(slot_no slot, auto&& positions) {
        const std::size_t hole = positions[slot];
        positions[slot] = no_slot;
        const entry last = entries_.back();
        entries_.pop_back();
        if (hole == entries_.size()) return;
        entries_[hole] = last;
        settle(hole, positions);
    }

    void change(slot_no slot, const Key& key, auto&& positions) {
        const std::size_t at = positions[slot];
        entries_[at].key = key;
        settle(at, positions);
    }

private:
    static constexpr std::size_t ways = 4;

    void put(std::size_t at, const entry& what, auto&& positions) {
        entries_[at] = what;
        positions[what.slot] = static_cast<std::uint32_t>(at);
    }

    void settle(std::size_t at, auto&& positions) {
        if (at > 0 && entries_[at].key < entries_[(at - 1) / ways].key) {
            rise(at, positions);
        } else {
            sink(at, positions);
        }
    }

    void rise(std::size_t at, auto&& positions) {
        const entry moving = entries_[at];
        put(room_for(moving.key, at, positions), moving, positions);
    }

    /// The place of the key, from the hole at `at` on: what goes after it moves down.
    std::size_t room_for(const Key& key, std::size_t at, auto&& positions) {
        while (at > 0) {
            const std::size_t parent = (at - 1) / ways;
            if (!(key < entries_[parent].key)) break;
            put(at, entries_[parent], positions);
            at = parent;
        }
        return at;
    }

    /// Member by member: what is put together elsewhere first is read back before it is whole.
    void fill(std::size_t at, const Key& key, slot_no slot, auto&& positions) {
        entries_[at].key = key;
        entries_[at].slot = slot;
        positions[slot] = static_cast<std::uint32_t>(at);
    }

    void sink(std::size_t at, auto&& positions) {
        const entry moving = entries_[at];
        while (true) {
            const std::size_t first = at * ways + 1;
            if (first >= entries_.size()) break;
            const std::size_t end = std::min(first + ways, entries_.size());
            std::size_t least = first;
            for (std::size_t child = first + 1; child < end; ++child) {
                if (entries_[child].key < entries_[least].key) least = child;
            }
            if (!(entries_[least].key < moving.key)) break;
            put(at, entries_[least], positions);
            at = least;
        }
        put(at, moving, positions);
    }

    std::vector<entry> entries_;
};

}  // namespace kindred::dispatch
