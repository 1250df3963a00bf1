#pragma once
#include <atomic>

namespace kindred::api {

/// Whether long work of which there may be one at a time is ours until the end of the scope.
class turn {
public:
    explicit turn(std::atomic<bool>& busy) : busy_(busy), ours_(!busy.exchange(true)) {}
    ~turn() {
        if (ours_) busy_ = false;
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    explicit operator bool() const { return ours_; }

private:
    std::atomic<bool>& busy_;
    const bool ours_;
};

}  // namespace kindred::api
