#include "engine/rules/situation_sampler.hpp"

#include "engine/rules/compiled_rules.hpp"

#include <algorithm>
#include <limits>

namespace kindred::rules {
namespace {

constexpr int deepest = 6;                    // conditions that ask for a stage that asks for a segment, and so on
constexpr std::size_t most_background = 64;   // values of one fact
constexpr std::size_t most_conditions = 512;  // looked at for the background

/// The next of a sequence that looks random and is the same everywhere (splitmix64).
std::uint64_t mix(std::uint64_t seed) {
    seed += 0x9E3779B97F4A7C15ULL;
    seed = (seed ^ (seed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    seed = (seed ^ (seed >> 27U)) * 0x94D049BB133111EBULL;
    return seed ^ (seed >> 31U);
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t more) { return mix(seed ^ mix(more)); }

}  // namespace

situation_sampler::situation_sampler(const compiled_rules& rules, time_point base)
    : rules_(rules), base_(base), moments_(telling_moments(rules, base)) {
    std::vector<const conditions::fact_test*> tests;
    for (const auto& dimension : rules.dimensions)
        for (const auto& group : dimension.groups) collect_tests(group.when, tests);
    for (const auto& stage : rules.stages) collect_tests(stage.when, tests);
    const auto stride = std::max<std::size_t>(1, rules.routes.size() / most_conditions);
    for (std::size_t i = 0; i < rules.routes.size(); i += stride) collect_tests(rules.routes[i].when, tests);
    std::map<std::string, std::vector<fact_value>> by_fact;
    for (const auto* test : tests) {
        auto& known = by_fact[rules.catalog[test->fact].name];
        for (auto& value : boundary_values(*test, rules, base))
            if (known.size() < most_background && std::find(known.begin(), known.end(), value) == known.end())
                known.push_back(std::move(value));
    }
    for (auto& [name, values] : by_fact)
        if (!values.empty()) background_.emplace_back(name, std::move(values));
}

fact_assignment situation_sampler::aim_at(const conditions::condition& wanted, std::uint64_t variant) const {
    fact_assignment made;
    made["channel.kind"] = std::string(name_of(all_channel_kinds[variant % all_channel_kinds.size()]));
    const auto seed = mix(variant, 1);
    satisfy(wanted, true, seed, 0, made);
    if (variant % 3 == 1) cross_a_boundary(wanted, mix(seed, 2), made);
    if (variant % 2 == 1) add_background(mix(seed, 3), made);
    return made;
}

void situation_sampler::satisfy(const conditions::condition& asked, bool wanted, std::uint64_t seed, int depth,
                                fact_assignment& into) const {
    if (depth > deepest) return;
    std::visit([&](const auto& what) { satisfy(what, wanted, seed, depth, into); }, asked.what);
}

void situation_sampler::satisfy(const conditions::condition_group& group, bool wanted, std::uint64_t seed, int depth,
                                fact_assignment& into) const {
    if (group.members.empty()) return;
    const bool members_hold = group.kind == conditions::group_kind::none ? !wanted : wanted;
    const bool one_is_enough = (group.kind == conditions::group_kind::all) != wanted;
    if (one_is_enough) {
        const auto& chosen = group.members[seed % group.members.size()];
        return satisfy(chosen, members_hold, mix(seed, 4), depth + 1, into);
    }
    for (std::size_t i = 0; i < group.members.size(); ++i)
        satisfy(group.members[i], members_hold, mix(seed, i), depth + 1, into);
}

void situation_sampler::satisfy(const conditions::fact_test& test, bool wanted, std::uint64_t seed, int depth,
                                fact_assignment& into) const {
    const auto& name = rules_.catalog[test.fact].name;
    if (holds_with(test, rules_, into, base_) == wanted && (into.contains(name) || seed % 2 == 0)) return;
    if (aim_at_segment(test, wanted, seed, depth, into) || aim_at_stage(test, wanted, seed, depth, into)) return;
    if (name.starts_with("calendar.") || name.starts_with("time.")) return choose_moment(test, wanted, seed, into);
    const auto values = boundary_values(test, rules_, base_);
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto with = into;
        with[name] = values[(seed + i) % values.size()];
        if (holds_with(test, rules_, with, base_) != wanted) continue;
        into = std::move(with);
        return;
    }
}

bool situation_sampler::aim_at_segment(const conditions::fact_test& test, bool wanted, std::uint64_t seed, int depth,
                                       fact_assignment& into) const {
    for (const auto& dimension : rules_.dimensions) {
        if (dimension.fact != test.fact) continue;
        for (std::size_t i = 0; i < dimension.groups.size(); ++i) {
            const auto place = (seed + i) % dimension.groups.size();
            auto with = into;
            for (std::size_t before = 0; before < place; ++before)
                satisfy(dimension.groups[before].when, false, mix(seed, before), depth + 2, with);
            satisfy(dimension.groups[place].when, true, mix(seed, 7), depth + 2, with);
            if (holds_with(test, rules_, with, base_) != wanted) continue;
            into = std::move(with);
            return true;
        }
        return true;
    }
    return false;
}

bool situation_sampler::aim_at_stage(const conditions::fact_test& test, bool wanted, std::uint64_t seed, int depth,
                                     fact_assignment& into) const {
    if (rules_.stage_fact != test.fact) return false;
    for (std::size_t i = 0; i < rules_.stages.size(); ++i) {
        const auto place = (seed + i) % rules_.stages.size();
        auto with = into;
        for (std::size_t later = place + 1; later < rules_.stages.size(); ++later)
            satisfy(rules_.stages[later].when, false, mix(seed, later), depth + 2, with);
        satisfy(rules_.stages[place].when, true, mix(seed, 8), depth + 2, with);
        if (holds_with(test, rules_, with, base_) != wanted) continue;
        into = std::move(with);
        break;
    }
    return true;
}

void situation_sampler::choose_moment(const conditions::fact_test& test, bool wanted, std::uint64_t seed,
                                      fact_assignment& into) const {
    for (std::size_t i = 0; i < moments_.size(); ++i) {
        auto with = into;
        with["now"] = moments_[(seed + i) % moments_.size()];
        if (holds_with(test, rules_, with, base_) != wanted) continue;
        into = std::move(with);
        return;
    }
}

/// One fact that the condition asks for lies on some other side of its boundary.
void situation_sampler::cross_a_boundary(const conditions::condition& wanted, std::uint64_t seed,
                                         fact_assignment& into) const {
    std::vector<const conditions::fact_test*> tests;
    collect_tests(wanted, tests);
    if (tests.empty()) return;
    const auto& test = *tests[seed % tests.size()];
    const auto values = boundary_values(test, rules_, base_);
    if (!values.empty()) into[rules_.catalog[test.fact].name] = values[mix(seed, 9) % values.size()];
}

void situation_sampler::add_background(std::uint64_t seed, fact_assignment& into) const {
    if (background_.empty()) return;
    for (const std::uint64_t each : {mix(seed, 10), mix(seed, 11), mix(seed, 12)}) {
        const auto& [name, values] = background_[each % background_.size()];
        into.try_emplace(name, values[mix(each) % values.size()]);
    }
}

}  // namespace kindred::rules
