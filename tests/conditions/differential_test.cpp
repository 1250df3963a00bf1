#include "conditions/support/naive.hpp"
#include "engine/conditions/condition_index.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::conditions {
namespace {

using testing_support::naive_condition;
using testing_support::world;

/// A set of rules twice: compiled and indexed, and as it was drawn.
class two_readings {
public:
    two_readings(std::mt19937& random, std::size_t rules) {
        for (std::size_t i = 0; i < rules; ++i) {
            drawn_.push_back(testing_support::random_condition(random, 2));
            compiled_.push_back(around_.parse(testing_support::to_yaml(drawn_.back())));
        }
        EXPECT_EQ(around_.problems_text(), "");
        std::vector<const condition*> in_order;
        for (const auto& each : compiled_) in_order.push_back(&each);
        index_.emplace(std::move(in_order), around_.catalog);
    }

    /// The places of all rules that hold, by the index and by trying each as drawn.
    std::vector<std::size_t> by_index() {
        fact_table facts(around_.catalog, around_.words, around_, around_.now);
        std::vector<std::size_t> holding;
        index_->first(facts, [&](std::size_t place) {
            holding.push_back(place);
            return false;
        });
        std::sort(holding.begin(), holding.end());
        holding.erase(std::unique(holding.begin(), holding.end()), holding.end());
        return holding;
    }
    std::vector<std::size_t> by_trying() const {
        std::vector<std::size_t> holding;
        for (std::size_t i = 0; i < drawn_.size(); ++i)
            if (testing_support::naively_holds(drawn_[i], around_.values, around_.now)) holding.push_back(i);
        return holding;
    }
    std::optional<std::size_t> first_by_index() {
        fact_table facts(around_.catalog, around_.words, around_, around_.now);
        return index_->first(facts, [](std::size_t) { return true; });
    }

    void meet(std::map<std::string, fact_value> facts) { around_.values = std::move(facts); }
    time_point now() const { return around_.now; }
    const naive_condition& drawn(std::size_t place) const { return drawn_[place]; }

private:
    world around_;
    std::vector<naive_condition> drawn_;
    std::vector<condition> compiled_;
    std::optional<condition_index> index_;
};

// 100 rule sets x 100 rules x 110 contacts: 1.1 million pairs.
constexpr std::size_t rules_in_a_set = 100;
constexpr int contacts_a_set = 110;

RC_GTEST_PROP(Differential, TheIndexAgreesWithTryingEachRuleAsItIsWritten, ()) {
    std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
    two_readings rules(random, rules_in_a_set);
    for (int contact = 0; contact < contacts_a_set; ++contact) {
        rules.meet(testing_support::random_facts(random, rules.now()));
        const auto expected = rules.by_trying();
        RC_ASSERT(rules.by_index() == expected);
        const auto first = expected.empty() ? std::nullopt : std::optional(expected.front());
        RC_ASSERT(rules.first_by_index() == first);
    }
}

}  // namespace
}  // namespace kindred::conditions
