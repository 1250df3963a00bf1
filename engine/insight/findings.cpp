#include "engine/insight/findings.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

namespace kindred::insight {
namespace {

std::string size_in_words(const group_comparison& made) {
    return fmt::format("{} {:.2f}, {:.2f} to {:.2f}", made.of == measure::eta_squared ? "eta squared" : "Cramer's V",
                       made.differs.size, made.differs.low, made.differs.high);
}

std::vector<std::string> dimensions_of(const std::vector<group_comparison>& comparisons) {
    std::vector<std::string> names;
    for (const auto& each : comparisons) {
        if (std::find(names.begin(), names.end(), each.dimension) == names.end()) names.push_back(each.dimension);
    }
    return names;
}

std::vector<const group_comparison*> of_dimension(const std::vector<group_comparison>& all, std::string_view name) {
    std::vector<const group_comparison*> found;
    for (const auto& each : all) {
        if (each.dimension == name && each.groups.size() > 1) found.push_back(&each);
    }
    return found;
}

void add_differences(const std::vector<group_comparison>& comparisons, const comparison_policy& policy,
                     std::vector<finding>& out) {
    for (const auto& each : comparisons) {
        if (!is_difference(each, policy)) continue;
        out.push_back({finding_kind::tells_apart,
                       each.dimension,
                       {},
                       each.outcome,
                       {},
                       fmt::format("{} tells {} apart ({})", each.dimension, each.outcome, size_in_words(each))});
    }
}

/// Pairs that are alike in every outcome in which both were measured.
void add_mergers(const std::vector<const group_comparison*>& comparisons, std::vector<finding>& out) {
    std::vector<std::pair<std::string, std::string>> alike;
    std::vector<std::pair<std::string, std::string>> not_alike;
    for (const auto* each : comparisons) {
        for (const auto& pair : each->pairs) {
            auto& into = pair.alike ? alike : not_alike;
            into.emplace_back(pair.first, pair.second);
        }
    }
    std::vector<std::pair<std::string, std::string>> said;
    for (const auto& pair : alike) {
        const auto is_pair = [&](const auto& other) { return other == pair; };
        if (std::any_of(not_alike.begin(), not_alike.end(), is_pair)) continue;
        if (std::any_of(said.begin(), said.end(), is_pair)) continue;
        said.push_back(pair);
        out.push_back({finding_kind::consider_merging,
                       comparisons.front()->dimension,
                       {pair.first, pair.second},
                       {},
                       {},
                       fmt::format("{} and {} answer alike: consider merging", pair.first, pair.second)});
    }
}

}  // namespace

std::string_view name_of(finding_kind kind) {
    static constexpr std::array<std::string_view, 5> names{"tells_apart", "consider_merging", "consider_splitting",
                                                           "predicts_nothing", "more_answers"};
    return names.at(static_cast<std::size_t>(kind) - 1);
}

std::vector<finding> findings_of(const std::vector<group_comparison>& comparisons,
                                 const std::vector<inner_comparison>& inner, const comparison_policy& policy) {
    std::vector<finding> made;
    add_differences(comparisons, policy, made);
    const auto dimensions = dimensions_of(comparisons);
    const auto useless = [&](const std::vector<const group_comparison*>& all) {
        return !all.empty() && std::all_of(all.begin(), all.end(),
                                           [&](const group_comparison* each) { return is_negligible(*each, policy); });
    };
    for (const auto& name : dimensions) {
        const auto all = of_dimension(comparisons, name);
        if (!all.empty() && !useless(all)) add_mergers(all, made);
    }
    for (const auto& each : inner) {
        const double worthwhile = each.inside.of == measure::eta_squared ? policy.worthwhile_eta : policy.worthwhile_v;
        if (each.inside.adjusted_p >= policy.level || each.inside.differs.size < worthwhile) continue;
        made.push_back({finding_kind::consider_splitting,
                        each.dimension,
                        {each.group},
                        each.inside.outcome,
                        each.inside.dimension,
                        fmt::format("{} falls into {} groups by {} ({} in {}): consider splitting", each.group,
                                    each.inside.groups.size(), each.inside.dimension, size_in_words(each.inside),
                                    each.inside.outcome)});
    }
    for (const auto& name : dimensions) {
        if (useless(of_dimension(comparisons, name)))
            made.push_back({finding_kind::predicts_nothing, name, {}, {}, {}, name + " predicts nothing here"});
    }
    for (const auto& each : comparisons) {
        if (each.more_needed == 0 || is_difference(each, policy)) continue;
        made.push_back({finding_kind::more_answers,
                        each.dimension,
                        {},
                        each.outcome,
                        {},
                        fmt::format("{} more answers are needed to tell whether {} matters to {}", each.more_needed,
                                    each.dimension, each.outcome)});
    }
    return made;
}

}  // namespace kindred::insight
