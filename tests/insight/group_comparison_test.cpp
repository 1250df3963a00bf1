#include "engine/insight/group_comparison.hpp"
#include "engine/insight/findings.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>

namespace kindred::insight {
namespace {

/// Scores 1 to 5 around a mean: the same on every machine.
std::vector<double> scores(std::mt19937_64& random, std::size_t count, double mean) {
    std::vector<double> made;
    for (std::size_t each = 0; each < count; ++each) {
        double sum = 0;
        for (int part = 0; part < 12; ++part) sum += static_cast<double>(random() >> 11) * 0x1p-53;
        made.push_back(std::clamp(mean + sum - 6, 1.0, 5.0));
    }
    return made;
}

TEST(group_comparison, FindsADifferenceAndSaysHowLarge) {
    std::mt19937_64 random(1);
    const auto made = compare_numbers(
        "value", "satisfaction",
        {{"vip", scores(random, 200, 4)}, {"regular", scores(random, 200, 3)}, {"newcomer", scores(random, 200, 3)}},
        {});
    EXPECT_EQ(made.by, method::kruskal_wallis);
    EXPECT_LT(made.test.p, 1e-6);
    EXPECT_GT(made.differs.low, 0.05);
    EXPECT_EQ(made.answers, 600);
    EXPECT_EQ(made.more_needed, 0);
    EXPECT_TRUE(is_difference(made, {}));
    ASSERT_EQ(made.pairs.size(), 3U);
    EXPECT_LT(made.pairs[0].adjusted_p, 0.05);
    EXPECT_LT(made.pairs[1].adjusted_p, 0.05);
    EXPECT_GT(made.pairs[2].adjusted_p, 0.05) << "regular and newcomer";
}

TEST(group_comparison, PermutesWhereAGroupIsSmall) {
    const auto made = compare_numbers("value", "satisfaction", {{"a", {1, 2, 3}}, {"b", {4, 5, 6}}}, {});
    EXPECT_EQ(made.by, method::kruskal_wallis_permuted);
    EXPECT_NEAR(made.test.p, 0.1, 0.01) << "2 of the 20 ways to part six values are as extreme";
    EXPECT_GT(made.more_needed, 100);
    EXPECT_LT(made.power, 0.2);
    const auto again = compare_numbers("value", "satisfaction", {{"a", {1, 2, 3}}, {"b", {4, 5, 6}}}, {});
    EXPECT_EQ(made.test.p, again.test.p) << "the same seed";
}

TEST(group_comparison, PermutesTablesWithFewExpected) {
    const contingency table{{"a", "b"}, {"yes", "no"}, {{3, 1}, {1, 3}}};
    const auto made = compare_categories("value", "answer", table, {});
    EXPECT_EQ(made.by, method::chi_squared_permuted);
    EXPECT_NEAR(made.test.p, 0.4857, 0.01) << "Fisher's tea-tasting lady: 34 of 70 tables are as extreme";
}

TEST(group_comparison, SaysNothingOfOneGroup) {
    const auto alone = compare_numbers("value", "satisfaction", {{"vip", {1, 2, 3}}, {"regular", {}}}, {});
    EXPECT_EQ(alone.test.p, 1);
    EXPECT_EQ(alone.groups.size(), 1U);
    EXPECT_TRUE(alone.pairs.empty());
    EXPECT_FALSE(is_negligible(alone, {}));
    EXPECT_EQ(compare_numbers("value", "satisfaction", {}, {}).answers, 0);
    EXPECT_EQ(compare_categories("value", "intent", {}, {}).answers, 0);
    const auto same = compare_numbers("value", "satisfaction", {{"a", {3, 3, 3}}, {"b", {3, 3}}}, {});
    EXPECT_EQ(same.test.p, 1);
}

TEST(group_comparison, MeasuresHowAlikeMembersAre) {
    const auto numbers =
        compare_numbers("value", "satisfaction", {{"same", {5, 5, 5, 5, 5, 5}}, {"mixed", {1, 5, 1, 5, 3, 3}}}, {});
    EXPECT_EQ(numbers.groups[0].alike, 1);
    EXPECT_LT(numbers.groups[1].alike, 0.2);
    EXPECT_EQ(numbers.groups[0].mean, 5);
    EXPECT_NEAR(numbers.groups[1].deviation, 1.788854, 1e-6);
    const auto table =
        compare_categories("value", "intent", {{"same", "mixed"}, {"buy", "ask"}, {{10, 0}, {5, 5}}}, {});
    EXPECT_EQ(table.groups[0].alike, 1);
    EXPECT_NEAR(table.groups[1].alike, 0, 1e-12);
    EXPECT_EQ(table.groups[0].commonest, "buy");
    EXPECT_EQ(table.groups[1].share, 0.5);
}

TEST(group_comparison, CorrectsForHowManyAreLookedAt) {
    std::vector<group_comparison> all(20);
    for (auto& each : all) each.test.p = 0.5;
    all[7].test.p = 0.04;
    adjust(all);
    EXPECT_GT(all[7].adjusted_p, 0.4) << "one in twenty is below 5 % by chance";
}

const finding* find(const std::vector<finding>& all, finding_kind kind) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const finding& each) { return each.kind == kind; });
    return found == all.end() ? nullptr : &*found;
}

