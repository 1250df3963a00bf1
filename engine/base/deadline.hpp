#pragma once
#include <algorithm>
#include <chrono>

namespace kindred {

/// The moment by which something must be done. A child may only be given the same or an earlier one.
class deadline {
public:
    using steady = std::chrono::steady_clock;

    static deadline in(std::chrono::milliseconds left) { return deadline(steady::now() + left); }
    static deadline never() { return deadline(steady::time_point::max()); }

    /// This deadline, or `left` from now where that is sooner.
    deadline at_most(std::chrono::milliseconds left) const { return deadline(std::min(at_, steady::now() + left)); }
    bool passed() const { return steady::now() >= at_; }
    std::chrono::milliseconds left() const {
        if (at_ == steady::time_point::max()) return std::chrono::hours{24 * 365};
        return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(at_ - steady::now()),
                        std::chrono::milliseconds{0});
    }
    steady::time_point at() const { return at_; }

private:
    explicit deadline(steady::time_point at) : at_(at) {}
    steady::time_point at_;
};

}  // namespace kindred
