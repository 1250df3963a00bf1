#pragma once
#include "engine/base/time.hpp"
#include "engine/channel/call_recording.hpp"
#include "engine/channel/phrases.hpp"
#include "engine/channel/twiml.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::connectors::twilio_voice {

/// How a caller and the agent who accepted come together.
enum class meeting {
    dial = 1,   ///< the caller leaves Twilio's queue and hears the agent's phone ring
    conference  ///< the caller waits in a conference of their own, and the agent is called into it
};

using channel::recording_consent;

/// What a caller hears from ringing to talking, as TwiML documents. The addresses in them carry the language, the queue
/// and what was chosen, so that a caller who was greeted in Spanish waits in Spanish: Twilio signs them, nobody can
/// change them.
class call_flow {
public:
    struct settings {
        std::string base;        ///< our address of this channel, or a path where our public address is not known
        std::string hold_music;  ///< address of a sound; empty: silence
        bool ask_language = false;
        duration ring{};  ///< how long an agent's phone rings
        meeting meets = meeting::dial;
        std::string callback_key;   ///< a digit; empty: not offered
        std::string voicemail_key;  ///< a digit; empty: not offered while waiting
        bool voicemail_when_closed = false;
        duration longest_message{};
        recording_consent records = recording_consent::none;
        std::string agree_key;  ///< a digit, of recording_consent::asked
    };

    /// Where one call stands, as our addresses carry it.
    struct place {
        std::string_view language;
        std::string_view queue;
        std::string_view call;          ///< its id, where what Twilio asks does not name it
        std::string_view caller;        ///< the caller's number; no calling back without one
        std::string_view topic;         ///< chosen in the menu
        std::string_view consent = {};  ///< to being recorded: "told", "given" or "refused"
    };

    call_flow(settings chosen, channel::phrase_book book) : settings_(std::move(chosen)), book_(std::move(book)) {}

    const settings& how() const { return settings_; }
    const channel::phrase_book& book() const { return book_; }
    bool asks_first() const { return asks_language() || book_.has_topics() || asks_consent(); }
    bool asks_consent() const { return settings_.records == recording_consent::asked; }
    bool asks_language() const { return settings_.ask_language && book_.all().size() > 1; }

    /// Asks for the language, each offered in itself.
    std::string language_menu() const;
    /// Asks what the call is about.
    std::string topic_menu(const place& at) const;
    /// Asks whether the talk may be recorded.
    std::string consent_menu(const place& at) const;
    /// Greets, says that the talk is recorded where that is so, then waits in the queue.
    std::string greet(const place& at) const;
    /// Says that nobody is there, and hangs up.
    std::string closed(std::string_view language) const;
    /// Says that nobody is there, and takes a message.
    std::string closed_with_message(const place& at) const;
    /// Takes a message.
    std::string take_message(const place& at) const;
    std::string thank_for_message(std::string_view language) const;
    /// The fixed answer while no decision is there: comes back after a few seconds.
    std::string come_back(const place& at) const;
    /// One round of waiting; Twilio asks again when it has been played. `position` 0: not known.
    /// `notice` is said first, where there is one.
    std::string wait(const place& at, std::size_t position, std::optional<duration> estimated_wait,
                     std::string_view notice = {}) const;
    /// Says that we shall call, and hangs up.
    std::string promise_callback(std::string_view language) const;
    /// The agent's phone did not answer: back to the queue.
    std::string unanswered(const place& at) const;
    /// Says a text to a waiting caller, who then goes on waiting.
    std::string announce(std::string_view text, const place& at) const;

    /// What a customer on hold hears, round after round: a word, then music.
    std::string on_hold(const place& at) const;

    /// Rings an agent; `agent` is +number, client:name or sip:uri. Nothing for any other address.
    std::optional<std::string> connect(std::string_view agent, std::string_view our_number, const place& at) const;
    /// What an agent who picked up for a call-back hears next: the customer's phone. Nothing without a number.
    std::optional<std::string> call_customer(std::string_view our_number, const place& at) const;

    /// What a customer whom we called hears before the agent: that the talk is recorded, or whether it may be.
    std::string picked_up(const place& at) const;
    /// Where we are told of a recorded talk.
    std::string recording_address(const place& at) const;

    /// Our address below the channel's, with all that `at` knows.
    std::string address(std::string_view subpath, const place& at) const;

private:
    const channel::phrases& said_in(const place& at) const { return book_.in(at.language); }
    bool is_recorded(const place& at) const;
    void append_waiting(channel::twiml& out, const place& at) const;
    void append_recording(channel::twiml& out, const place& at) const;

    settings settings_;
    channel::phrase_book book_;
};

/// Whether calls can be made to it: +number, client:name or sip:uri.
bool is_agent_address(std::string_view address);
/// Whether it is a number in international form: the only thing that can be called back.
bool is_international_number(std::string_view text);

}  // namespace kindred::connectors::twilio_voice
