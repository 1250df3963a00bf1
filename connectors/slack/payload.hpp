#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"
#include "engine/channel/webhook.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::slack {

/// What one request of the Events API says.
struct delivery_body {
    channel::record happened;  ///< what is not for us is of kind `ignored`; unused where a challenge is asked
    std::string challenge;     ///< not empty: the handshake, to be answered with it
};

/// Reads one verified JSON body. errc::invalid: names the field that is missing or wrong.
/// Source: docs.slack.dev/apis/events-api.
result<delivery_body> parse(std::string_view body);

/// Reads a verified form: a slash command is a message of its user, a `payload` is what somebody pressed or sent. Never
/// empty. errc::invalid as above. Source: docs.slack.dev/interactivity/implementing-slash-commands.
result<std::vector<channel::record>> parse_form(std::string_view body);

}  // namespace kindred::connectors::slack
