#include "conditions/support/world.hpp"
#include "engine/conditions/operators.hpp"

#include <gtest/gtest.h>

namespace kindred::conditions {
namespace {

using testing_support::world;
using texts = std::vector<std::string>;

struct row {
    const char* fact;
    fact_value value;  ///< monostate: not known
    const char* when;
    bool holds;
};

time_point at(const char* text) { return *parse_time(text); }

// now is 2026-11-23T16:00:00Z, a Monday, 10:00 in Mexico City.
const std::vector<row>& rows() {
    static const std::vector<row> all{
        {"text", "Hello", "text: hello", true},
        {"text", "Hello", "text: hell", false},
        {"text", "STRASSE", "text: stra\u00DFe", true},
        {"text", "\uFF26\uFF2F\uFF2F", "text: foo", true},
        {"text", "caf\u00E9", "text: cafe\u0301", true},
        {"text", "cafe", "text: caf\u00E9", false},
        {"text", "no", "text: no", true},
        {"text", "null", "text: null", true},
        {"text", "a", "text: [b, A]", true},
        {"text", "c", "text: [b, A]", false},
        {"text", "a", "text: { is: a }", true},
        {"text", "a", "text: { not: a }", false},
        {"text", "b", "text: { not: a }", true},
        {"text", "b", "text: { in: [a, b] }", true},
        {"text", "b", "text: { not_in: [a, b] }", false},
        {"text", "c", "text: { not_in: [a, b] }", true},
        {"text", "please call me now", "text: { contains: call me }", true},
        {"text", "please CALL\n  me", "text: { contains: call me }", true},
        {"text", "recall me", "text: { contains: call me }", false},
        {"text", "call menu", "text: { contains: call me }", false},
        {"text", "(call me)", "text: { contains: call me }", true},
        {"text", "an agent, please", "text: { contains_any: [human, agent] }", true},
        {"text", "reagent", "text: { contains_any: [human, agent] }", false},
        {"text", "l'agent", "text: { contains: agent }", true},
        {"text", "se\u00F1or", "text: { contains: se }", false},
        {"text", "\u6211\u8981\u9000\u6B3E\u8C22\u8C22", "text: { contains: \u9000\u6B3E }", true},
        {"text", "\u8FD4\u54C1\u3057\u305F\u3044", "text: { contains: \u8FD4\u54C1 }", true},
        {"text", "iPhone\u304C\u58CA\u308C\u305F", "text: { contains: iphone }", true},
        {"text", "\uC0C1\uB2F4\uC6D0\uC744", "text: { contains: \uC0C1\uB2F4 }", false},
        {"text", "Order 12", "text: { starts_with: order }", true},
        {"text", "My order", "text: { starts_with: order }", false},
        {"text", "file.PDF", "text: { ends_with: .pdf }", true},
        {"text", "file.pdf.exe", "text: { ends_with: .pdf }", false},
        {"text", "ref AB-1234 please", "text: { matches: 'ab-\\d{4}' }", true},
        {"text", "ref AB-123 please", "text: { matches: 'ab-\\d{4}' }", false},
        {"text", "cafe\u0301", "text: { matches: '^caf\u00E9$' }", true},
        {"text", "x", "text: { known: true }", true},
        {"text", "x", "text: { known: false }", false},

        {"tags", texts{"Gold", "press"}, "tags: gold", true},
        {"tags", texts{"Gold", "press"}, "tags: [silver, press]", true},
        {"tags", texts{"Gold", "press"}, "tags: silver", false},
        {"tags", texts{"Gold", "press"}, "tags: { not: gold }", false},
        {"tags", texts{"Gold", "press"}, "tags: { not_in: [silver, bronze] }", true},
        {"tags", texts{}, "tags: gold", false},
        {"tags", texts{}, "tags: { not: gold }", true},
        {"tags", texts{}, "tags: { known: true }", true},
        {"tags", texts{"big spender"}, "tags: { contains: spender }", true},
        {"tags", texts{"a", "b1"}, "tags: { matches: '^b\\d$' }", true},

        {"kind", "phone", "kind: phone", true},
        {"kind", "phone", "kind: [email, chat]", false},
        {"kind", "phone", "kind: { not: chat }", true},

        {"stage", "onboarding", "stage: onboarding", true},
        {"stage", "onboarding", "stage: { at_least: onboarding }", true},
        {"stage", "onboarding", "stage: { above: onboarding }", false},
        {"stage", "established", "stage: { above: onboarding }", true},
        {"stage", "considering", "stage: { below: onboarding }", true},
        {"stage", "established", "stage: { at_most: onboarding }", false},
        {"stage", "established", "stage: { between: [onboarding, established] }", true},
        {"stage", "gone since", "stage: { at_least: considering }", false},
        {"time.weekday", "sun", "time.weekday: fri-mon", true},
        {"time.weekday", "wed", "time.weekday: fri-mon", false},
        {"time.weekday", "wed", "time.weekday: [mon, wed]", true},

        {"count", std::int64_t{3}, "count: 3", true},
        {"count", std::int64_t{3}, "count: [1, 3]", true},
        {"count", std::int64_t{3}, "count: { not: 3 }", false},
        {"count", std::int64_t{4}, "count: { not_in: [1, 3] }", true},
        {"count", std::int64_t{3}, "count: { above: 3 }", false},
        {"count", std::int64_t{3}, "count: { at_least: 3 }", true},
        {"count", std::int64_t{3}, "count: { below: 3 }", false},
        {"count", std::int64_t{3}, "count: { at_most: 3 }", true},
        {"count", std::int64_t{3}, "count: { above: 1, below: 5 }", true},
        {"count", std::int64_t{6}, "count: { above: 1, below: 5 }", false},
        {"count", std::int64_t{3}, "count: { between: [3, 5] }", true},
        {"count", std::int64_t{5}, "count: { between: [3, 5] }", true},
        {"amount", 0.5, "amount: { above: 0.25 }", true},
        {"amount", std::int64_t{5}, "amount: 5.0", true},

        {"flag", true, "flag: yes", true},
        {"flag", true, "flag: true", true},
        {"flag", false, "flag: true", false},
        {"flag", false, "flag: { not: true }", true},

        {"wait", duration{90'000}, "wait: { at_least: 1m30s }", true},
        {"wait", duration{89'999}, "wait: { at_least: 1m30s }", false},
        {"wait", duration{-300'000}, "wait: { below: 0s }", true},
        {"wait", duration{-300'000}, "wait: -5m", true},

        {"seen", at("2026-11-20T16:00:00Z"), "seen: { within: 3d }", true},
        {"seen", at("2026-11-20T15:59:59Z"), "seen: { within: 3d }", false},
        {"seen", at("2026-11-23T16:00:01Z"), "seen: { within: 3d }", false},
        {"seen", at("2026-11-20T16:00:00Z"), "seen: { older_than: 3d }", false},
        {"seen", at("2026-11-20T15:59:59Z"), "seen: { older_than: 3d }", true},
        {"seen", at("2026-12-01T00:00:00Z"), "seen: { older_than: 3d }", false},
        {"seen", at("2026-11-20T16:00:00Z"), "seen: { before: 2026-11-20T10:00:01-06:00 }", true},
        {"seen", at("2026-11-20T16:00:00Z"), "seen: { before: 2026-11-20T10:00:00-06:00 }", false},
        {"seen", at("2026-11-20T16:00:00Z"), "seen: { after: 2026-11-20 }", true},
        {"seen", at("2026-11-20T06:00:00Z"), "seen: { after: 2026-11-20 }", false},  // midnight in Mexico City
        {"seen", at("2026-11-20T16:00:00Z"), "seen: { between: [2026-11-20, 2026-11-21] }", true},
        {"day", at("2026-11-23T00:00:00Z"), "day: 2026-11-23", true},
        {"day", at("2026-11-23T00:00:00Z"), "day: { before: 2026-11-24 }", true},
        {"day", at("2026-11-23T00:00:00Z"), "day: { after: 2026-11-23 }", false},
    };
    return all;
}

TEST(Operators, HoldAsTheTableSays) {
    for (const auto& each : rows()) {
        world around;
        around.values[each.fact] = each.value;
        EXPECT_EQ(around.holds(each.when), each.holds) << each.when;
    }
}

const char* value_for(fact_type type, operator_kind op) {
    switch (type) {
        case fact_type::text:
        case fact_type::text_list: return "x";
        case fact_type::choice: return "phone";
        case fact_type::ordered_choice: return "onboarding";
        case fact_type::integer:
        case fact_type::number: return "1";
        case fact_type::yes_no: return "yes";
        case fact_type::duration: return "1m";
        case fact_type::time:
            return op == operator_kind::within || op == operator_kind::older_than ? "1d" : "2026-01-01T00:00:00Z";
        case fact_type::date: return "2026-01-01";
    }
    return "";
}

const char* fact_of(fact_type type) {
    switch (type) {
        case fact_type::text: return "text";
        case fact_type::text_list: return "tags";
        case fact_type::choice: return "kind";
        case fact_type::ordered_choice: return "stage";
        case fact_type::integer: return "count";
        case fact_type::number: return "amount";
        case fact_type::yes_no: return "flag";
        case fact_type::duration: return "wait";
        case fact_type::time: return "seen";
        case fact_type::date: return "day";
    }
    return "";
}

constexpr std::array all_types{fact_type::text,    fact_type::text_list, fact_type::choice, fact_type::ordered_choice,
                               fact_type::integer, fact_type::number,    fact_type::yes_no, fact_type::duration,
                               fact_type::time,    fact_type::date};

std::string stated(fact_type type, operator_kind op) {
    const std::string value = op == operator_kind::known ? "true" : value_for(type, op);
    const bool pair = op == operator_kind::between;
    const bool list = op == operator_kind::in || op == operator_kind::not_in || op == operator_kind::contains_any;
    return std::string(fact_of(type)) + ": { " + std::string(name_of(op)) + ": " +
           (pair ? "[" + value + ", " + value + "]" : (list ? "[" + value + "]" : value)) + " }";
}

// On what is not known only `not`, `not_in` and `known: false` hold; an operator that the type lacks is refused.
TEST(Operators, EveryOperatorOnEveryTypeWhenNothingIsKnown) {
    for (const auto type : all_types)
        for (const auto& name : all_operator_names()) {
            const auto op = *operator_named(name);
            world around;
            const auto asked = around.parse(stated(type, op));
            ASSERT_EQ(around.problems_text().empty(), takes(type, op)) << stated(type, op) << around.problems_text();
            if (!takes(type, op)) continue;
            fact_table facts(around.catalog, around.words, around, around.now);
            EXPECT_EQ(holds(asked, facts), op == operator_kind::is_not || op == operator_kind::not_in)
                << stated(type, op);
        }
    for (const auto type : all_types) {
        world around;
        EXPECT_TRUE(around.holds(std::string(fact_of(type)) + ": { known: false }"));
    }
}

TEST(Groups, HoldAsStated) {
    world around;
    around.values["text"] = "a";
    around.values["count"] = std::int64_t{1};
    EXPECT_TRUE(around.holds("{}"));
    EXPECT_TRUE(around.holds("text: a\ncount: 1"));
    EXPECT_FALSE(around.holds("text: a\ncount: 2"));
    EXPECT_TRUE(around.holds("all: []"));
    EXPECT_TRUE(around.holds("none: []"));
    EXPECT_FALSE(around.holds("any: []"));
    EXPECT_TRUE(around.holds("any: [ { text: b }, { count: 1 } ]"));
    EXPECT_FALSE(around.holds("any: [ { text: b }, { text: a, count: 2 } ]"));
    EXPECT_FALSE(around.holds("none: [ { text: b }, { count: 1 } ]"));
    EXPECT_TRUE(around.holds("none: [ { text: b }, { text: a, count: 2 } ]"));
    EXPECT_TRUE(around.holds("all: [ { any: [ { none: [ { text: b } ] } ] } ]"));
    EXPECT_TRUE(around.holds("any: [ {} ]"));
}

TEST(Failures, NameTheFirstTestThatDoesNotHold) {
    world around;
    around.values["text"] = "a";
    fact_table facts(around.catalog, around.words, around, around.now);
    const auto asked = around.parse("text: a\ncount: { at_least: 2 }\nflag: yes");
    // The table is made for the facts in use, so after parsing.
    fact_table table(around.catalog, around.words, around, around.now);
    const auto* failed = first_failure(asked, table);
    ASSERT_NE(failed, nullptr);
    const auto& test = std::get<fact_test>(failed->what);
    EXPECT_EQ(test.as_written, "count: { at_least: 2 }");
    EXPECT_EQ(test.at, (settings::position{2, 1}));
    EXPECT_EQ(table.facts_read().size(), 2U) << "the flag is not read any more";
}

struct broken {
    const char* when;
    const char* problem;
};

TEST(Parsing, SaysWhatIsWrong) {
    const std::vector<broken> all{
        {"txt: a", "when:1:1: error: there is no fact \"txt\", did you mean \"text\"?\n"},
        {"text: { abov: 1 }", "when:1:9: error: there is no operator \"abov\", did you mean \"above\"?\n"},
        {"text: { above: 1 }",
         "when:1:9: error: text is text and has no \"above\"; it takes is, not, in, not_in, contains, contains_any, "
         "starts_with, ends_with, matches, known\n"},
        {"kind: phon", "when:1:7: error: kind: \"phon\" is not one of email, chat, phone, did you mean \"phone\"?\n"},
        {"count: many", "when:1:8: error: count: must be a number, not \"many\"\n"},
        {"count: { is: [1, 2] }", "when:1:14: error: is: takes one value; use `in` for several\n"},
        {"count: { in: [] }", "when:1:14: error: in: must name at least one value\n"},
        {"count: { between: [1] }", "when:1:19: error: between: must have two values, [low, high], not 1\n"},
        {"count: { between: [3, 1] }",
         "when:1:19: error: between: the first value must not be greater than the second\n"},
        {"text: { matches: '(' }", "when:1:18: error: matches: RE2 does not take this pattern: missing ): (\n"},
        {"text: { matches: '(?=x)' }",
         "when:1:18: error: matches: RE2 does not take this pattern: invalid perl operator: (?=; it has no look-around "
         "and no back-references\n"},
        {"text: { contains: '' }", "when:1:19: error: contains: must not be empty\n"},
        {"text:", "when:1:1: error: text: has no value; it must be text\n"},
        {"text: {}",
         "when:1:7: error: text: states no operator; it takes is, not, in, not_in, contains, contains_any, "
         "starts_with, ends_with, matches, known\n"},
        {"any: { text: a }", "when:1:6: error: any: must be a list\n"},
        {"any: [ a ]", "when:1:8: error: any: must be a mapping\n"},
        {"[ a ]", "when:1:1: error: must be a mapping from facts to what they must be\n"},
        {"wait: soon", "when:1:7: error: wait: must be a duration such as 30s or 1h30m, not \"soon\"\n"},
        {"day: tomorrow", "when:1:6: error: day: must be a date such as 2026-12-25, not \"tomorrow\"\n"},
        {"flag: perhaps", "when:1:7: error: flag: must be yes or no, not \"perhaps\"\n"},
    };
    for (const auto& each : all) {
        world around;
        around.parse(each.when);
        EXPECT_EQ(around.problems_text(), each.problem) << each.when;
    }
}

TEST(Parsing, PatternsAreBoundedInSizeAndTime) {
    world around;
    around.parse("text: { matches: '" + std::string(1025, 'a') + "' }");
    EXPECT_EQ(around.problems_text(), "when:1:18: error: matches: the pattern has 1025 bytes, the most is 1024\n");
    world patient;
    patient.values["text"] = std::string(1'000'000, 'a') + "b";
    EXPECT_FALSE(patient.holds("text: { matches: '^(a+)+$' }"));
}

}  // namespace
}  // namespace kindred::conditions
