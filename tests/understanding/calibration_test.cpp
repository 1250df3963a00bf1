#include "engine/understanding/calibration.hpp"
#include "engine/understanding/feature_space.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <cmath>
#include <set>

namespace kindred::understanding {
namespace {

TEST(temperature, MakesTheSaidProbabilityTheTrueOne) {
    // Scores that are a full point apart and right nine times out of ten: p should be 0.9, so t = ln 9.
    std::vector<scored_example> examples;
    for (std::uint32_t i = 0; i < 10'000; ++i) examples.push_back({{1.0F, 0.0F}, i % 10 == 0 ? 1U : 0U});
    EXPECT_NEAR(fit_temperature(examples), std::log(9.0), 0.01);
    EXPECT_EQ(fit_temperature({}), 1.0F);
}

TEST(temperature, IsUsualWhereExamplesAreFew) {
    const std::vector<scored_example> two{{{1.0F, 0.0F}, 0}, {{0.0F, 1.0F}, 1}};
    EXPECT_GT(fit_temperature(two), 3.0F);
    EXPECT_LT(fit_temperature(two), 10.0F) << "not as sure as two right answers would make it";
}

TEST(threshold, GivesUpFivePercentWhenNothingElseIsKnown) {
    std::vector<float> scores;
    for (int i = 0; i < 100; ++i) scores.push_back(static_cast<float>(i));
    EXPECT_EQ(choose_threshold(scores, {}), 5.0F);
    EXPECT_EQ(choose_threshold({}, {1.0F}), 0.0F);
}

TEST(threshold, StandsBetweenTheTwoWhereItCan) {
    const float chosen = choose_threshold({5, 6, 7, 8}, {1, 2, 3});
    EXPECT_GT(chosen, 3.0F);
    EXPECT_LE(chosen, 5.0F);
}

RC_GTEST_PROP(feature_space, GivesVectorsNoLongerThanOne, ()) {
    const auto grams = rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 40));
    const auto texts = *rc::gen::container<std::vector<std::vector<std::uint32_t>>>(grams);
    const auto asked = *grams;
    gram_counter counter;
    for (const auto& each : texts) counter.add({each});
    const auto space = counter.space(1);
    double square = 0;
    bool all_known = !asked.empty();
    for (const auto gram : asked) all_known = all_known && space.row_of(gram).has_value();
    std::set<std::uint32_t> rows;
    const auto vector = space.project({asked});
    for (const auto& each : vector) {
        square += static_cast<double>(each.weight) * static_cast<double>(each.weight);
        RC_ASSERT(rows.insert(each.row).second);
    }
    RC_ASSERT(square < 1.0001);
    if (all_known) RC_ASSERT(square > 0.9999);
}

TEST(gram_counter, CountsTextsNotOccurrences) {
    gram_counter counter;
    counter.add({std::vector<std::uint32_t>{1, 1, 1, 2}});
    counter.add({std::vector<std::uint32_t>{2, 3}});
    EXPECT_EQ(counter.size(1), 3U);
    EXPECT_EQ(counter.size(2), 1U);
    const auto space = counter.space(1);
    EXPECT_GT(space.grams()[0].rarity, space.grams()[1].rarity);
    EXPECT_FALSE(space.row_of(9));
    EXPECT_FALSE(feature_space().row_of(1));
}

}  // namespace
}  // namespace kindred::understanding
