#pragma once
#include "engine/base/time.hpp"
#include "engine/dispatch/id_table.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace kindred::dispatch {

/// When the waiting tickets of one queue came, so that the longest wait is known without looking at all of them. Coming
/// costs a line of memory and leaving none: entries of those that left go when they stand first or are as many as the
/// others. Callers say with `waits(at, slot)` whether an entry is still true.
class arrivals {
public:
    std::uint32_t size() const { return waiting_; }

    void join(time_point at, slot_no slot) {
        ++waiting_;
        entries_.emplace_back(at, slot);
        std::push_heap(entries_.begin(), entries_.end(), std::greater<>());
    }

    template <class Waits>
    void leave(Waits waits) {
        --waiting_;
        constexpr std::size_t slack = 32;
        if (entries_.size() <= std::size_t{waiting_} * 2 + slack) return;
        std::erase_if(entries_, [&](const entry& each) { return !waits(each.first, each.second); });
        // Who left and came back without a later time is there twice. What is sorted is a heap as well.
        std::sort(entries_.begin(), entries_.end());
        entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
    }

    template <class Waits>
    std::optional<time_point> earliest(Waits waits) const {
        while (!entries_.empty() && !waits(entries_.front().first, entries_.front().second)) {
            std::pop_heap(entries_.begin(), entries_.end(), std::greater<>());
            entries_.pop_back();
        }
        if (entries_.empty()) return std::nullopt;
        return entries_.front().first;
    }

    /// Slots that wait, some perhaps more than once, in no useful order.
    template <class Waits, class Visit>
    void for_each(Waits waits, Visit visit) const {
        for (const auto& [at, slot] : entries_) {
            if (waits(at, slot)) visit(slot);
        }
    }

private:
    using entry = std::pair<time_point, slot_no>;
    mutable std::vector<entry> entries_;  ///< a heap, the earliest first; mutable to forget what is true no more
    std::uint32_t waiting_ = 0;
};

}  // namespace kindred::dispatch
