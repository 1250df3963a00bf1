#include "engine/conditions/contradiction.hpp"

#include <algorithm>

namespace kindred::conditions {
namespace {

/// A list fact may have several values at once, so that two different demands on it can both be met.
bool has_one_value(const fact_test& test, const fact_catalog& catalog) {
    return catalog[test.fact].type != fact_type::text_list;
}

template <class Values>
bool includes(const Values& all, const Values& some) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

template <class Values>
bool disjoint(const Values& left, const Values& right) {
    return std::none_of(left.begin(), left.end(),
                        [&](const auto& each) { return std::binary_search(right.begin(), right.end(), each); });
}

bool apart(const is_within& left, const is_within& right) {
    const auto before = [](const is_within& low, const is_within& high) {
        return low.most < high.least || (low.most == high.least && !(low.most_included && high.least_included));
    };
    return before(left, right) || before(right, left);
}

/// Whether the test can hold only where the fact is known.
bool needs_knowledge(const operand& wanted) {
    if (const auto* names = std::get_if<is_one_of>(&wanted)) return !names->negated;
    if (const auto* numbers = std::get_if<is_one_number_of>(&wanted)) return !numbers->negated;
    if (const auto* known = std::get_if<is_known>(&wanted)) return known->known;
    return true;
}

/// What must hold for the whole to hold: the condition itself, or the members of its `all`.
void collect_conjuncts(const condition& whole, std::vector<const condition*>& into) {
    const auto* group = std::get_if<condition_group>(&whole.what);
    if (group == nullptr || group->kind != group_kind::all) {
        into.push_back(&whole);
        return;
    }
    for (const auto& each : group->members) collect_conjuncts(each, into);
}

bool contradict(const fact_test& one, const fact_test& other, const fact_catalog& catalog) {
    if (one.fact != other.fact || !has_one_value(one, catalog)) return false;
    const auto* one_names = std::get_if<is_one_of>(&one.wanted);
    const auto* other_names = std::get_if<is_one_of>(&other.wanted);
    if (one_names != nullptr && other_names != nullptr) {
        if (!one_names->negated && !other_names->negated) return disjoint(one_names->symbols, other_names->symbols);
        if (one_names->negated == other_names->negated) return false;
        const auto& wanted = one_names->negated ? *other_names : *one_names;
        const auto& refused = one_names->negated ? *one_names : *other_names;
        return includes(refused.symbols, wanted.symbols);
    }
    const auto* one_range = std::get_if<is_within>(&one.wanted);
    const auto* other_range = std::get_if<is_within>(&other.wanted);
    if (one_range != nullptr && other_range != nullptr) return apart(*one_range, *other_range);
    const auto* one_known = std::get_if<is_known>(&one.wanted);
    const auto* other_known = std::get_if<is_known>(&other.wanted);
    return (one_known != nullptr && !one_known->known && needs_knowledge(other.wanted)) ||
           (other_known != nullptr && !other_known->known && needs_knowledge(one.wanted));
}

}  // namespace

std::optional<contradiction> find_contradiction(const condition& asked, const fact_catalog& catalog) {
    std::vector<const condition*> conjuncts;
    collect_conjuncts(asked, conjuncts);
    for (std::size_t i = 0; i < conjuncts.size(); ++i)
        for (std::size_t j = i + 1; j < conjuncts.size(); ++j) {
            const auto* one = std::get_if<fact_test>(&conjuncts[i]->what);
            const auto* other = std::get_if<fact_test>(&conjuncts[j]->what);
            if (one != nullptr && other != nullptr && contradict(*one, *other, catalog))
                return contradiction{one, other};
        }
    return std::nullopt;
}

}  // namespace kindred::conditions
