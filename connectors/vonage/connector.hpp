#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <array>
#include <memory>
#include <string_view>

/// Phone calls through Vonage's Voice API. README.md has the settings.
namespace kindred::connectors::vonage {

/// Settings that are more than texts.
inline constexpr std::array<std::string_view, 1> structures{"recording"};

/// Never null. Settings that only sending needs may be missing: then it receives, and refuses to send.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::vonage
