#include "engine/dispatch/step_waits.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace kindred::dispatch {
namespace {

TEST(StepWaits, OneStepIsItsOwnWait) {
    const std::array<step_wait, 1> only{{{60'000, 3, 0}}};
    EXPECT_DOUBLE_EQ(wait_through(only), 60'000);
}

TEST(StepWaits, WhoIsNextWaitsAnExponentialTimeInTheFirstStep) {
    // Next in line, a departure a minute; after 30 s a step with a departure in 10 s.
    const std::array<step_wait, 2> two{{{60'000, 1, 30'000}, {10'000, 1, 0}}};
    const double longer = std::exp(-0.5);
    EXPECT_NEAR(wait_through(two), 60'000 * (1 - longer) + longer * 10'000, 1e-6);
}

TEST(StepWaits, ThoseBeforeItGoOnWhileItIsInAnotherStep) {
    // Nobody can have it in the first step; ten departures of 10 s each are before it in the second, its own included.
    const std::array<step_wait, 2> two{{{1e12, 1, 40'000}, {100'000, 10, 0}}};
    EXPECT_NEAR(wait_through(two), 100'000, 1);
    // After so long only its own turn is left.
    const std::array<step_wait, 2> late{{{1e12, 1, 400'000}, {100'000, 10, 0}}};
    EXPECT_NEAR(wait_through(late), 410'000, 1);
}

TEST(StepWaits, WhoCanBeServedAtOnceInAStepWaitsNoLonger) {
    const std::array<step_wait, 2> two{{{60'000, 1, 30'000}, {0, 1, 0}}};
    EXPECT_NEAR(wait_through(two), 60'000 * (1 - std::exp(-0.5)), 1e-6);
}

TEST(StepWaits, ManyTurnsTakeTheirMeanTime) {
    for (const double turns : {49.0, 51.0, 1'000.0}) {
        const std::array<step_wait, 2> two{{{600'000, turns, 30'000}, {120'000, turns, 0}}};
        EXPECT_NEAR(wait_through(two), 120'000, 200) << turns;
    }
}

}  // namespace
}  // namespace kindred::dispatch
