#include "engine/base/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace kindred {
namespace {

using namespace std::chrono_literals;

/// Longer than a hand-over between threads takes on the busiest machine: only a lost wake-up lets it pass.
constexpr auto never = 60s;

TEST(WorkerPool, LetsNoThreadSleepWhileWorkWaits) {
    worker_pool pool(2, 10);
    // Who wakes when differs from round to round; the first job of each round ends well only beside the second.
    for (int round = 0; round < 200; ++round) {
        std::promise<void> second_runs;
        auto second = second_runs.get_future();
        std::promise<bool> met;
        ASSERT_TRUE(pool.try_post([&] { met.set_value(second.wait_for(never) == std::future_status::ready); }));
        std::promise<void> second_is_over;
        ASSERT_TRUE(pool.try_post([&] {
            second_runs.set_value();
            second_is_over.set_value();
        }));
        const bool beside_each_other = met.get_future().get();
        second_is_over.get_future().wait();
        ASSERT_TRUE(beside_each_other) << "in round " << round << " the second job waited until the first was over";
    }
}

TEST(WorkerPool, RefusesWhatDoesNotFitAndFinishesWhatItTook) {
    std::promise<void> begun;
    std::promise<void> released;
    auto gate = released.get_future();
    std::atomic<int> done{0};
    worker_pool pool(1, 2);
    ASSERT_TRUE(pool.try_post([&] {
        begun.set_value();
        gate.wait();
        ++done;
    }));
    begun.get_future().wait();
    EXPECT_TRUE(pool.try_post([&] { ++done; }));
    EXPECT_TRUE(pool.try_post([&] { ++done; }));
    EXPECT_FALSE(pool.try_post([&] { done = -100; }));
    released.set_value();
    pool.stop();
    EXPECT_EQ(done, 3);
    EXPECT_FALSE(pool.try_post([&] { done = -100; }));
    EXPECT_EQ(done, 3);
}

TEST(WorkerPool, OutlivesWorkThatThrows) {
    std::promise<void> next_ran;
    worker_pool pool(1, 2);
    ASSERT_TRUE(pool.try_post([] { throw std::runtime_error("a bug in this job"); }));
    ASSERT_TRUE(pool.try_post([&] { next_ran.set_value(); }));
    EXPECT_EQ(next_ran.get_future().wait_for(never), std::future_status::ready);
}

}  // namespace
}  // namespace kindred
