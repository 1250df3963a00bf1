#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

/// Mail through Postmark: inbound and event webhooks in, its email API out. README.md has the settings.
namespace kindred::connectors::postmark {

/// Never null. Settings that only sending needs may be missing: then it receives, and refuses to send.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::postmark
