#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>

/// SMS and MMS through Twilio Programmable Messaging. README.md has the settings.
namespace kindred::connectors::twilio_sms {

/// Never null. Settings that only sending needs may be missing: then it receives, and refuses to send.
std::unique_ptr<channel::connector> make(channel::options& settings);

}  // namespace kindred::connectors::twilio_sms
