#include "conditions/support/world.hpp"
#include "engine/conditions/condition_index.hpp"
#include "engine/conditions/implication.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::conditions {
namespace {

using testing_support::world;

/// One test on one fact, in YAML; few values, so that tests meet facts often.
std::string random_test() {
    return *rc::gen::element<std::string>(
        "text: a", "text: [a, b]", "text: { not: a }", "text: { not_in: [b, c] }", "text: { known: true }", "other: a",
        "other: [b, c]", "other: { known: false }", "tags: x", "tags: [x, y]", "tags: { not: z }", "kind: phone",
        "kind: [phone, chat]", "kind: { not: email }", "stage: onboarding", "stage: { at_least: established }",
        "stage: [considering, expanding]", "count: 1", "count: { at_least: 2 }", "count: { between: [1, 3] }",
        "count: { not: 2 }", "amount: { below: 1.5 }", "flag: yes", "flag: { not: no }");
}

/// A mapping in flow style; a fact may stand once in it.
std::string random_when(int depth) {
    std::map<std::string, std::string> entries;
    const int count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) {
        if (depth > 0 && *rc::gen::inRange(0, 4) == 0) {
            const auto kind = *rc::gen::element<std::string>("all", "any", "none");
            std::string members;
            const int size = *rc::gen::inRange(0, 3);
            for (int j = 0; j < size; ++j) members += (members.empty() ? "" : ", ") + random_when(depth - 1);
            entries[kind] = kind + ": [" + members + "]";
        } else {
            const auto test = random_test();
            entries[test.substr(0, test.find(':'))] = test;
        }
    }
    std::string all;
    for (const auto& [key, entry] : entries) all += (all.empty() ? "" : ", ") + entry;
    return "{ " + all + " }";
}

void give_random_facts(world& around) {
    const auto text = [] { return fact_value(*rc::gen::element<std::string>("a", "b", "c", "d")); };
    const auto maybe = [&](const char* fact, auto value) {
        if (*rc::gen::inRange(0, 4) != 0) around.values[fact] = value();
    };
    maybe("text", text);
    maybe("other", text);
    maybe("tags", [] {
        return fact_value(
            *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>("x", "y", "z", "w")));
    });
    maybe("kind", [] { return fact_value(*rc::gen::element<std::string>("email", "chat", "phone")); });
    maybe("stage", [] {
        return fact_value(*rc::gen::element<std::string>("considering", "onboarding", "established", "expanding"));
    });
    maybe("count", [] { return fact_value(*rc::gen::inRange<std::int64_t>(0, 5)); });
    maybe("amount", [] { return fact_value(*rc::gen::element(0.5, 1.0, 1.5, 2.0)); });
    maybe("flag", [] { return fact_value(*rc::gen::arbitrary<bool>()); });
}

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

RC_GTEST_PROP(Implication, IsNeverClaimedWhereAContactDisproves, ()) {
    world around;
    const auto narrow = around.parse(random_when(1));
    const auto wide = around.parse(random_when(1));
    RC_ASSERT(around.found.empty());
    const bool claimed = implies(narrow, wide, around.catalog);
    const bool never = find_contradiction(narrow, around.catalog).has_value();
    for (int contact = 0; contact < 50; ++contact) {
        around.values.clear();
        give_random_facts(around);
        fact_table facts(around.catalog, around.words, around, around.now);
        const bool narrow_holds = holds(narrow, facts);
        if (claimed && narrow_holds) RC_ASSERT(holds(wide, facts));
        if (never) RC_ASSERT(!narrow_holds);
    }
}

TEST(Implication, IsProvedInTheSimpleCases) {
    struct pair {
        const char* narrow;
        const char* wide;
        bool proved;
    };
    for (const auto& each : std::vector<pair>{
             {"{ text: a, count: 1 }", "{ text: a }", true},
             {"{ text: a }", "{ text: [a, b] }", true},
             {"{ text: [a, b] }", "{ text: a }", false},
             {"{ text: a }", "{}", true},
             {"{}", "{ text: a }", false},
             {"{ text: a }", "{ text: { not: b } }", true},
             {"{ text: a }", "{ text: { known: true } }", true},
             {"{ count: { at_least: 5 } }", "{ count: { at_least: 1 } }", true},
             {"{ count: { between: [2, 3] } }", "{ count: { above: 1, below: 4 } }", true},
             {"{ count: { at_least: 1 } }", "{ count: { above: 1 } }", false},
             {"{ stage: { at_least: established } }", "{ stage: { at_least: onboarding } }", true},
             {"{ text: a }", "{ any: [ { text: a }, { count: 1 } ] }", true},
             {"{ text: { contains: call } }", "{ text: { contains_any: [call, phone] } }", true},
             {"{ tags: x }", "{ tags: { not: y } }", false},  // tags may have both
         }) {
        world around;
        const auto narrow = around.parse(each.narrow);
        const auto wide = around.parse(each.wide);
        ASSERT_EQ(around.problems_text(), "");
        EXPECT_EQ(implies(narrow, wide, around.catalog), each.proved) << each.narrow << " => " << each.wide;
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
