#include "engine/load/schedule.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::load {
namespace {

using namespace std::chrono_literals;

TEST(schedule, spaces_requests_evenly_from_the_begin) {
    const schedule plan(2000, 3s);
    EXPECT_EQ(plan.total(), 6000U);
    EXPECT_EQ(plan.due(0), 0ns);
    EXPECT_EQ(plan.due(1), 500us);
    EXPECT_EQ(plan.due(5999), 3s - 500us);
}

TEST(schedule, has_at_least_one_request) {
    const schedule plan(0.1, 100ms);
    EXPECT_EQ(plan.total(), 1U);
    EXPECT_EQ(plan.due_by(0ns), 1U);
}

TEST(schedule, counts_what_is_due) {
    const schedule plan(1000, 10ms);
    struct row {
        std::chrono::nanoseconds at;
        std::uint64_t due;
    };
    for (const auto& [at, due] : {row{-1ns, 0}, row{0ns, 1}, row{999'999ns, 1}, row{1ms, 2}, row{9ms, 10}, row{1h, 10}})
        EXPECT_EQ(plan.due_by(at), due) << at.count();
}

// Whatever the rate, nothing leaves before it is due and nothing is forgotten, however far the clock has gone.
RC_GTEST_PROP(schedule_laws, due_by_is_the_inverse_of_due, ()) {
    const auto millihertz = *rc::gen::inRange(100, 50'000'000);
    const schedule plan(millihertz / 1000.0, std::chrono::seconds(*rc::gen::inRange(1, 3600)));
    const auto number = *rc::gen::inRange<std::uint64_t>(0, plan.total());
    RC_ASSERT(plan.due_by(plan.due(number)) == number + 1);
    RC_ASSERT(plan.due_by(plan.due(number) - 1ns) == number);
}

}  // namespace
}  // namespace kindred::load
