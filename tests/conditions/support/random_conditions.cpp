#include "conditions/support/random_conditions.hpp"

#include <rapidcheck.h>

namespace kindred::conditions::testing_support {
namespace {

/// One test on one fact, in YAML; few values, so that tests meet facts often.
std::string random_test() {
    return *rc::gen::element<std::string>(
        "text: a", "text: [a, b]", "text: { not: a }", "text: { not_in: [b, c] }", "text: { known: true }", "other: a",
        "other: [b, c]", "other: { known: false }", "tags: x", "tags: [x, y]", "tags: { not: z }", "kind: phone",
        "kind: [phone, chat]", "kind: { not: email }", "stage: onboarding", "stage: { at_least: established }",
        "stage: [considering, expanding]", "count: 1", "count: { at_least: 2 }", "count: { between: [1, 3] }",
        "count: { not: 2 }", "amount: { below: 1.5 }", "flag: yes", "flag: { not: no }", "text: { contains: a }",
        "text: { contains_any: [a, b] }", "text: { starts_with: a }", "text: { matches: '[ab]' }",
        "seen: { within: 2d }", "seen: { older_than: 1d }", "seen: { before: 2026-11-22T00:00:00Z }",
        "tags: { known: true }", "other: { ends_with: c }");
}

}  // namespace

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
    around.values.clear();
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
    maybe("seen", [&] { return fact_value(around.now - std::chrono::hours{*rc::gen::inRange(-2, 80)}); });
    maybe("flag", [] { return fact_value(*rc::gen::arbitrary<bool>()); });
}

}  // namespace kindred::conditions::testing_support
