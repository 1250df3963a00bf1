#include "connectors/twilio-voice/call_flow.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <utility>

namespace kindred::connectors::twilio_voice {
namespace {

using channel::filled;
using channel::phrases;
using channel::twiml;

/// twilio.com/docs/voice/twiml/enqueue: queue names are at most 64 characters.
constexpr std::size_t longest_queue_name = 64;
/// What we are told of the recording of a talk.
constexpr std::string_view talk_events = "completed absent";

void say(twiml& out, const phrases& said, std::string_view text) {
    out.verb("Say", {{"language", said.locale}, {"voice", said.voice}}, text);
}

void offer(twiml& out, const phrases& said, std::string_view text, std::string_view key) {
    if (!key.empty()) say(out, said, filled(text, "digit", static_cast<std::size_t>(key.front() - '0')));
}

std::string seconds_of(duration span) { return std::to_string(std::chrono::ceil<std::chrono::seconds>(span).count()); }

/// Cut between characters, never inside one.
std::string queue_name(std::string_view queue) {
    if (queue.empty()) return "waiting";
    std::size_t letters = 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const bool starts_letter = (static_cast<unsigned char>(queue[i]) & 0xC0U) != 0x80U;
        if (starts_letter && letters++ == longest_queue_name) return std::string(queue.substr(0, i));
    }
    return std::string(queue);
}

/// The TwiML noun for an agent's address, and what it holds.
std::pair<std::string_view, std::string_view> noun_of(std::string_view address) {
    constexpr std::string_view client = "client:";
    if (address.starts_with(client) && address.size() > client.size()) return {"Client", address.substr(client.size())};
    if (address.starts_with("sip:") && address.size() > 4) return {"Sip", address};
    if (is_international_number(address)) return {"Number", address};
    return {};
}

/// Somebody is called: `ring`, in seconds, may be empty, `told_at` is where a recording is announced, empty for none.
void open_dial(twiml& out, std::string_view then_at, std::string_view ring, std::string_view our_number,
               std::string_view told_at) {
    const bool recorded = !told_at.empty();
    out.open("Dial", {{"action", then_at},
                      {"method", "POST"},
                      {"timeout", ring},
                      {"answerOnBridge", "true"},
                      {"callerId", our_number.starts_with('+') ? our_number : std::string_view{}},
                      {"record", recorded ? "record-from-answer-dual" : ""},
                      {"recordingStatusCallback", told_at},
                      {"recordingStatusCallbackMethod", recorded ? "POST" : ""},
                      {"recordingStatusCallbackEvent", recorded ? talk_events : ""}});
}

}  // namespace

bool is_international_number(std::string_view text) {
    return text.starts_with('+') && text.size() > 7 &&
           std::all_of(text.begin() + 1, text.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
}

bool is_agent_address(std::string_view address) { return !noun_of(address).first.empty(); }

std::string call_flow::address(std::string_view subpath, const place& at) const {
    auto whole = settings_.base + std::string(subpath) + "?language=" + encode_percent(said_in(at).language);
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) whole.append("&").append(name).append("=").append(encode_percent(value));
    };
    add("queue", at.queue);
    add("call", at.call);
    add("caller", at.caller);
    add("topic", at.topic);
    add("consent", at.consent);
    return whole;
}

bool call_flow::is_recorded(const place& at) const {
    return settings_.records != recording_consent::none && (at.consent == "told" || at.consent == "given");
}

std::string call_flow::recording_address(const place& at) const {
    return address("/recording", {at.language, {}, at.call, at.caller, {}});
}

void call_flow::append_waiting(twiml& out, const place& at) const {
    // A conference asks on its own behalf: the address must say whose it is.
    const bool conference = settings_.meets == meeting::conference;
    const bool recorded = conference && is_recorded(at);
    const auto told_at = recorded ? recording_address(at) : std::string();
    const auto wait_at = address("/wait", conference ? place{at.language, at.queue, at.call, at.caller, {}}
                                                     : place{at.language, at.queue, {}, {}, {}});
    const auto then_at = address("/after-queue", {at.language, at.queue, {}, {}, {}});
    if (!conference) {
        out.verb("Enqueue", {{"waitUrl", wait_at}, {"waitUrlMethod", "POST"}, {"action", then_at}, {"method", "POST"}},
                 queue_name(at.queue));
        return;
    }
    out.open("Dial", {{"action", then_at}, {"method", "POST"}});
    out.verb("Conference",
             {{"startConferenceOnEnter", "false"},
              {"endConferenceOnExit", "true"},
              {"beep", "false"},
              {"waitUrl", wait_at},
              {"waitMethod", "POST"},
              // From the agent on: a conference starts when somebody enters who may start it.
              {"record", recorded ? "record-from-start" : ""},
              {"recordingStatusCallback", told_at},
              {"recordingStatusCallbackMethod", recorded ? "POST" : ""},
              {"recordingStatusCallbackEvent", recorded ? talk_events : ""}},
             at.call);
    out.close("Dial");
}