TEST(findings, ProposeToMergeGroupsThatAnswerAlike) {
    std::mt19937_64 random(2);
    std::vector<group_comparison> all{compare_numbers("value", "satisfaction",
                                                      {{"vip", scores(random, 3'000, 4)},
                                                       {"regular", scores(random, 3'000, 3)},
                                                       {"newcomer", scores(random, 3'000, 3)}},
                                                      {})};
    adjust(all);
    const auto made = findings_of(all, {}, {});
    const auto* merge = find(made, finding_kind::consider_merging);
    ASSERT_NE(merge, nullptr);
    EXPECT_EQ(merge->text, "regular and newcomer answer alike: consider merging");
    ASSERT_NE(find(made, finding_kind::tells_apart), nullptr);
    EXPECT_EQ(find(made, finding_kind::predicts_nothing), nullptr);
}

TEST(findings, ProposeNoMergerWhereAnotherOutcomeDiffers) {
    std::mt19937_64 random(3);
    std::vector<group_comparison> all{compare_numbers("value", "satisfaction",
                                                      {{"vip", scores(random, 3'000, 4)},
                                                       {"regular", scores(random, 3'000, 3)},
                                                       {"newcomer", scores(random, 3'000, 3)}},
                                                      {}),
                                      compare_numbers("value", "handling",
                                                      {{"vip", scores(random, 3'000, 3)},
                                                       {"regular", scores(random, 3'000, 3)},
                                                       {"newcomer", scores(random, 3'000, 4)}},
                                                      {})};
    adjust(all);
    const auto made = findings_of(all, {}, {});
    EXPECT_EQ(find(made, finding_kind::consider_merging), nullptr) << find(made, finding_kind::consider_merging)->text;
}

TEST(findings, NeverTakeFewAnswersForAlike) {
    std::mt19937_64 random(4);
    std::vector<group_comparison> all{
        compare_numbers("gender", "satisfaction", {{"f", scores(random, 15, 3)}, {"m", scores(random, 15, 3)}}, {})};
    adjust(all);
    const auto made = findings_of(all, {}, {});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].kind, finding_kind::more_answers);
    EXPECT_NE(made[0].text.find("more answers are needed to tell whether gender matters to satisfaction"),
              std::string::npos);
}

TEST(findings, SayWhatPredictsNothing) {
    std::mt19937_64 random(5);
    std::vector<group_comparison> all{compare_numbers(
        "gender", "satisfaction", {{"f", scores(random, 4'000, 3)}, {"m", scores(random, 4'000, 3)}}, {})};
    adjust(all);
    const auto made = findings_of(all, {}, {});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].text, "gender predicts nothing here");
}

TEST(findings, ProposeToSplitAGroupThatFallsApart) {
    std::mt19937_64 random(6);
    std::vector<group_comparison> inside{compare_numbers(
        "channel", "satisfaction", {{"phone", scores(random, 300, 4)}, {"email", scores(random, 300, 2.5)}}, {})};
    adjust(inside);
    const auto made = findings_of({}, {{"value", "vip", inside[0]}}, {});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].kind, finding_kind::consider_splitting);
    EXPECT_EQ(made[0].text.substr(0, 35), "vip falls into 2 groups by channel ");
}

}  // namespace
}  // namespace kindred::insight
