#pragma once
#include "engine/base/time.hpp"
#include "engine/channel/phrases.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kindred::connectors::vonage {

/// One call at Vonage, by the names it has there.
struct call_name {
    std::string_view uuid;
    std::string_view conversation;
};

/// What a caller hears from ringing to talking, as NCCO documents. A waiting caller stands in a conversation of his
/// own, with music, until the call is transferred. Source: developer.vonage.com/en/voice/voice-api/ncco-reference.
class call_flow {
public:
    struct settings {
        std::string base;        ///< our address of this channel; Vonage takes absolute ones only
        std::string hold_music;  ///< address of a sound; empty: silence
        bool ask_language = false;
        duration ring{};  ///< how long an agent's phone rings
    };

    call_flow(settings chosen, channel::phrase_book book) : settings_(std::move(chosen)), book_(std::move(book)) {}

    /// The first answer to a call: asks for the language where the channel does that, else greets.
    std::string first_answer(std::string_view language, const call_name& call) const;
    /// Greets, then waits.
    std::string greet(std::string_view language, const call_name& call) const;
    /// Says that nobody is there; then the call ends.
    std::string closed(std::string_view language) const;
    /// Rings an agent; `address` is +number, client:name or sip:uri. Nothing for any other address.
    std::optional<std::string> connect(std::string_view address, std::string_view our_number,
                                       const call_name& call) const;
    /// The agent's phone did not answer: waits again.
    std::string unanswered(std::string_view language, const call_name& call) const;
    /// Says a text to a waiting caller, who then goes on waiting.
    std::string announce(std::string_view text, const call_name& call) const;

    const channel::phrase_book& book() const { return book_; }

private:
    std::string say_and_wait(std::string_view text, const channel::phrases& said, const call_name& call) const;

    settings settings_;
    channel::phrase_book book_;
};

}  // namespace kindred::connectors::vonage
