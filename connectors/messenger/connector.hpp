#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

/// Facebook Messenger for a page (Meta). README.md has the settings.
namespace kindred::connectors::messenger {

/// Never null. Settings that only sending needs may be missing: then it receives, and refuses to send.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::messenger
