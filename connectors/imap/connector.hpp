#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

namespace kindred::connectors::imap {

/// The connector for mail that the engine reads from a folder on an IMAP server, and that leaves through a submission
/// server. README.md describes the settings. Null when a setting is wrong.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::imap
