#include "engine/base/rate.hpp"

#include <gtest/gtest.h>

namespace kindred {
namespace {

using namespace std::chrono_literals;

constexpr time_point noon{duration{1'795'000'000'000}};

TEST(Rate, IsReadOrRefused) {
    EXPECT_EQ(parse_rate("80/1s"), (rate{80, 1s}));
    EXPECT_EQ(parse_rate("200/15m"), (rate{200, 15min}));
    EXPECT_EQ(parse_rate("1/1d"), (rate{1, 24h}));
    for (const auto* wrong : {"", "80", "/1s", "80/", "0/1s", "-1/1s", "80/0s", "80/-1s", "80/2d", "1.5/1s", "x/1s",
                              "10000000/1s", "80/1s/2"})
        EXPECT_EQ(parse_rate(wrong), std::nullopt) << wrong;
}

TEST(Allowance, GivesAllAtOnceAndThenOneAfterTheOther) {
    const rate three{3, 3s};
    allowance held;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(held.next(three, noon), noon) << i;
        held.take(three, noon);
    }
    EXPECT_EQ(held.next(three, noon), noon + 1s);
    EXPECT_EQ(held.next(three, noon + 1s), noon + 1s);
    held.take(three, noon + 1s);
    EXPECT_EQ(held.next(three, noon + 1s), noon + 2s);
    EXPECT_FALSE(held.is_full(noon + 2s));
    EXPECT_TRUE(held.is_full(noon + 4s));
}

TEST(Allowance, NeverGivesMoreThanWasAgreedInAnySpan) {
    for (const rate of : {rate{1, 1s}, rate{7, 1s}, rate{80, 1s}, rate{200, 15min}}) {
        allowance held;
        std::vector<time_point> taken;
        auto now = noon;
        while (taken.size() < of.times * 3U) {
            now = held.next(of, now);
            held.take(of, now);
            taken.push_back(now);
        }
        // A full bucket and what flows in meanwhile: at most twice the agreed number in one span, as buckets are.
        for (std::size_t i = 0; i + 2 * of.times < taken.size(); ++i)
            EXPECT_GE(taken[i + 2 * of.times] - taken[i], of.per) << of.times;
        // Once the bucket is empty, the agreed number.
        for (std::size_t i = of.times; i + of.times < taken.size(); ++i)
            EXPECT_GE(taken[i + of.times] - taken[i], of.per) << of.times;
    }
}

}  // namespace
}  // namespace kindred
