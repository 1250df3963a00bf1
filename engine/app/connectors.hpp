#pragma once
#include "engine/channel/options.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::app {

/// Every connector that this program has. A new one is a folder under connectors/ and a row here.
std::span<const channel::registration> connectors();
const channel::registration* find_connector(std::string_view name);
std::vector<std::string> connector_names();

}  // namespace kindred::app
