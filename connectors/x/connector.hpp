#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

/// Direct messages on X: Account Activity webhook in, its message API out. README.md has the settings.
namespace kindred::connectors::x {

/// Never null. Settings that only sending needs may be missing: then it receives, and refuses to send.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::x
