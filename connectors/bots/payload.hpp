#pragma once
#include "connectors/bots/handover.hpp"
#include "engine/base/error.hpp"

#include <optional>
#include <string_view>

namespace kindred::connectors::bots {

/// What an admin says about the bot.
struct bot_rules {
    std::string channel_name;
    std::optional<format> only;        ///< none: told by the body
    std::vector<std::string> actions;  ///< Rasa: those that hand over
    std::vector<std::string> tags;     ///< Dialogflow: those that hand over; empty: every tag
};

/// A request of a bot: a hand-over, or a further message of a customer who was handed over. Of kind `ignored` when the
/// bot calls for something else. errc::invalid: what is missing or cannot be read.
result<handover> parse(std::string_view body, const bot_rules& rules);

result<handover> read_dialogflow_cx(json::value root, const bot_rules& rules);
result<handover> read_rasa(json::value root, std::string_view body, const bot_rules& rules);
result<handover> read_generic(json::value root, std::string_view body, const bot_rules& rules);

}  // namespace kindred::connectors::bots
