#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

/// Mail through Amazon SES: received mail and events by SNS, sending by SES's SMTP interface. README.md has the
/// settings.
namespace kindred::connectors::ses_sns {

/// Never null. Settings that only sending needs may be missing: then it receives, and refuses to send.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::ses_sns
