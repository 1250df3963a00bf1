#pragma once
#include "engine/domain/channel_kind.hpp"
#include "engine/runtime/channel_policy.hpp"
#include "engine/settings/reader.hpp"

#include <array>
#include <string_view>

namespace kindred::app {

/// Settings that every channel has, whatever its connector (docs/channels/README.md, "Common settings").
inline constexpr std::array<std::string_view, 12> policy_settings{
    "send_rate", "long_text", "text_limit",      "stop_words", "start_words",     "flood_limit",
    "blocked",   "templates", "most_file_bytes", "file_types", "visitor_uploads", "address_uploads"};

/// Reads them; problems are reported at their place. `can`: what the connector is able to do.
runtime::channel_policy read_policy(settings::section& given, channel_kind kind, const channel::abilities& can);

}  // namespace kindred::app
