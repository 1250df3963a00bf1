#include "engine/http/rate_limiter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace kindred::http {
namespace {

using namespace std::chrono_literals;

const rate_limiter::time start = rate_limiter::time{} + 1h;

TEST(RateLimiter, AllowsABurstAndThenARate) {
    rate_limiter limiter(100ms, 3);
    for (int act = 0; act < 3; ++act) EXPECT_EQ(limiter.refuse("a", start), std::nullopt);
    EXPECT_EQ(limiter.refuse("a", start), 100ms);
    EXPECT_EQ(limiter.refuse("b", start), std::nullopt);
    EXPECT_EQ(limiter.refuse("a", start + 99ms), 1ms);
    EXPECT_EQ(limiter.refuse("a", start + 100ms), std::nullopt);
    EXPECT_EQ(limiter.refuse("a", start + 100ms), 100ms);
    for (int act = 0; act < 3; ++act) EXPECT_EQ(limiter.refuse("a", start + 10s), std::nullopt);
    EXPECT_EQ(limiter.refuse("a", start + 10s), 100ms);
}

TEST(RateLimiter, ForgetsThoseWithAWholeAllowanceAndLetsTheRestShareOne) {
    rate_limiter limiter(100ms, 1, 2);
    EXPECT_EQ(limiter.refuse("a", start), std::nullopt);
    EXPECT_EQ(limiter.refuse("b", start), std::nullopt);
    EXPECT_EQ(limiter.refuse("c", start), std::nullopt);
    EXPECT_EQ(limiter.refuse("d", start), 100ms);
    EXPECT_EQ(limiter.keys(), 2U);
    EXPECT_EQ(limiter.refuse("d", start + 5s), std::nullopt);
    EXPECT_EQ(limiter.keys(), 1U);
}

RC_GTEST_PROP(RateLimiter, NeverAllowsMoreThanItSays, (std::vector<unsigned> gaps)) {
    rate_limiter limiter(100ms, 4);
    auto now = start;
    std::vector<rate_limiter::time> allowed;
    for (const auto gap : gaps) {
        now += std::chrono::milliseconds(gap % 150);
        if (!limiter.refuse("a", now)) allowed.push_back(now);
    }
    for (std::size_t first = 0; first < allowed.size(); ++first) {
        const auto within = std::count_if(allowed.begin() + static_cast<long>(first), allowed.end(),
                                          [&](auto at) { return at - allowed[first] < 1000ms; });
        RC_ASSERT(within <= 4 + 10);
    }
}

}  // namespace
}  // namespace kindred::http
