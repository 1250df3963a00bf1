#include "engine/conditions/fact.hpp"

#include <algorithm>

namespace kindred::conditions {
namespace {

constexpr std::size_t most_facts_in_use = 65'535;

}  // namespace

std::string_view name_of(fact_type type) {
    switch (type) {
        case fact_type::text: return "text";
        case fact_type::text_list: return "a list of texts";
        case fact_type::choice: return "one of a set of names";
        case fact_type::ordered_choice: return "one of an ordered set of names";
        case fact_type::integer: return "a whole number";
        case fact_type::number: return "a number";
        case fact_type::yes_no: return "yes or no";
        case fact_type::duration: return "a duration";
        case fact_type::time: return "a time";
        case fact_type::date: return "a date";
    }
    return "";
}

bool fact_catalog::declare(fact_definition definition) {
    auto name = definition.name;
    return declared_.emplace(std::move(name), std::move(definition)).second;
}

const fact_definition* fact_catalog::declared(std::string_view name) const {
    const auto found = declared_.find(name);
    return found == declared_.end() ? nullptr : &found->second;
}

std::optional<fact_id> fact_catalog::use(std::string_view name) {
    if (const auto known = find(name)) return known;
    const auto* definition = declared(name);
    if (definition == nullptr || used_.size() >= most_facts_in_use) return std::nullopt;
    const auto fresh = static_cast<fact_id>(used_.size());
    used_.push_back(*definition);
    ids_.emplace(name, fresh);
    return fresh;
}

std::optional<fact_id> fact_catalog::find(std::string_view name) const {
    const auto found = ids_.find(name);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> fact_catalog::all_names() const {
    std::vector<std::string> names;
    names.reserve(declared_.size());
    for (const auto& [name, definition] : declared_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

fact_view view_of(const fact_value& value) {
    return std::visit([](const auto& held) { return fact_view(held); }, value);
}

fact_value own(const fact_view& view) {
    return std::visit(
        [](const auto& held) -> fact_value {
            using held_type = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<held_type, std::string_view>) {
                return std::string(held);
            } else if constexpr (std::is_same_v<held_type, std::span<const std::string>>) {
                return std::vector<std::string>(held.begin(), held.end());
            } else {
                return held;
            }
        },
        view);
}

}  // namespace kindred::conditions
