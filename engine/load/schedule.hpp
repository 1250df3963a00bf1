#pragma once
#include <chrono>
#include <cstdint>

namespace kindred::load {

/// When each request of a steady load is due, counted from the load's begin. Latency counts from here and never from
/// the moment of sending: a request that a slow target kept from being sent has waited all the same (otherwise the
/// generator leaves out just the requests that were slowest, known as coordinated omission). Pure.
class schedule {
public:
    using nanoseconds = std::chrono::nanoseconds;

    /// `per_second` > 0 requests, evenly spaced, for `lasting` > 0. At least one request.
    schedule(double per_second, nanoseconds lasting);

    std::uint64_t total() const { return total_; }
    /// When request `number` is due; numbers begin at 0, whose moment is the begin itself.
    nanoseconds due(std::uint64_t number) const;
    /// How many requests are due at `since_begin` or before: also the number of the next one. At most total().
    std::uint64_t due_by(nanoseconds since_begin) const;

private:
    double gap_;  ///< nanoseconds between two
    std::uint64_t total_;
};

}  // namespace kindred::load