std::string call_flow::language_menu() const {
    const auto menu_at = settings_.base + "/menu?step=language";
    twiml out;
    out.open("Gather",
             {{"input", "dtmf"}, {"numDigits", "1"}, {"timeout", "5"}, {"action", menu_at}, {"method", "POST"}});
    std::size_t digit = 0;
    for (const auto& each : book_.all()) say(out, each, filled(each.choose, "digit", ++digit));
    out.close("Gather");
    return out.verb("Redirect", {{"method", "POST"}}, menu_at).document();
}

std::string call_flow::topic_menu(const place& at) const {
    const auto& said = said_in(at);
    const auto menu_at = address("/menu", {at.language, {}, {}, {}, {}}) + "&step=topic";
    twiml out;
    out.open("Gather",
             {{"input", "dtmf"}, {"numDigits", "1"}, {"timeout", "5"}, {"action", menu_at}, {"method", "POST"}});
    std::size_t digit = 0;
    for (const auto& topic : said.topics) say(out, said, filled(topic, "digit", ++digit));
    out.close("Gather");
    return out.verb("Redirect", {{"method", "POST"}}, menu_at).document();
}

std::string call_flow::consent_menu(const place& at) const {
    const auto& said = said_in(at);
    const auto menu_at = address("/menu", {at.language, {}, {}, {}, at.topic}) + "&step=consent";
    twiml out;
    out.open("Gather",
             {{"input", "dtmf"}, {"numDigits", "1"}, {"timeout", "5"}, {"action", menu_at}, {"method", "POST"}});
    offer(out, said, said.recording_ask, settings_.agree_key);
    out.close("Gather");
    return out.verb("Redirect", {{"method", "POST"}}, menu_at).document();
}

std::string call_flow::greet(const place& at) const {
    twiml out;
    say(out, said_in(at), said_in(at).greeting);
    if (settings_.records == recording_consent::told) say(out, said_in(at), said_in(at).recording);
    append_waiting(out, at);
    return out.document();
}

std::string call_flow::closed(std::string_view language) const {
    const auto& said = book_.in(language);
    twiml out;
    say(out, said, said.closed);
    return out.verb("Hangup").document();
}

std::string call_flow::closed_with_message(const place& at) const {
    twiml out;
    say(out, said_in(at), said_in(at).closed);
    append_recording(out, at);
    return out.document();
}

std::string call_flow::take_message(const place& at) const {
    twiml out;
    append_recording(out, at);
    return out.document();
}

void call_flow::append_recording(twiml& out, const place& at) const {
    const auto& said = said_in(at);
    const auto then_at = address("/voicemail", at);
    const auto longest = seconds_of(settings_.longest_message);
    say(out, said, said.message);
    out.verb("Record", {{"action", then_at},
                        {"method", "POST"},
                        {"maxLength", longest},
                        {"finishOnKey", "#"},
                        {"playBeep", "true"},
                        {"recordingStatusCallback", then_at},
                        {"recordingStatusCallbackEvent", "completed"}});
    // Twilio goes on here when nothing was said.
    out.verb("Hangup");
}

std::string call_flow::thank_for_message(std::string_view language) const {
    const auto& said = book_.in(language);
    twiml out;
    say(out, said, said.message_thanks);
    return out.verb("Hangup").document();
}

std::string call_flow::come_back(const place& at) const {
    const auto& said = said_in(at);
    const auto again_at = asks_first() ? address("/menu", at) + "&step=done" : settings_.base;
    twiml out;
    say(out, said, said.moment);
    return out.verb("Pause", {{"length", "2"}}).verb("Redirect", {{"method", "POST"}}, again_at).document();
}

