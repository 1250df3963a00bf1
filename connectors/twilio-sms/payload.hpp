#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::twilio_sms {

/// The record of one verified form: a message, or what became of one of ours. errc::invalid: names the field that is
/// missing. Source: twilio.com/docs/messaging/guides/webhook-request.
result<channel::record> parse(const channel::form& fields);

}  // namespace kindred::connectors::twilio_sms
