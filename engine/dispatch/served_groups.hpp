#pragma once
#include "engine/dispatch/id_table.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace kindred::dispatch {

using queue_no = std::uint32_t;
using group_no = std::uint32_t;

/// A group that an agent may serve.
struct served_group {
    std::uint32_t rank = 0;
    queue_no queue = no_slot;
    group_no group = no_slot;

    auto operator<=>(const served_group&) const = default;
};

/// All groups that one agent may serve, by rank, then queue, so that one pass finds the best of each. They are some
/// hundreds, read at each look for work: rank and queue are written once a run.
class served_groups {
public:
    struct run {
        std::uint32_t rank = 0;
        queue_no queue = no_slot;
        std::uint32_t end = 0;  ///< one past its last group
    };

    served_groups() = default;
    /// In any order, and any more than once.
    explicit served_groups(std::vector<served_group> from) {
        std::sort(from.begin(), from.end());
        from.erase(std::unique(from.begin(), from.end()), from.end());
        groups_.reserve(from.size());
        for (const served_group& each : from) {
            if (runs_.empty() || !is_of(runs_.back(), each)) runs_.push_back({each.rank, each.queue, 0});
            groups_.push_back(each.group);
            runs_.back().end = static_cast<std::uint32_t>(groups_.size());
        }
    }

    /// Nothing happens where it is there.
    void insert(const served_group& made) {
        auto at = std::find_if(runs_.begin(), runs_.end(), [&](const run& each) { return !goes_before(each, made); });
        const std::uint32_t begin = begin_of(at);
        const bool begins = at == runs_.end() || !is_of(*at, made);
        const auto from = groups_.begin() + begin;
        const auto end = begins ? from : groups_.begin() + at->end;
        const auto where = std::lower_bound(from, end, made.group);
        if (where != end && *where == made.group) return;
        groups_.insert(where, made.group);
        if (begins) at = runs_.insert(at, {made.rank, made.queue, begin});
        for (; at != runs_.end(); ++at) ++at->end;
    }

    template <class IsGone>
    void remove_if(IsGone is_gone) {
        std::uint32_t from = 0;
        std::uint32_t kept = 0;
        for (run& each : runs_) {
            const std::uint32_t before = kept;
            for (; from < each.end; ++from) {
                if (!is_gone(groups_[from])) groups_[kept++] = groups_[from];
            }
            each.end = kept > before ? kept : 0;
        }
        groups_.resize(kept);
        std::erase_if(runs_, [](const run& each) { return each.end == 0; });
    }

    /// In order.
    template <class Visit>
    void for_each(Visit visit) const {
        std::uint32_t at = 0;
        for (const run& each : runs_) {
            for (; at < each.end; ++at) visit(served_group{each.rank, each.queue, groups_[at]});
        }
    }

    std::span<const run> runs() const { return runs_; }
    /// Of all runs.
    const group_no* groups() const { return groups_.data(); }

private:
    static bool is_of(const run& a, const served_group& b) { return a.rank == b.rank && a.queue == b.queue; }
    static bool goes_before(const run& a, const served_group& b) {
        return a.rank != b.rank ? a.rank < b.rank : a.queue < b.queue;
    }
    std::uint32_t begin_of(std::vector<run>::const_iterator at) const {
        return at == runs_.begin() ? 0 : std::prev(at)->end;
    }

    std::vector<run> runs_;
    std::vector<group_no> groups_;
};

}  // namespace kindred::dispatch
