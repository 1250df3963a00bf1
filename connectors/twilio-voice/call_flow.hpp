#pragma once
#include "engine/base/time.hpp"
#include "engine/channel/phrases.hpp"
#include "engine/channel/twiml.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::connectors::twilio_voice {

/// What a caller hears from ringing to talking, as TwiML documents. The addresses in them carry the language and the
/// queue, so that a caller who was greeted in Spanish waits in Spanish: Twilio signs them, nobody can change them.
class call_flow {
public:
    struct settings {
        std::string base;        ///< our address of this channel, or a path where our public address is not known
        std::string hold_music;  ///< address of a sound; empty: silence
        bool ask_language = false;
        duration ring{};  ///< how long an agent's phone rings
    };

    call_flow(settings chosen, channel::phrase_book book) : settings_(std::move(chosen)), book_(std::move(book)) {}

    /// The first answer to a call: asks for the language where the channel does that, else greets.
    std::string first_answer(std::string_view language, std::string_view queue) const;
    /// Greets, then waits in the queue.
    std::string greet(std::string_view language, std::string_view queue) const;
    /// Says that nobody is there, and hangs up.
    std::string closed(std::string_view language) const;
    /// The fixed answer while no decision is there: comes back after a few seconds.
    std::string come_back(std::string_view language) const;
    /// One round of waiting; Twilio asks again when it has been played. `position` 0: not known.
    std::string wait(std::string_view language, std::size_t position, std::optional<duration> estimated_wait) const;
    /// Rings an agent; `address` is +number, client:name or sip:uri. Nothing for any other address.
    std::optional<std::string> connect(std::string_view address, std::string_view our_number) const;
    /// The agent's phone did not answer: back to the queue.
    std::string unanswered(std::string_view language, std::string_view queue) const;
    /// Says a text to a waiting caller, who then goes on waiting.
    std::string announce(std::string_view text) const;

    /// The language that a key of the menu stands for; empty for any other key.
    std::string_view language_of_key(std::string_view digits) const { return book_.language_of_key(digits); }

private:
    std::string address(std::string_view subpath, const channel::phrases& said, std::string_view queue) const;
    void append_enqueue(channel::twiml& out, const channel::phrases& said, std::string_view queue) const;

    settings settings_;
    channel::phrase_book book_;
};

}  // namespace kindred::connectors::twilio_voice
