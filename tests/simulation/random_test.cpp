#include "engine/simulation/distribution.hpp"
#include "engine/simulation/portable_math.hpp"
#include "engine/simulation/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace kindred::simulation {
namespace {

TEST(PortableMath, IsAsExactAsTheLibrary) {
    for (double x = 1e-12; x < 1e12; x *= 1.7)
        EXPECT_NEAR(log_of(x), std::log(x), 1e-13 * std::abs(std::log(x)) + 1e-15);
    for (double x = -600; x < 600; x += 0.37) EXPECT_NEAR(exp_of(x) / std::exp(x), 1, 1e-13);
}

TEST(Random, TheSameSeedGivesTheSameNumbersEverywhere) {
    // Written down once: another compiler or machine must find the same.
    random_stream first(1, 1);
    EXPECT_EQ(first.next(), 0x550E4E55A37114CCULL);
    random_stream again(1, 1);
    double sum = 0;
    for (int each = 0; each < 1'000; ++each) sum += again.exponential() + again.normal();
    EXPECT_EQ(sum, 0x1.e99519a62b4c8p+9);
}

TEST(Random, StreamsOfOneSeedDiffer) {
    EXPECT_NE(random_stream(1, 1).next(), random_stream(1, 2).next());
    EXPECT_NE(random_stream(1, 1).next(), random_stream(2, 1).next());
}

struct moments {
    double mean = 0;
    double deviation = 0;
};
moments of(const distribution& what) {
    random_stream from(3, 1);
    constexpr int draws = 200'000;
    double sum = 0;
    double squares = 0;
    for (int each = 0; each < draws; ++each) {
        const auto drawn = static_cast<double>(what.draw(from).count());
        sum += drawn;
        squares += drawn * drawn;
    }
    const double mean = sum / draws;
    return {mean, std::sqrt(squares / draws - mean * mean)};
}

TEST(Distributions, HaveTheMeanAndSpreadTheyAreNamedFor) {
    const duration mean{240'000};
    EXPECT_EQ(of({distribution::form::fixed, mean, 0}).mean, 240'000);
    const auto exponential = of({distribution::form::exponential, mean, 0});
    EXPECT_NEAR(exponential.mean, 240'000, 2'000);
    EXPECT_NEAR(exponential.deviation, 240'000, 3'000);
    const auto lognormal = of({distribution::form::lognormal, mean, 1.2});
    EXPECT_NEAR(lognormal.mean, 240'000, 2'500);
    EXPECT_NEAR(lognormal.deviation, 288'000, 12'000);
}

TEST(Histogram, QuantilesAreExactToOnePart) {
    histogram counts;
    for (int each = 1; each <= 100'000; ++each) counts.add(each);
    EXPECT_NEAR(counts.quantile(0.5), 50'000, 100);
    EXPECT_NEAR(counts.quantile(0.99), 99'000, 200);
    EXPECT_EQ(counts.quantile(0), 1);
    EXPECT_EQ(histogram{}.quantile(0.5), 0);
    histogram small;
    for (const int each : {0, 0, 0, 7}) small.add(each);
    EXPECT_EQ(small.quantile(0.75), 0);
    EXPECT_EQ(small.quantile(0.76), 7);
}

TEST(RatioOfSums, CoversTheTruthAsOftenAsItSays) {
    // Neighbouring stretches resemble each other a little, as they do in a queue.
    int covered = 0;
    constexpr int tries = 2'000;
    random_stream from(5, 1);
    for (int each = 0; each < tries; ++each) {
        std::vector<double> above;
        std::vector<double> below(32, 10);
        double last = 0;
        for (int stretch = 0; stretch < 32; ++stretch) {
            last = 0.1 * last + from.normal();
            above.push_back(50 + last);
        }
        const auto found = ratio_of_sums(above, below);
        covered += std::abs(found.mean - 5) <= found.half_width ? 1 : 0;
    }
    EXPECT_GT(covered, tries * 94 / 100);
}

TEST(RatioOfSums, KnowsNothingFromOneStretch) {
    EXPECT_TRUE(std::isinf(ratio_of_sums(std::vector{1.0}, std::vector{2.0}).half_width));
    EXPECT_EQ(ratio_of_sums(std::vector{0.0, 0.0}, std::vector{0.0, 0.0}).mean, 0);
    EXPECT_NEAR(student_95(31), 2.0395, 1e-3);
}

}  // namespace
}  // namespace kindred::simulation
