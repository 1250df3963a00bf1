#include "engine/load/latency_histogram.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace kindred::load {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(latency_histogram, of_nothing_is_zero) {
    const latency_histogram none;
    EXPECT_EQ(none.count(), 0U);
    EXPECT_EQ(none.max(), 0ns);
    EXPECT_EQ(none.quantile(0.99), 0ns);
}

TEST(latency_histogram, finds_the_quantile_of_known_durations) {
    latency_histogram all;
    for (int i = 1; i <= 1000; ++i) all.add(std::chrono::microseconds(i));
    EXPECT_EQ(all.count(), 1000U);
    EXPECT_EQ(all.max(), 1ms);
    EXPECT_NEAR(static_cast<double>(all.quantile(0.5).count()), 500e3, 5e3);
    EXPECT_NEAR(static_cast<double>(all.quantile(0.99).count()), 990e3, 10e3);
    EXPECT_EQ(all.quantile(1), 1ms);
}

TEST(latency_histogram, one_slow_answer_among_a_thousand_shows_at_the_end_only) {
    latency_histogram all;
    for (int i = 0; i < 999; ++i) all.add(100ns);
    all.add(2s);
    EXPECT_EQ(all.quantile(0.999), 100ns);
    EXPECT_EQ(all.quantile(0.9999), 2s);
    EXPECT_EQ(all.max(), 2s);
}

TEST(latency_histogram, takes_what_lies_outside_of_its_range) {
    latency_histogram all;
    all.add(-5ms);
    all.add(24h);
    EXPECT_EQ(all.quantile(0.5), 0ns);
    EXPECT_EQ(all.quantile(1), 24h);
}

// Against the definition: sort, and take the smallest that enough do not exceed.
RC_GTEST_PROP(latency_histogram_laws, is_at_most_one_percent_over_the_exact_quantile, ()) {
    const auto durations = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 3'600'000'000'000)));
    const double share = *rc::gen::inRange(1, 1001) / 1000.0;
    latency_histogram all;
    for (const auto each : durations) all.add(nanoseconds(each));
    auto sorted = durations;
    std::sort(sorted.begin(), sorted.end());
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    const auto exact = sorted[rank - 1];
    const auto found = all.quantile(share).count();
    RC_ASSERT(found >= exact);
    RC_ASSERT(static_cast<double>(found) <= static_cast<double>(exact) * 1.01);
}

}  // namespace
}  // namespace kindred::load
