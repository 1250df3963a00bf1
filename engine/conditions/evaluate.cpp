#include "engine/conditions/evaluate.hpp"

#include "engine/conditions/folding.hpp"

#include <re2/re2.h>
#include <algorithm>

namespace kindred::conditions {
namespace {

template <class Values, class Holds>
bool any_of(const Values& values, Holds holds) {
    return std::any_of(values.begin(), values.end(), holds);
}

bool holds(const is_one_of& wanted, fact_id fact, fact_table& facts) {
    const bool found = any_of(facts.symbols(fact), [&](symbol each) {
        return std::binary_search(wanted.symbols.begin(), wanted.symbols.end(), each);
    });
    return found != wanted.negated;
}

bool holds(const is_within& wanted, fact_id fact, fact_table& facts) {
    const auto number = facts.number(fact);
    if (!number) return false;
    const bool above = wanted.least_included ? *number >= wanted.least : *number > wanted.least;
    const bool below = wanted.most_included ? *number <= wanted.most : *number < wanted.most;
    return above && below;
}

bool holds(const is_one_number_of& wanted, fact_id fact, fact_table& facts) {
    const auto number = facts.number(fact);
    const bool found = number && std::binary_search(wanted.numbers.begin(), wanted.numbers.end(), *number);
    return found != wanted.negated;
}

bool holds(const is_recent& wanted, fact_id fact, fact_table& facts) {
    const auto* moment = std::get_if<time_point>(&facts.read(fact).value);
    if (moment == nullptr) return false;
    const duration ago = facts.now() - *moment;
    return wanted.older ? ago > wanted.span : ago >= duration{0} && ago <= wanted.span;
}

bool holds(const is_known& wanted, fact_id fact, fact_table& facts) { return facts.known(fact) == wanted.known; }

bool holds(const has_words& wanted, fact_id fact, fact_table& facts) {
    const auto texts = facts.folded(fact);
    const auto sieves = facts.sieves(fact);
    for (std::size_t i = 0; i < texts.size(); ++i)
        for (const auto& phrase : wanted.phrases)
            if (sieves[i].may_contain(phrase) && contains_phrase(texts[i], phrase)) return true;
    return false;
}

bool holds(const has_edge& wanted, fact_id fact, fact_table& facts) {
    return any_of(facts.folded(fact), [&](const std::string& text) {
        return wanted.at_end ? text.ends_with(wanted.folded) : text.starts_with(wanted.folded);
    });
}

bool holds(const has_pattern& wanted, fact_id fact, fact_table& facts) {
    return any_of(facts.composed(fact),
                  [&](const std::string& text) { return re2::RE2::PartialMatch(text, *wanted.pattern); });
}

const condition* first_failure(const condition_group& group, const condition& whole, fact_table& facts) {
    switch (group.kind) {
        case group_kind::all:
            for (const auto& each : group.members)
                if (const auto* failed = first_failure(each, facts)) return failed;
            return nullptr;
        case group_kind::any:
            for (const auto& each : group.members)
                if (first_failure(each, facts) == nullptr) return nullptr;
            return &whole;
        case group_kind::none:
            for (const auto& each : group.members)
                if (first_failure(each, facts) == nullptr) return &each;
            return nullptr;
    }
    return &whole;
}

}  // namespace

bool always_holds(const condition& asked) {
    const auto* group = std::get_if<condition_group>(&asked.what);
    return group != nullptr && group->kind != group_kind::any && group->members.empty();
}

bool holds(const fact_test& test, fact_table& facts) {
    return std::visit([&](const auto& wanted) { return holds(wanted, test.fact, facts); }, test.wanted);
}

const condition* first_failure(const condition& asked, fact_table& facts) {
    if (const auto* test = std::get_if<fact_test>(&asked.what)) return holds(*test, facts) ? nullptr : &asked;
    return first_failure(std::get<condition_group>(asked.what), asked, facts);
}

}  // namespace kindred::conditions
