#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// A system of the centre's own that hears what happens to tickets (docs/events.md).
struct event_subscription {
    std::string name;
    std::string url;
    std::vector<std::string> secrets;  ///< keys, decoded; the newest first, two while one is changed
    std::vector<std::string> types;    ///< "ticket.resolved", "ticket.*"; empty: all

    bool wants(std::string_view type) const {
        return types.empty() || std::any_of(types.begin(), types.end(), [&](const std::string& each) {
                   return each == type || (each.ends_with(".*") && type.starts_with(each.substr(0, each.size() - 1)));
               });
    }
};

}  // namespace kindred::runtime
