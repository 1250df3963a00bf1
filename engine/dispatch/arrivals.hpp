#pragma once
#include "engine/base/time.hpp"
#include "engine/dispatch/id_table.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace kindred::dispatch {

/// Numbers the times that slots come to stand in a line, so that an entry of a line can be told from what is true now
/// without a look at the slot's record. All lines share it: a slot stands in one at most.
class line_stays {
public:
    /// A stay of its own for the slot from now on.
    std::uint32_t begin(slot_no slot) {
        if (slot >= stays_.size()) stays_.resize(slot + 1, nowhere);
        if (++last_ == nowhere) ++last_;  // after four thousand million
        return stays_[slot] = last_;
    }
    void end(slot_no slot) { stays_[slot] = nowhere; }
    bool goes_on(slot_no slot, std::uint32_t stay) const { return stays_[slot] == stay; }

private:
    static constexpr std::uint32_t nowhere = 0;
    std::vector<std::uint32_t> stays_;
    std::uint32_t last_ = nowhere;
};

/// When the waiting tickets of one queue came, so that the longest wait is known without looking at all of them. Coming
/// costs a line of memory and leaving one: entries of those that left go when they stand first or are as many as the
/// others.
class arrivals {
public:
    std::uint32_t size() const { return waiting_; }

    /// The slot must stand in no line.
    void join(time_point at, slot_no slot, line_stays& stays) {
        ++waiting_;
        if (entries_.empty()) latest_ = at;
        // Written where it stays: what is put together elsewhere first is read back before it is whole.
        entry& made = entries_.emplace_back();
        made.at = at;
        made.slot = slot;
        made.stay = stays.begin(slot);
        // Who comes last, as nearly all do, stands behind everybody: no other entry need be read.
        if (at < latest_) {
            std::push_heap(entries_.begin(), entries_.end(), came_later);
        } else {
            latest_ = at;
        }
    }

    /// The slot must stand in this line.
    void leave(slot_no slot, line_stays& stays) {
        --waiting_;
        stays.end(slot);
        constexpr std::size_t slack = 32;
        if (entries_.size() <= std::size_t{waiting_} * 2 + slack) return;
        std::erase_if(entries_, [&](const entry& each) { return !stays.goes_on(each.slot, each.stay); });
        std::make_heap(entries_.begin(), entries_.end(), came_later);
    }

    std::optional<time_point> earliest(const line_stays& stays) const {
        while (!entries_.empty() && !stays.goes_on(entries_.front().slot, entries_.front().stay)) {
            std::pop_heap(entries_.begin(), entries_.end(), came_later);
            entries_.pop_back();
        }
        if (entries_.empty()) return std::nullopt;
        return entries_.front().at;
    }

    /// The slots that wait, in no useful order. `visit` may change no line.
    template <class Visit>
    void for_each(const line_stays& stays, Visit visit) const {
        for (const entry& each : entries_) {
            if (stays.goes_on(each.slot, each.stay)) visit(each.slot);
        }
    }

private:
    struct entry {
        time_point at;
        slot_no slot = no_slot;
        std::uint32_t stay = 0;
    };
    static bool came_later(const entry& a, const entry& b) { return a.at > b.at; }

    mutable std::vector<entry> entries_;  ///< a heap, the earliest first; mutable to forget what is true no more
    time_point latest_;                   ///< no entry is later
    std::uint32_t waiting_ = 0;
};

}  // namespace kindred::dispatch
