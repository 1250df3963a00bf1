#pragma once
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/store/redis/site_inbox.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace kindred::nodes {

/// A site's inbox that is nobody's but this process'.
class remembered_inbox final : public store::site_inbox {
public:
    /// What some node takes in, at that place: its channel is `name`.
    void put(std::uint64_t position, const std::string& name) {
        runtime::quarantined held;
        held.channel = name;
        {
            const std::lock_guard hold(mutex_);
            items_[position] = {{"shop", name}, {}, runtime::to_row(held).bytes};
            end_ = std::max(end_, position);
        }
        changed_.notify_all();
    }
    /// Nothing that we wrote.
    void put_nonsense(std::uint64_t position) {
        const std::lock_guard hold(mutex_);
        items_[position] = {{"shop", "nonsense"}, {}, "?"};
        end_ = std::max(end_, position);
    }
    /// As a failover to a replica that had not heard of anything behind it.
    void forget_behind(std::uint64_t position) {
        const std::lock_guard hold(mutex_);
        items_.erase(items_.upper_bound(position), items_.end());
        end_ = position;
    }
    std::vector<std::string> left() {
        const std::lock_guard hold(mutex_);
        std::vector<std::string> names;
        for (const auto& [position, item] : items_) names.push_back(item.key.id);
        return names;
    }

    std::atomic<bool> is_away{false};
    std::atomic<bool> has_waiting{false};
    /// For how long each question was ready to wait.
    std::vector<std::chrono::milliseconds> patience() {
        const std::lock_guard hold(mutex_);
        return patience_;
    }

    result<store::inbox_page> undecided(std::uint64_t after, std::size_t most,
                                        std::chrono::milliseconds patience) override {
        if (is_away) return fail(errc::unavailable, "away");
        std::unique_lock hold(mutex_);
        patience_.push_back(patience);
        store::inbox_page found;
        const auto end = end_;
        const auto read = [&] {
            for (auto at = items_.upper_bound(after); at != items_.end() && found.items.size() < most; ++at)
                found.items.emplace_back(*at);
            return !found.items.empty();
        };
        (void)changed_.wait_for(hold, patience, read);
        const auto last = found.items.empty() ? 0 : found.items.back().first;
        found.read_to = found.items.size() < most ? std::max(end, last) : last;
        return found;
    }
    result<void> decided(std::span<const store::inbox_place> places) override {
        const std::lock_guard hold(mutex_);
        for (const auto& each : places) {
            const auto at = items_.find(each.position);
            if (at != items_.end() && at->second.key == each.key) items_.erase(at);
        }
        return {};
    }
    result<std::uint64_t> inbox_end() override {
        if (is_away) return fail(errc::unavailable, "away");
        const std::lock_guard hold(mutex_);
        return end_;
    }
    bool must_queue() const override { return has_waiting; }
    result<std::uint64_t> undecided_count() override {
        const std::lock_guard hold(mutex_);
        return items_.size();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, store::inbound_item> items_;
    std::uint64_t end_ = 0;
    std::vector<std::chrono::milliseconds> patience_;
};

}  // namespace kindred::nodes
