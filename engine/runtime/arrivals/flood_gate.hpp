#pragma once
#include "engine/base/rate.hpp"

#include <string>
#include <unordered_map>

namespace kindred::runtime {

/// How often one sender may write in a channel. Keeps at most `capacity` senders; beyond that those who have not
/// written for the longest span are forgotten first. Not thread-safe.
class flood_gate {
public:
    explicit flood_gate(std::size_t capacity = 50'000) : capacity_(capacity) {}

    /// Counts one message; false when it is one too many.
    bool admit(const std::string& sender, const rate& limit, time_point now) {
        if (senders_.size() >= capacity_ && !senders_.contains(sender)) make_room(now);
        auto& held = senders_[sender];
        if (held.next(limit, now) > now) return false;
        held.take(limit, now);
        return true;
    }
    std::size_t size() const { return senders_.size(); }

private:
    /// Whoever has the whole allowance again is as good as unknown; when all are busy, all begin anew.
    void make_room(time_point now) {
        std::erase_if(senders_, [&](const auto& each) { return each.second.is_full(now); });
        if (senders_.size() >= capacity_) senders_.clear();
    }

    std::size_t capacity_;
    std::unordered_map<std::string, allowance> senders_;
};

}  // namespace kindred::runtime
