#pragma once
#include "connectors/bots/handover.hpp"
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kindred::connectors::bots {

/// What the bot says to the customer while it hands over, by language.
class handover_texts {
public:
    /// Reads `handover_text` and, for further languages, `languages` and `handover_text_<language>`. English, Spanish,
    /// German and French have texts of their own.
    explicit handover_texts(channel::options& settings);

    /// Of the language ("es", "es-MX"), else the default.
    const std::string& in(std::string_view language) const;

private:
    std::string usual_;
    std::map<std::string, std::string, std::less<>> by_language_;
};

/// The answer in the bot's own form. `now` says which ticket and queue; without a ticket it says only that it was
/// taken. `slot` is what Rasa remembers it by; empty: nothing.
channel::answer handover_answer(format bot, const std::string& text, const std::string& slot,
                                const channel::situation& now);

/// The answer to a call that we are not for.
channel::answer not_ours(format bot, std::string_view action);

}  // namespace kindred::connectors::bots
