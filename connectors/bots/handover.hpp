#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kindred::connectors::bots {

/// Whose words a request is in, and so what it wants to hear.
enum class format { dialogflow_cx = 1, rasa, generic };
/// The name in settings and records: "dialogflow-cx", "rasa", "generic".
std::string_view name_of(format bot);

/// One hand-over that was read.
struct handover {
    format bot = format::generic;
    channel::record happened;
    std::string action;  ///< Rasa: the action that we are asked to run; Dialogflow: the webhook's tag
};

/// What was said before, line by line, kept as the detail "transcript": [{"from": "customer", "text", "at"}, ...].
/// At most `most_lines`, the last ones.
class transcript {
public:
    static constexpr std::size_t most_lines = 500;

    /// Lines without text are left out.
    void add(std::string_view from, std::string_view text, std::optional<time_point> at);
    void add_to(channel::record& made) const;

private:
    struct line {
        std::string from;
        std::string text;
        std::optional<time_point> at;
    };
    std::vector<line> lines_;
};

/// What every bot's hand-over has in common: kind, conversation, the customer's identity at the bot, and what it claims
/// of itself in slots or parameters (`email`, `phone`, `name`, `language`). `own_id` names the conversation.
void begin_handover(format bot, std::string_view own_id, std::string_view channel_name, channel::record& made);
void read_claims(json::value known, channel::record& made);

}  // namespace kindred::connectors::bots
