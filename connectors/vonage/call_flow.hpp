#pragma once
#include "engine/base/json.hpp"
#include "engine/base/time.hpp"
#include "engine/channel/call_recording.hpp"
#include "engine/channel/phrases.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kindred::connectors::vonage {

/// What one talk action says, in characters (developer.vonage.com, "NCCO reference").
inline constexpr std::size_t longest_talk = 1500;

/// What a caller hears from ringing to talking, as NCCO documents. A waiting caller goes round: place in line, music,
/// then an `input` that takes a key or none, whose answer is the next round; the call can be transferred at any time.
/// Source: developer.vonage.com/en/voice/voice-api/ncco-reference.
class call_flow {
public:
    struct settings {
        std::string base;        ///< our address of this channel; Vonage takes absolute ones only
        std::string hold_music;  ///< address of a sound; empty: silence
        bool ask_language = false;
        duration ring{};            ///< how long an agent's phone rings
        std::string callback_key;   ///< a digit; empty: not offered
        std::string voicemail_key;  ///< a digit; empty: not offered while waiting
        bool voicemail_when_closed = false;
        duration longest_message{};
        channel::recording_consent records = channel::recording_consent::none;
        std::string agree_key;  ///< a digit, of recording_consent::asked
    };

    /// Where one call stands. Vonage does not sign our addresses, so nothing in them is believed but what the caller
    /// will hear.
    struct place {
        std::string_view language;
        std::string_view queue;
        std::string_view call;          ///< its uuid
        std::string_view conversation;  ///< its conversation_uuid
        std::string_view caller;        ///< the caller's number; no calling back without one
        std::string_view consent = {};  ///< to being recorded: "told", "given" or "refused"
        std::string_view ticket = {};   ///< signed (signed_ticket()): whose the recording is
    };

    call_flow(settings chosen, channel::phrase_book book) : settings_(std::move(chosen)), book_(std::move(book)) {}

    const settings& how() const { return settings_; }
    const channel::phrase_book& book() const { return book_; }
    bool asks_language() const { return settings_.ask_language && book_.all().size() > 1; }
    bool asks_first() const { return asks_language() || book_.has_topics() || asks_consent(); }
    bool asks_consent() const { return settings_.records == channel::recording_consent::asked; }

    /// Asks for the language, each offered in itself.
    std::string language_menu() const;
    /// Asks what the call is about.
    std::string topic_menu(const place& at) const;
    /// Asks whether the talk may be recorded; the answer comes with what the call is about, as chosen before.
    std::string consent_menu(const place& at, std::string_view topic) const;
    /// Greets, says that the talk is recorded where that is so, then waits.
    std::string greet(const place& at) const;
    /// One round of waiting. `position` 0: not known. `notice` is said first, where there is one.
    std::string wait(const place& at, std::size_t position, std::optional<duration> estimated_wait,
                     std::string_view notice = {}) const;
    /// Says that nobody is there; then the call ends.
    std::string closed(std::string_view language) const;
    /// Says that nobody is there, and takes a message.
    std::string closed_with_message(const place& at) const;
    std::string take_message(const place& at) const;
    /// Says that we shall call; then the call ends.
    std::string promise_callback(std::string_view language) const;
    /// The agent's phone did not answer: waits again.
    std::string unanswered(const place& at) const;
    /// Says a text to a waiting caller, who then goes on waiting.
    std::string announce(std::string_view text, const place& at) const;

    /// What a customer on hold hears: where it is ordered below the call ("stream" or "talk"), and the order.
    std::pair<std::string_view, std::string> on_hold(std::string_view language) const;

    /// Rings an agent; `agent` is +number, client:name or sip:uri. Nothing for any other address. Who was told, or has
    /// agreed, is recorded from here on: no music, no waiting.
    std::optional<std::string> connect(std::string_view agent, std::string_view our_number, const place& at) const;
    /// The whole request for a call to the agent who, once there, is connected to the customer. Nothing without an
    /// agent's address, a number of ours and one of the customer's. Where talks are recorded, the customer hears what
    /// picked_up() says before the two are connected.
    std::optional<std::string> call_back(std::string_view agent, std::string_view our_number, const place& at) const;
    /// A customer whom we called has picked up: says that the talk is recorded, from there on, or asks whether it may
    /// be.
    std::string picked_up(const place& at) const;
    /// What follows on the answer to that question: the talk, recorded or not.
    std::string after_question(bool agreed, const place& at) const;

private:
    const channel::phrases& said_in(const place& at) const { return book_.in(at.language); }
    std::string address(std::string_view subpath, const place& at) const;
    void append_waiting(json::writer& out, const place& at, std::size_t position,
                        std::optional<duration> estimated_wait) const;
    void append_recording(json::writer& out, const place& at) const;
    void append_talk_recording(json::writer& out, const place& at) const;

    settings settings_;
    channel::phrase_book book_;
};

/// Whether it is a number in international form: the only thing that can be called back.
bool is_number(std::string_view address);

}  // namespace kindred::connectors::vonage
