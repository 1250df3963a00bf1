#include "engine/store/sqlite/readers.hpp"

namespace kindred::store::sqlite {

void readers::add(std::unique_ptr<reader> one) {
    {
        const std::lock_guard hold(mutex_);
        free_.push_back(std::move(one));
    }
    returned_.notify_one();
}

std::unique_ptr<reader> readers::take() {
    std::unique_lock hold(mutex_);
    returned_.wait(hold, [&] { return !free_.empty(); });
    // The one returned last has the warmest cache.
    auto one = std::move(free_.back());
    free_.pop_back();
    return one;
}

}  // namespace kindred::store::sqlite
