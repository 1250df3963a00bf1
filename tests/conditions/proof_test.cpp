#include "engine/conditions/proof.hpp"
#include "conditions/support/random_conditions.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::conditions {
namespace {

using testing_support::world;

struct covered {
    std::vector<const char*> earlier;
    const char* later;
    std::vector<std::size_t> by;  ///< empty: some contact gets past the earlier ones
};

std::vector<std::size_t> cover_of(const covered& given) {
    world around;
    std::vector<condition> all;
    for (const auto* each : given.earlier) all.push_back(around.parse(each));
    all.push_back(around.parse(given.later));
    EXPECT_EQ(around.problems_text(), "");
    prover proving(around.catalog, around.words);
    for (const auto& each : all) proving.add(each);
    effort work{100'000};
    return proving.covering(all.size() - 1, work).value_or(std::vector<std::size_t>{});
}

TEST(Proof, OneEarlierConditionMayCover) {
    for (const auto& each : std::vector<covered>{
             {{"{ text: a }"}, "{ text: a, count: 1 }", {0}},
             {{"{ text: [a, b] }"}, "{ text: a }", {0}},
             {{"{ text: a }"}, "{ text: [a, b] }", {}},
             {{"{}"}, "{ text: a }", {0}},
             {{"{ text: a }"}, "{}", {}},
             {{"{ count: { above: 1, below: 4 } }"}, "{ count: { between: [2, 3] } }", {0}},
             {{"{ count: { above: 1 } }"}, "{ count: { at_least: 1 } }", {}},
             {{"{ count: { at_least: 2 } }"}, "{ count: { above: 1 } }", {0}},  // whole numbers
             {{"{ amount: { at_least: 2 } }"}, "{ amount: { above: 1 } }", {}},
             {{"{ text: { contains_any: [call, phone] } }"}, "{ text: { contains: call } }", {0}},
             {{"{ text: { contains: call } }"}, "{ text: { contains_any: [call, phone] } }", {}},
             {{"{ tags: { not: y } }"}, "{ tags: x }", {}},  // tags may have both
             {{"{ tags: [x, y] }"}, "{ tags: x }", {0}},
             {{"{ none: [ { text: a } ] }"}, "{ text: b }", {0}},
             {{"{ none: [ { text: a } ] }"}, "{ text: { known: false } }", {0}},
             {{"{ any: [ { text: a }, { count: 1 } ] }"}, "{ count: 1 }", {0}},
             {{"{ stage: { at_least: onboarding } }"}, "{ stage: established }", {0}},
         })
        EXPECT_EQ(cover_of(each), each.by) << each.later;
}

TEST(Proof, SeveralEarlierConditionsMayCoverTogether) {
    for (const auto& each : std::vector<covered>{
             {{"{ text: a }", "{ text: b }"}, "{ text: [a, b], count: 1 }", {0, 1}},
             {{"{ text: a }", "{ other: b }", "{ text: b }"}, "{ text: [a, b] }", {0, 2}},
             {{"{ count: { below: 3 } }", "{ count: { at_least: 3 } }"}, "{ count: { known: true } }", {0, 1}},
             {{"{ count: { below: 3 } }", "{ count: { above: 3 } }"}, "{ count: { known: true } }", {}},
             {{"{ count: { below: 3 } }", "{ count: { above: 3 } }", "{ count: 3 }"},
              "{ count: { between: [0, 9] } }",
              {0, 1, 2}},
             {{"{ flag: yes }", "{ flag: no }"}, "{ flag: { known: true } }", {0, 1}},
             {{"{ flag: yes }", "{ flag: no }"}, "{}", {}},  // where it is not known
             {{"{ flag: yes }", "{ flag: { not: yes } }"}, "{}", {0, 1}},
             {{"{ kind: [email, chat] }", "{ kind: phone }"}, "{ kind: { known: true }, text: a }", {0, 1}},
             {{"{ stage: { below: established } }", "{ stage: expanding }"},
              "{ stage: { not: established, known: true } }",
              {0, 1}},
             {{"{ text: a, count: 1 }", "{ text: a, count: { not: 1 } }"}, "{ text: a }", {0, 1}},
             {{"{ text: { contains: call } }", "{ text: { contains: phone } }"},
              "{ text: { contains_any: [call, phone] } }",
              {0, 1}},
             {{"{ seen: { within: 2d } }", "{ seen: { older_than: 1d } }"}, "{ seen: { before: 2020-01-01 } }", {}},
             {{"{ seen: { within: 30d } }", "{ seen: { older_than: 30d } }"}, "{ seen: { within: 60d } }", {0, 1}},
             {{"{ text: a }", "{ text: b }", "{ text: [a, b] }"}, "{ text: [b, a] }", {2}},  // the one that suffices
         })
        EXPECT_EQ(cover_of(each), each.by) << each.later;
}

TEST(Proof, NoContactMeetsAContradiction) {
    const auto impossible = [](const char* asked) {
        world around;
        const auto parsed = around.parse(asked);
        EXPECT_EQ(around.problems_text(), "");
        effort work{10'000};
        return prover(around.catalog, around.words).is_impossible(parsed, work);
    };
    for (const char* never : {"{ any: [] }", "{ none: [ {} ] }", "{ text: a, any: [ { text: b }, { text: c } ] }",
                              "{ count: { above: 1, below: 2 } }", "{ all: [ { kind: phone }, { kind: chat } ] }",
                              "{ text: { contains: a, known: false } }", "{ flag: yes, none: [ { flag: yes } ] }",
                              "{ stage: { above: expanding } }", "{ seen: { within: 1d, older_than: 2d } }"})
        EXPECT_TRUE(impossible(never)) << never;
    for (const char* may : {"{}", "{ text: { not: a }, none: [ { text: b } ] }", "{ amount: { above: 1, below: 2 } }",
                            "{ all: [ { tags: x }, { tags: y } ] }", "{ seen: { within: 2d, older_than: 1d } }"})
        EXPECT_FALSE(impossible(may)) << may;
}

TEST(Proof, GivesUpWithoutAClaim) {
    world around;
    const auto earlier = around.parse("{ text: a }");
    const auto later = around.parse("{ text: a, count: 1 }");
    prover proving(around.catalog, around.words);
    proving.add(earlier);
    proving.add(later);
    effort none{0};
    EXPECT_FALSE(proving.covering(1, none));
    effort little{3};
    EXPECT_FALSE(proving.is_impossible(around.parse("{ text: a, any: [ { text: b }, { text: c } ] }"), little));
}

TEST(Proof, WhatTakesOnlyAShareCoversNothing) {
    world around;
    const auto earlier = around.parse("{ text: a }");
    const auto later = around.parse("{ text: a, count: 1 }");
    prover proving(around.catalog, around.words);
    proving.add(earlier, false);
    proving.add(later);
    effort work{1'000};
    EXPECT_FALSE(proving.covering(1, work));
}

RC_GTEST_PROP(Proof, IsNeverClaimedWhereAContactDisproves, ()) {
    world around;
    std::vector<condition> all;
    const int count = *rc::gen::inRange(1, 8);
    for (int i = 0; i < count; ++i) all.push_back(around.parse(testing_support::random_when(2)));
    RC_ASSERT(around.found.empty());
    prover proving(around.catalog, around.words);
    for (const auto& each : all) proving.add(each);
    effort work{20'000};
    const std::size_t last = all.size() - 1;
    const auto cover = proving.covering(last, work);
    const bool never = proving.is_impossible(last, work);
    RC_CLASSIFY(cover.has_value() && cover->size() > 1, "covered by several");
    for (int contact = 0; contact < 60; ++contact) {
        testing_support::give_random_facts(around);
        fact_table facts(around.catalog, around.words, around, around.now);
        if (!holds(all[last], facts)) continue;
        RC_ASSERT(!never);
        if (!cover) continue;
        RC_ASSERT(std::any_of(cover->begin(), cover->end(), [&](std::size_t each) { return holds(all[each], facts); }));
    }
}

}  // namespace
}  // namespace kindred::conditions
