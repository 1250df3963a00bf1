#include "conditions/support/random_conditions.hpp"
#include "engine/conditions/condition_index.hpp"
#include "engine/conditions/contradiction.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::conditions {
namespace {

using testing_support::give_random_facts;
using testing_support::random_when;
using testing_support::world;

RC_GTEST_PROP(Index, FindsWhatTryingEachInOrderFinds, ()) {
    world around;
    std::vector<condition> all;
    const int count = *rc::gen::inRange(0, 30);
    for (int i = 0; i < count; ++i) all.push_back(around.parse(random_when(2)));
    RC_ASSERT(around.found.empty());
    std::vector<const condition*> in_order;
    for (const auto& each : all) in_order.push_back(&each);
    const condition_index index(in_order, around.catalog);
    for (int contact = 0; contact < 20; ++contact) {
        around.values.clear();
        give_random_facts(around);
        // What a share lets fall through.
        const auto refused = static_cast<std::size_t>(*rc::gen::inRange(0, 30));
        fact_table naive_facts(around.catalog, around.words, around, around.now);
        std::optional<std::size_t> expected;
        for (std::size_t i = 0; i < all.size() && !expected; ++i)
            if (i != refused && holds(all[i], naive_facts)) expected = i;
        fact_table facts(around.catalog, around.words, around, around.now);
        RC_ASSERT(index.first(facts, [&](std::size_t place) { return place != refused; }) == expected);
    }
}

TEST(Contradiction, IsFoundInTheSimpleCases) {
    for (const char* clash :
         {"{ kind: phone, all: [ { kind: chat } ] }", "{ count: { above: 5, below: 3 } }",
          "{ text: a, all: [ { text: { not: a } } ] }", "{ text: a, all: [ { text: { known: false } } ] }"}) {
        world around;
        EXPECT_TRUE(find_contradiction(around.parse(clash), around.catalog)) << clash;
    }
    for (const char* fine :
         {"{ tags: x, all: [ { tags: y } ] }", "{ count: { at_least: 3, at_most: 3 } }", "{ text: a }"}) {
        world around;
        EXPECT_FALSE(find_contradiction(around.parse(fine), around.catalog)) << fine;
    }
}

}  // namespace
}  // namespace kindred::conditions
