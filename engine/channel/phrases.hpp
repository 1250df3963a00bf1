#pragma once
#include "engine/channel/options.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::channel {

/// What callers hear in one language. `{position}` and `{minutes}` stand for numbers.
struct phrases {
    std::string language;  ///< ISO 639-1
    std::string locale;    ///< what the provider's voice reads in: "en-US"
    std::string voice;     ///< by the provider's name for it: "Polly.Joanna"; empty: its choice
    std::string greeting;
    std::string choose;  ///< offers this language in the menu; `{digit}` stands for the key
    std::string next;    ///< first in line
    std::string position;
    std::string soon;  ///< a minute or less to wait
    std::string wait;
    std::string moment;  ///< while the engine decides
    std::string closed;
    std::string unanswered;  ///< the agent did not pick up
    // Needed only where the channel offers them; `{digit}` stands for the key.
    std::string callback;          ///< offers to call back
    std::string callback_promise;  ///< said once that is on record
    std::string voicemail;         ///< offers to leave a message
    std::string message;           ///< before the tone
    std::string message_thanks;
    std::string recording;            ///< says that the talk is recorded
    std::string recording_ask;        ///< asks whether it may be
    std::vector<std::string> topics;  ///< one for each entry of the channel's `menu`, each offering its key
};

/// What a channel offers beyond waiting, so that its texts are asked for.
struct phrase_needs {
    bool callback = false;
    bool voicemail = false;
    bool recording = false;      ///< callers are told that the talk is recorded
    bool recording_ask = false;  ///< ... or asked
};

/// The languages of a channel, the default first. Never empty.
class phrase_book {
public:
    /// Reads `languages` and, per language L, `locale_L`, `voice_L` and a text for each phrase, such as `greeting_L`.
    /// English and Spanish have texts of their own; for others all texts must be given that `needs` asks for. `menu`
    /// names topics, each with a text `menu_TOPIC_L` per language, which no language has of its own.
    explicit phrase_book(options& settings, const phrase_needs& needs = {});

    /// Those of the language ("es", "es-MX"), else the default's.
    const phrases& in(std::string_view language) const;
    const std::vector<phrases>& all() const { return languages_; }
    /// The language that a key of the menu stands for; empty for any other key.
    std::string_view language_of_key(std::string_view digits) const;
    /// The topic that a key stands for; empty for any other key.
    std::string_view topic_of_key(std::string_view digits) const;
    bool has_topics() const { return !topics_.empty(); }

private:
    void read_topics(options& settings);

    std::vector<phrases> languages_;
    std::vector<std::string> topics_;
};

/// `text` with "{name}" replaced by a number.
std::string filled(std::string_view text, std::string_view name, std::size_t number);

}  // namespace kindred::channel
