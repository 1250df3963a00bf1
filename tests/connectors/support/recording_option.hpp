#pragma once
#include "engine/channel/options.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kindred::testing {

/// `recording: {...}` as the configuration gives it to a connector.
inline channel::option recording_option(const std::vector<std::pair<std::string, std::string>>& keys) {
    auto tree = std::make_shared<channel::structure>();
    tree->is = channel::structure::form::mapping;
    for (const auto& [key, text] : keys) {
        channel::structure value;
        value.text = text;
        tree->members.push_back({key, value});
    }
    channel::option made{"recording", {}, false, 1, 1};
    made.tree = tree;
    return made;
}

}  // namespace kindred::testing
