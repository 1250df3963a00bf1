#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::slack {

/// Reads the JSON that Slack posts in the field `payload` when somebody presses a button, chooses from a menu, uses a
/// shortcut or sends a form (docs.slack.dev/interactivity/handling-user-interaction). Each action is a record of kind
/// postback; what nobody has to answer is of kind `ignored`. Never empty. errc::invalid: names the field that is
/// missing.
result<std::vector<channel::record>> parse_interaction(std::string_view payload);

}  // namespace kindred::connectors::slack
