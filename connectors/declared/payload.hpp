#pragma once
#include "connectors/declared/mapping.hpp"

#include <vector>

namespace kindred::connectors::declared {

/// The events that `each` names in a body; the body itself without it. errc::invalid: more than 1000.
result<std::vector<json::value>> events_of(json::value root, const std::vector<std::string>& each);

/// What the events of a body say, as the mapping has it. `channel_name` is the space of the provider's own ids.
/// errc::invalid with what cannot be read: then nothing of the body is taken.
result<std::vector<channel::record>> parse(const mapping& rules, std::string_view channel_name,
                                           const channel::request& arrived, json::value root);

}  // namespace kindred::connectors::declared
