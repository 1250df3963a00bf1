#pragma once
#include "engine/dispatch/id_table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace kindred::dispatch {

/// Where slots stand in their heaps, a row a slot: one cache line tells all of a slot's places.
template <std::size_t Heaps>
class heap_places {
public:
    /// The column of one kind of heap. All heaps of that kind share it, for a slot is in at most one of them.
    class column {
    public:
        std::uint32_t& operator[](slot_no slot) { return rows_[slot][which_]; }

    private:
        friend class heap_places;
        column(std::array<std::uint32_t, Heaps>* rows, std::size_t which) : rows_(rows), which_(which) {}
        std::array<std::uint32_t, Heaps>* rows_;
        std::size_t which_;
    };

    /// Valid until reserve().
    column operator[](std::size_t which) { return {rows_.data(), which}; }
    std::uint32_t of(slot_no slot, std::size_t which) const { return rows_[slot][which]; }
    void reserve(slot_no slot) {
        std::array<std::uint32_t, Heaps> nowhere;
        nowhere.fill(no_slot);
        if (slot >= rows_.size()) rows_.resize(slot + 1, nowhere);
    }
    void prefetch(slot_no slot) const { __builtin_prefetch(&rows_[slot]); }

private:
    std::vector<std::array<std::uint32_t, Heaps>> rows_;
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
    std::size_t size() const { return entries_.size(); }
    const entry& top() const { return entries_.front(); }
    const std::vector<entry>& entries() const { return entries_; }
    const entry& at(std::size_t position) const { return entries_[position]; }

    void push(const Key& key, slot_no slot, auto positions) {
        // By half, not double: at a million waiting the slack is what a ticket weighs most.
        if (entries_.size() == entries_.capacity()) entries_.reserve(entries_.size() + entries_.size() / 2 + 4);
        entries_.push_back({key, slot});
        rise(entries_.size() - 1, positions);
    }

    void erase(slot_no slot, auto positions) {
        const std::size_t hole = positions[slot];
        positions[slot] = no_slot;
        const entry last = entries_.back();
        entries_.pop_back();
        if (hole == entries_.size()) return;
        entries_[hole] = last;
        settle(hole, positions);
    }

    void change(slot_no slot, const Key& key, auto positions) {
        const std::size_t at = positions[slot];
        entries_[at].key = key;
        settle(at, positions);
    }

    /// New keys for all entries, in linear time.
    template <class KeyOf>
    void rebuild(KeyOf key_of, auto positions) {
        for (entry& each : entries_) each.key = key_of(each.slot);
        for (std::size_t at = entries_.size(); at-- > 0;) sink(at, positions);
    }

    /// How many keys are smaller, counting no further than `most`: visits those and their children only.
    std::size_t count_before(const Key& key, std::size_t most, std::vector<std::uint32_t>& scratch) const {
        scratch.clear();
        if (!entries_.empty() && entries_[0].key < key) scratch.push_back(0);
        std::size_t count = 0;
        while (!scratch.empty() && count < most) {
            const std::size_t at = scratch.back();
            scratch.pop_back();
            ++count;
            const std::size_t end = std::min(at * ways + 1 + ways, entries_.size());
            for (std::size_t child = at * ways + 1; child < end; ++child) {
                if (entries_[child].key < key) scratch.push_back(static_cast<std::uint32_t>(child));
            }
        }
        return count;
    }

    /// The first entry in key order that suits, or null: visits the ones passed over and their children only.
    template <class Suits>
    const entry* first_where(Suits suits, std::vector<std::uint32_t>& scratch) const {
        const auto later = [this](std::uint32_t a, std::uint32_t b) { return entries_[b].key < entries_[a].key; };
        scratch.clear();
        if (!entries_.empty()) scratch.push_back(0);
        while (!scratch.empty()) {
            std::pop_heap(scratch.begin(), scratch.end(), later);
            const std::size_t at = scratch.back();
            scratch.pop_back();
            if (suits(entries_[at].slot)) return &entries_[at];
            const std::size_t end = std::min(at * ways + 1 + ways, entries_.size());
            for (std::size_t child = at * ways + 1; child < end; ++child) {
                scratch.push_back(static_cast<std::uint32_t>(child));
                std::push_heap(scratch.begin(), scratch.end(), later);
            }
        }
        return nullptr;
    }

private:
    static constexpr std::size_t ways = 4;

    void put(std::size_t at, const entry& what, auto positions) {
        entries_[at] = what;
        positions[what.slot] = static_cast<std::uint32_t>(at);
    }

    void settle(std::size_t at, auto positions) {
        if (at > 0 && entries_[at].key < entries_[(at - 1) / ways].key) {
            rise(at, positions);
        } else {
            sink(at, positions);
        }
    }

    void rise(std::size_t at, auto positions) {
        const entry moving = entries_[at];
        while (at > 0) {
            const std::size_t parent = (at - 1) / ways;
            if (!(moving.key < entries_[parent].key)) break;
            put(at, entries_[parent], positions);
            at = parent;
        }
        put(at, moving, positions);
    }

    void sink(std::size_t at, auto positions) {
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
