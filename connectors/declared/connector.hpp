#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <array>
#include <memory>

namespace kindred::connectors::declared {

/// The settings that have a structure of their own.
inline constexpr std::array<std::string_view, 7> structures{"proof",   "handshake", "ignore", "echo",
                                                            "contact", "reply",     "answer"};

/// A connector for any JSON webhook, told by the configuration where things are. README.md has the settings.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::declared