std::string call_flow::wait(const place& at, std::size_t position, std::optional<duration> estimated_wait,
                            std::string_view notice) const {
    const auto& said = said_in(at);
    const bool calls_back = !settings_.callback_key.empty() && is_international_number(at.caller);
    const bool asks = calls_back || !settings_.voicemail_key.empty();
    twiml out;
    // A key is heard all through the round: Gather listens while what stands inside it is played.
    const auto key_at = address("/key", {at.language, at.queue, {}, {}, {}});
    if (asks)
        out.open("Gather",
                 {{"input", "dtmf"}, {"numDigits", "1"}, {"timeout", "1"}, {"action", key_at}, {"method", "POST"}});
    if (!notice.empty()) say(out, said, notice);
    if (position == 1) say(out, said, said.next);
    if (position > 1) say(out, said, filled(said.position, "position", position));
    if (position > 0 && estimated_wait && estimated_wait->count() >= 0) {
        const auto minutes = std::chrono::ceil<std::chrono::minutes>(*estimated_wait).count();
        say(out, said, minutes <= 1 ? said.soon : filled(said.wait, "minutes", static_cast<std::size_t>(minutes)));
    }
    if (calls_back) offer(out, said, said.callback, settings_.callback_key);
    offer(out, said, said.voicemail, settings_.voicemail_key);
    if (settings_.hold_music.empty())
        out.verb("Pause", {{"length", "20"}});
    else
        out.verb("Play", {}, settings_.hold_music);
    if (asks) out.close("Gather");
    return out.document();
}

std::string call_flow::promise_callback(std::string_view language) const {
    const auto& said = book_.in(language);
    twiml out;
    say(out, said, said.callback_promise);
    return out.verb("Hangup").document();
}

std::optional<std::string> call_flow::connect(std::string_view agent, std::string_view our_number,
                                              const place& at) const {
    const auto [noun, target] = noun_of(agent);
    if (noun.empty()) return std::nullopt;
    const auto then_at = address("/after-queue", {at.language, at.queue, {}, {}, {}});
    // Nobody is on record but who talks to an agent: not the music, and not the phone that rings.
    const bool recorded = is_recorded(at);
    twiml out;
    open_dial(out, then_at, seconds_of(settings_.ring), our_number, recorded ? recording_address(at) : std::string());
    return out.verb(noun, {}, target).close("Dial").document();
}

std::optional<std::string> call_flow::call_customer(std::string_view our_number, const place& at) const {
    if (!is_international_number(at.caller)) return std::nullopt;
    const auto then_at = address("/called-back", {at.language, {}, at.call, {}, {}});
    twiml out;
    // Who is told is recorded from the first word; who is asked not before the answer, by picked_up() and a call of
    // ours.
    const bool recorded = settings_.records == recording_consent::told;
    const bool says_so = settings_.records != recording_consent::none;
    const auto first_at = says_so ? address("/picked-up", {at.language, {}, at.call, at.caller, {}}) : std::string();
    open_dial(out, then_at, {}, our_number, recorded ? recording_address(at) : std::string());
    return out.verb("Number", {{"url", first_at}, {"method", says_so ? "POST" : ""}}, at.caller)
        .close("Dial")
        .document();
}

std::string call_flow::picked_up(const place& at) const {
    const auto& said = said_in(at);
    twiml out;
    if (settings_.records == recording_consent::told) say(out, said, said.recording);
    if (!asks_consent()) return out.document();
    const auto answer_at = address("/picked-up", at) + "&step=consent";
    out.open("Gather",
             {{"input", "dtmf"}, {"numDigits", "1"}, {"timeout", "5"}, {"action", answer_at}, {"method", "POST"}});
    offer(out, said, said.recording_ask, settings_.agree_key);
    // Silence is no consent: the talk begins, and nobody records it.
    return out.close("Gather").document();
}

std::string call_flow::unanswered(const place& at) const {
    twiml out;
    say(out, said_in(at), said_in(at).unanswered);
    append_waiting(out, at);
    return out.document();
}

std::string call_flow::on_hold(const place& at) const {
    twiml out;
    say(out, said_in(at), said_in(at).moment);
    // Music plays for as long as it takes; silence has to be asked for anew.
    if (!settings_.hold_music.empty()) return out.verb("Play", {{"loop", "0"}}, settings_.hold_music).document();
    const auto again_at = address("/hold", {at.language, {}, {}, {}, {}});
    return out.verb("Pause", {{"length", "30"}}).verb("Redirect", {{"method", "POST"}}, again_at).document();
}

std::string call_flow::announce(std::string_view text, const place& at) const {
    twiml out;
    say(out, said_in(at), text);
    append_waiting(out, at);
    return out.document();
}

}  // namespace kindred::connectors::twilio_voice
