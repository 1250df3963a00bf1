#include "engine/rules/diff_definitions.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/definitions.hpp"

#include <algorithm>
#include <set>

namespace kindred::rules {
namespace {

using change = changed_definition::kind;
using by_name = std::map<std::pair<std::string, std::string>, const definition*>;

by_name index_of(const std::vector<definition>& all) {
    by_name index;
    for (const auto& each : all) index.emplace(std::pair(each.kind, each.name), &each);
    return index;
}

std::vector<changed_key> changed_keys(const definition& before, const definition& after) {
    std::set<std::string> names;
    for (const auto& [key, value] : before.keys) names.insert(key);
    for (const auto& [key, value] : after.keys) names.insert(key);
    const auto value_of = [](const definition& of, const std::string& key) {
        const auto found = of.keys.find(key);
        return found == of.keys.end() ? std::string() : found->second;
    };
    std::vector<changed_key> changed;
    for (const auto& key : names) {
        changed_key each{key, value_of(before, key), value_of(after, key)};
        if (each.before != each.after) changed.push_back(std::move(each));
    }
    return changed;
}

/// The first moment within 400 days at which two calendars of one name differ.
std::optional<changed_key> changed_hours(const conditions::calendar& before, const conditions::calendar& after,
                                         time_point base) {
    const auto end = base + std::chrono::days{400};
    auto at = base;
    while (at < end) {
        const auto was = before.state_at(at);
        const auto is = after.state_at(at);
        if (was != is)
            return changed_key{"on " + to_rfc3339(at), std::string(conditions::name_of(was)),
                               std::string(conditions::name_of(is))};
        const auto next_before = before.next_change(at).value_or(end);
        const auto next_after = after.next_change(at).value_or(end);
        at = std::min(next_before, next_after);
    }
    return std::nullopt;
}

void compare_calendars(const ruleset& before, const ruleset& after, time_point base,
                       std::vector<changed_definition>& into) {
    for (const auto& [name, calendar] : before.compiled().calendars) {
        const auto* now = after.calendar(name);
        if (now == nullptr) continue;
        if (auto hours = changed_hours(calendar, *now, base))
            into.push_back({change::changed, "calendar", name, {std::move(*hours)}, true});
    }
}

std::vector<std::string> common_routes(const ruleset& in, const ruleset& other) {
    std::set<std::string_view> there;
    for (const auto& each : other.compiled().routes) there.insert(each.name);
    std::vector<std::string> names;
    for (const auto& each : in.compiled().routes)
        if (there.contains(each.name)) names.push_back(each.name);
    return names;
}

/// Those that are not on the longest rising run of old places: moving them alone explains the new order.
std::vector<std::string> moved_names(const std::vector<std::string>& before, const std::vector<std::string>& after) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < before.size(); ++i) places[before[i]] = i;
    std::vector<std::size_t> ends;  // of the best run of each length: index into `after`
    std::vector<std::ptrdiff_t> previous(after.size(), -1);
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto at = std::lower_bound(ends.begin(), ends.end(), i, [&](std::size_t left, std::size_t right) {
            return places[after[left]] < places[after[right]];
        });
        if (at != ends.begin()) previous[i] = static_cast<std::ptrdiff_t>(*(at - 1));
        if (at == ends.end())
            ends.push_back(i);
        else
            *at = i;
    }
    std::set<std::size_t> stayed;
    if (!ends.empty())
        for (auto i = static_cast<std::ptrdiff_t>(ends.back()); i >= 0; i = previous[static_cast<std::size_t>(i)])
            stayed.insert(static_cast<std::size_t>(i));
    std::vector<std::string> moved;
    for (std::size_t i = 0; i < after.size(); ++i)
        if (!stayed.contains(i)) moved.push_back(after[i]);
    return moved;
}

std::string place_of(const ruleset& rules, const std::string& route) {
    const auto& all = rules.compiled().routes;
    for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i].name == route) return "after " + all[i - 1].name;
    return "first";
}

}  // namespace

std::vector<changed_definition> changed_definitions(const ruleset& before, const ruleset& after, time_point base) {
    const auto old_definitions = definitions_of(before);
    const auto new_definitions = definitions_of(after);
    const auto old_index = index_of(old_definitions);
    const auto new_index = index_of(new_definitions);
    std::vector<changed_definition> all;
    for (const auto& each : new_definitions) {
        const auto was = old_index.find({each.kind, each.name});
        if (was == old_index.end())
            all.push_back({change::added, each.kind, each.name, {}, true});
        else if (!(*was->second == each))
            all.push_back({change::changed, each.kind, each.name, changed_keys(*was->second, each), true});
    }
    for (const auto& each : old_definitions)
        if (!new_index.contains({each.kind, each.name}))
            all.push_back({change::removed, each.kind, each.name, {}, true});
    for (const auto& name : moved_names(common_routes(before, after), common_routes(after, before)))
        all.push_back({change::moved, "route", name, {{"place", place_of(before, name), place_of(after, name)}}, true});
    compare_calendars(before, after, base, all);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& left, const auto& right) { return (left.of == "route") > (right.of == "route"); });
    return all;
}

}  // namespace kindred::rules
