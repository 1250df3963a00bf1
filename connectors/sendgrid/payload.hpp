#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::sendgrid {

/// The records of an event webhook: a list of things that became of our mails. Events of no interest are ignored one
/// by one. errc::invalid names what cannot be understood: then nothing of the delivery counts.
/// Source: twilio.com/docs/sendgrid, "Event Webhook Reference".
result<std::vector<channel::record>> parse_events(std::string_view body);

}  // namespace kindred::connectors::sendgrid
