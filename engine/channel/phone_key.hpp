#pragma once
#include "engine/channel/options.hpp"

#include <string>
#include <string_view>

namespace kindred::channel {

/// The key of a phone that a setting names: one digit as text, empty where it is not set. Anything else is a problem
/// of `settings`.
std::string phone_key(options& settings, std::string_view name);

}  // namespace kindred::channel
