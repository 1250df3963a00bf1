#pragma once
#include "connectors/declared/connector.hpp"
#include "engine/base/json.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::testing {

/// A connector of `declared` with what was wrong with its settings, each as "name: message".
struct declared_channel {
    std::unique_ptr<channel::connector> works;
    std::vector<std::string> problems;
};

inline std::string scalar_of(json::value from) { return from.is_string() ? std::string(from.text()) : from.to_text(); }

inline channel::structure structure_of(json::value from) {
    using form = channel::structure::form;
    channel::structure made;
    made.line = 1;
    if (from.is_array()) {
        made.is = form::list;
        from.for_each([&](json::value each) { made.items.push_back(structure_of(each)); });
    } else if (from.is_object()) {
        made.is = form::mapping;
        from.for_each_member([&](std::string_view key, json::value each) {
            made.members.push_back({std::string(key), structure_of(each)});
        });
    } else {
        made.text = scalar_of(from);
    }
    return made;
}

inline channel::option option_of(std::string_view name, json::value value) {
    const auto& structures = connectors::declared::structures;
    channel::option made;
    made.name = name;
    if (std::find(structures.begin(), structures.end(), name) != structures.end()) {
        made.tree = std::make_shared<const channel::structure>(structure_of(value));
    } else if (value.is_array()) {
        made.is_list = true;
        value.for_each([&](json::value each) { made.values.push_back(scalar_of(each)); });
    } else {
        made.values.push_back(scalar_of(value));
    }
    return made;
}

/// Settings as JSON, which is YAML as well. The channel is called "shop". Header-only, because fuzzers use it too.
inline declared_channel declared_by(std::string_view settings) {
    const auto parsed = json::document::parse(settings);
    if (!parsed) return {nullptr, {"the settings are no JSON: " + parsed.error().message}};
    std::vector<channel::option> given;
    parsed->root().for_each_member(
        [&](std::string_view name, json::value value) { given.push_back(option_of(name, value)); });
    channel::options options("shop", std::move(given), "https://support.example.com");
    declared_channel made;
    made.works = connectors::declared::make(options);
    for (const auto& problem : options.problems()) made.problems.push_back(problem.name + ": " + problem.message);
    for (const auto& unknown : options.unused()) made.problems.push_back(unknown.name + ": unknown setting");
    return made;
}

}  // namespace kindred::testing
