#include "engine/insight/split_tree.hpp"
#include "engine/insight/best_split.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace kindred::insight {
namespace {

double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

struct shop {
    std::vector<attribute_column> attributes;
    outcome_columns outcomes;
};

/// Big spenders are content; of the others, those in Mexico are not. Shoe size has nothing to do with it.
shop made_shop(std::size_t customers, double noise) {
    std::mt19937_64 random(11);
    std::vector<double> spent;
    std::vector<double> shoes;
    std::vector<std::string> country;
    std::vector<double> satisfaction;
    for (std::size_t each = 0; each < customers; ++each) {
        spent.push_back(std::floor(uniform(random) * 1'000));
        shoes.push_back(std::floor(35 + uniform(random) * 12));
        country.push_back(std::vector<std::string>{"ES", "MX", "US"}[random() % 3]);
        const double plain = spent.back() >= 700 ? 5 : country.back() == "MX" ? 2 : 4;
        satisfaction.push_back(plain + (uniform(random) - 0.5) * noise);
    }
    return {{{"customer.shoe_size", shoes}, {"customer.spent", spent}, {"customer.country", country}}, {satisfaction}};
}

TEST(split_tree, FindsWhatPartsCustomers) {
    const auto shop = made_shop(2'000, 1);
    const auto tree = grow_tree(shop.attributes, shop.outcomes, {}).value();
    ASSERT_TRUE(tree.proposes());
    EXPECT_GT(tree.explained, 0.8);
    EXPECT_EQ(
        segments_yaml(tree, "contentment", "behavioral"),
        "segments:\n"
        "  contentment:\n"
        "    kind: behavioral\n"
        "    groups:\n"
        "      - { name: spent_696, when: { all: [{ customer.spent: { at_least: 696 } }] } }  # 646 customers\n"
        "      - { name: country_ES_US, when: { all: [{ customer.country: [\"ES\", \"US\"] }] } }  # 898 customers\n"
        "      - { name: others }  # 456 customers\n");
}

TEST(split_tree, ProposesNothingWhereThereIsNothing) {
    std::mt19937_64 random(5);
    shop none;
    std::vector<double> noise;
    std::vector<double> answers;
    std::vector<std::string> country;
    for (int each = 0; each < 1'000; ++each) {
        noise.push_back(uniform(random));
        answers.push_back(std::floor(uniform(random) * 5));
        country.push_back(std::vector<std::string>{"ES", "MX", "US"}[random() % 3]);
    }
    const auto tree = grow_tree({{"customer.noise", noise}, {"customer.country", country}}, {answers}, {}).value();
    EXPECT_FALSE(tree.proposes());
    EXPECT_LT(tree.explained, 0.01);
}

TEST(split_tree, TellsCategoriesApart) {
    std::mt19937_64 random(8);
    std::vector<double> orders;
    outcome_columns intents(3);
    for (int each = 0; each < 900; ++each) {
        orders.push_back(static_cast<double>(random() % 12));
        const std::size_t intent = uniform(random) < 0.1 ? random() % 3
                                   : orders.back() >= 8  ? 2
                                   : orders.back() >= 3  ? 1
                                                         : 0;
        for (std::size_t column = 0; column < 3; ++column) intents[column].push_back(column == intent ? 1 : 0);
    }
    const auto tree = grow_tree({{"customer.orders", orders}}, intents, {}).value();
    ASSERT_EQ(tree.nodes.size(), 5U) << "two questions, three groups";
}

TEST(split_tree, AsksForRoundNumbers) {
    std::vector<double> spent;
    std::vector<double> answers;
    for (int each = 0; each < 200; ++each) {
        spent.push_back(each % 2 == 0 ? 488.5 : 1'012.25);
        answers.push_back(each % 2 == 0 ? 1 : 5);
    }
    const auto tree = grow_tree({{"customer.spent", spent}}, {answers}, {}).value();
    ASSERT_EQ(tree.nodes.size(), 3U);
    EXPECT_EQ(std::get<double>(tree.nodes[0].question->is), 1'000);
}

TEST(split_tree, TreatsTheUnknownAsNo) {
    std::vector<double> spent;
    std::vector<double> answers;
    for (int each = 0; each < 300; ++each) {
        spent.push_back(each % 3 == 0 ? std::numeric_limits<double>::quiet_NaN() : each % 3 == 1 ? 10 : 900);
        answers.push_back(each % 3 == 2 ? 5 : 1);
    }
    const auto tree = grow_tree({{"customer.spent", spent}}, {answers}, {}).value();
    ASSERT_EQ(tree.nodes.size(), 3U);
    EXPECT_EQ(tree.nodes[tree.nodes[0].yes].customers, 100U);
    EXPECT_EQ(tree.nodes[tree.nodes[0].no].customers, 200U);
    EXPECT_EQ(tree.nodes[tree.nodes[0].yes].means[0], 5);
}

TEST(split_tree, RefusesWhatDoesNotFit) {
    const attribute_column three{"customer.spent", std::vector<double>{1, 2, 3}};
    const auto refusal = [&](const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                             const tree_policy& policy) {
        auto made = grow_tree(attributes, outcomes, policy);
        return made ? std::string("taken") : made.error().message;
    };
    EXPECT_EQ(refusal({three}, {{1, 2}}, {}), "customer.spent does not have a value for each customer");
    EXPECT_EQ(refusal({three}, {{1, 2, 3}, {1, 2}}, {}), "outcome columns differ in length");
    EXPECT_EQ(refusal({three}, {{1, 2, NAN}}, {}), "an outcome is not a number");
    EXPECT_EQ(refusal({three}, {}, {}), "no customer has an outcome");
    EXPECT_EQ(refusal({three}, {{1, 2, 3}}, {.depth = 7}), "depth must be 1 to 6");
    EXPECT_EQ(refusal({three}, {{1, 2, 3}}, {}), "taken") << "too few for any question: no proposal, no error";
}

/// The gain of a question, counted the slow way.
double gain_of(const attribute_column& attribute, const split& question, const outcome_columns& outcomes) {
    std::vector<std::uint32_t> all(outcomes[0].size());
    std::iota(all.begin(), all.end(), 0U);
    std::vector<std::uint32_t> yes;
    std::vector<std::uint32_t> no;
    for (const auto row : all) (says_yes(attribute, question, row) ? yes : no).push_back(row);
    return error_of(outcomes, all) - error_of(outcomes, yes) - error_of(outcomes, no);
}

RC_GTEST_PROP(best_split, IsAsGoodAsTheBestOfAllThresholds, ()) {
    const auto size = *rc::gen::inRange<std::size_t>(4, 40);
    std::vector<double> values;
    std::vector<double> answers;
    for (std::size_t each = 0; each < size; ++each) {
        values.push_back(*rc::gen::inRange(0, 10));
        answers.push_back(*rc::gen::inRange(0, 6));
    }
    const attribute_column attribute{"x", values};
    std::vector<std::uint32_t> rows(size);
    std::iota(rows.begin(), rows.end(), 0U);
    double best = 0;
    for (int threshold = 0; threshold < 10; ++threshold) {
        const split question{"x", static_cast<double>(threshold)};
        const auto yes = static_cast<std::size_t>(
            std::count_if(values.begin(), values.end(), [&](double each) { return each >= threshold; }));
        if (yes < 2 || size - yes < 2) continue;
        best = std::max(best, gain_of(attribute, question, {answers}));
    }
    const auto found = best_split({attribute}, {answers}, rows, 2);
    RC_ASSERT(std::abs((found ? found->gain : 0.0) - best) < 1e-6);
    if (found) RC_ASSERT(std::abs(gain_of(attribute, found->question, {answers}) - found->gain) < 1e-6);
}

RC_GTEST_PROP(best_split, IsAsGoodAsTheBestOfAllSetsOfCategories, ()) {
    const auto size = *rc::gen::inRange<std::size_t>(6, 40);
    std::vector<std::string> values;
    std::vector<double> answers;
    const std::vector<std::string> names{"a", "b", "c", "d", ""};
    for (std::size_t each = 0; each < size; ++each) {
        values.push_back(names[*rc::gen::inRange<std::size_t>(0, names.size())]);
        answers.push_back(*rc::gen::inRange(0, 6));
    }
    const attribute_column attribute{"x", values};
    std::vector<std::uint32_t> rows(size);
    std::iota(rows.begin(), rows.end(), 0U);
    double best = 0;
    for (unsigned set = 1; set < 16; ++set) {
        split question{"x", std::vector<std::string>{}};
        for (unsigned each = 0; each < 4; ++each) {
            if ((set & (1U << each)) != 0) std::get<1>(question.is).push_back(names[each]);
        }
        std::size_t yes = 0;
        for (const auto row : rows) yes += says_yes(attribute, question, row) ? 1 : 0;
        if (yes < 1 || size - yes < 1) continue;
        best = std::max(best, gain_of(attribute, question, {answers}));
    }
    const auto found = best_split({attribute}, {answers}, rows, 1);
    const double gain = found ? found->gain : 0.0;
    // Who is not known always says no, so with them the run of means is not always the very best, but nearly.
    const bool all_known = std::find(values.begin(), values.end(), "") == values.end();
    const bool as_good = all_known ? std::abs(gain - best) < 1e-6 : gain <= best + 1e-6;
    RC_ASSERT(as_good);
}

}  // namespace
}  // namespace kindred::insight
