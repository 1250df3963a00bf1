#include "connectors/vonage/call_flow.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/long_text.hpp"

#include <algorithm>

namespace kindred::connectors::vonage {
namespace {

using channel::phrases;

void append_talk(json::writer& out, std::string_view text, const phrases& said, bool barge_in = false) {
    out.begin_object().member("action", "talk").member("text", text).member("language", said.locale);
    if (barge_in) out.member("bargeIn", true);
    out.end_object();
}

void append_offer(json::writer& out, std::string_view text, std::string_view key, const phrases& said) {
    if (!key.empty())
        append_talk(out, channel::filled(text, "digit", static_cast<std::size_t>(key.front() - '0')), said, true);
}

void append_list(json::writer& out, std::string_view key, std::string_view only) {
    out.key(key).begin_array().value(only).end_array();
}

/// Takes one key, or none after `patience`, and asks `address` what comes next.
void append_input(json::writer& out, std::string_view address, std::chrono::seconds patience) {
    out.begin_object().member("action", "input");
    append_list(out, "type", "dtmf");
    out.key("dtmf").begin_object().member("maxDigits", 1).member("timeOut", patience.count()).end_object();
    append_list(out, "eventUrl", address);
    out.end_object();
}

/// The endpoint object for an address of somebody who is called; false for an address that is none. `first_at`, for a
/// number alone, says what is heard there before the call is joined.
bool append_endpoint(json::writer& out, std::string_view address, std::string_view first_at = {}) {
    constexpr std::string_view client = "client:";
    out.begin_object();
    if (is_number(address)) {
        out.member("type", "phone").member("number", address.substr(1));
        if (!first_at.empty()) out.key("onAnswer").begin_object().member("url", first_at).end_object();
    } else if (address.starts_with("sip:") && address.size() > 4) {
        out.member("type", "sip").member("uri", address);
    } else if (address.starts_with(client) && address.size() > client.size()) {
        out.member("type", "app").member("user", address.substr(client.size()));
    } else {
        return false;
    }
    out.end_object();
    return true;
}

/// The part of an address that says whose the call is.
std::string about(const call_flow::place& at) {
    return at.ticket.empty() ? std::string() : "&ticket=" + encode_percent(at.ticket);
}

}  // namespace

bool is_number(std::string_view address) {
    return address.starts_with('+') && address.size() > 7 &&
           std::all_of(address.begin() + 1, address.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string call_flow::address(std::string_view subpath, const place& at) const {
    auto whole = settings_.base + std::string(subpath) + "?language=" + encode_percent(said_in(at).language);
    if (!at.queue.empty()) whole += "&queue=" + encode_percent(at.queue);
    return whole;
}

void call_flow::append_waiting(json::writer& out, const place& at, std::size_t position,
                               std::optional<duration> estimated_wait) const {
    const auto& said = said_in(at);
    if (position == 1) append_talk(out, said.next, said, true);
    if (position > 1) append_talk(out, channel::filled(said.position, "position", position), said, true);
    if (position > 0 && estimated_wait && estimated_wait->count() >= 0) {
        const auto minutes = std::chrono::ceil<std::chrono::minutes>(*estimated_wait).count();
        const auto long_wait = channel::filled(said.wait, "minutes", static_cast<std::size_t>(minutes));
        append_talk(out, minutes <= 1 ? said.soon : long_wait, said, true);
    }
    if (is_number(at.caller)) append_offer(out, said.callback, settings_.callback_key, said);
    append_offer(out, said.voicemail, settings_.voicemail_key, said);
    if (!settings_.hold_music.empty()) {
        out.begin_object().member("action", "stream");
        append_list(out, "streamUrl", settings_.hold_music);
        out.member("bargeIn", true).end_object();
    }
    // Ten seconds is the longest that Vonage waits for a key: the pace of a round without music.
    append_input(out, address("/wait", at), std::chrono::seconds{settings_.hold_music.empty() ? 10 : 1});
}

void call_flow::append_recording(json::writer& out, const place& at) const {
    const auto& said = said_in(at);
    append_talk(out, said.message, said);
    out.begin_object().member("action", "record").member("endOnKey", "#").member("beepStart", true);
    out.member("endOnSilence", 10);
    out.member("timeOut", std::chrono::ceil<std::chrono::seconds>(settings_.longest_message).count());
    append_list(out, "eventUrl", address("/voicemail", at));
    out.end_object();
    append_talk(out, said.message_thanks, said);
}

void call_flow::append_talk_recording(json::writer& out, const place& at) const {
    // Without an end of its own it goes on while the next action is carried out, until the call is over.
    out.begin_object().member("action", "record").member("format", "mp3").member("split", "conversation");
    append_list(out, "eventUrl", address("/recording", {at.language, {}, {}, {}, {}}) + about(at));
    out.end_object();
}

std::string call_flow::language_menu() const {
    json::writer out;
    out.begin_array();
    std::size_t digit = 0;
    for (const auto& each : book_.all()) append_talk(out, channel::filled(each.choose, "digit", ++digit), each, true);
    append_input(out, settings_.base + "/input?step=language", std::chrono::seconds{5});
    return out.end_array().take();
}

std::string call_flow::topic_menu(const place& at) const {
    const auto& said = said_in(at);
    json::writer out;
    out.begin_array();
    std::size_t digit = 0;
    for (const auto& topic : said.topics) append_talk(out, channel::filled(topic, "digit", ++digit), said, true);
    append_input(out, address("/input", {at.language, {}, {}, {}, {}}) + "&step=topic", std::chrono::seconds{5});
    return out.end_array().take();
}

std::string call_flow::consent_menu(const place& at, std::string_view topic) const {
    json::writer out;
    out.begin_array();
    append_offer(out, said_in(at).recording_ask, settings_.agree_key, said_in(at));
    auto then_at = address("/input", {at.language, {}, {}, {}, {}}) + "&step=consent";
    if (!topic.empty()) then_at += "&topic=" + encode_percent(topic);
    append_input(out, then_at, std::chrono::seconds{5});
    return out.end_array().take();
}

std::string call_flow::greet(const place& at) const {
    if (settings_.records != channel::recording_consent::told) return announce(said_in(at).greeting, at);
    json::writer out;
    out.begin_array();
    append_talk(out, said_in(at).greeting, said_in(at));
    append_talk(out, said_in(at).recording, said_in(at));
    append_waiting(out, at, 0, {});
    return out.end_array().take();
}

std::string call_flow::wait(const place& at, std::size_t position, std::optional<duration> estimated_wait,
                            std::string_view notice) const {
    json::writer out;
    out.begin_array();
    if (const auto parts = channel::split_text(notice, {longest_talk, channel::text_unit::code_points}); parts)
        for (const auto& part : *parts)
            if (!part.empty()) append_talk(out, part, said_in(at), true);
    append_waiting(out, at, position, estimated_wait);
    return out.end_array().take();
}

std::string call_flow::closed(std::string_view language) const {
    json::writer out;
    out.begin_array();
    append_talk(out, book_.in(language).closed, book_.in(language));
    return out.end_array().take();
}

std::string call_flow::closed_with_message(const place& at) const {
    json::writer out;
    out.begin_array();
    append_talk(out, said_in(at).closed, said_in(at));
    append_recording(out, at);
    return out.end_array().take();
}

std::string call_flow::take_message(const place& at) const {
    json::writer out;
    out.begin_array();
    append_recording(out, at);
    return out.end_array().take();
}

std::string call_flow::promise_callback(std::string_view language) const {
    json::writer out;
    out.begin_array();
    append_talk(out, book_.in(language).callback_promise, book_.in(language));
    return out.end_array().take();
}

std::string call_flow::unanswered(const place& at) const { return announce(said_in(at).unanswered, at); }

std::pair<std::string_view, std::string> call_flow::on_hold(std::string_view language) const {
    json::writer out;
    if (!settings_.hold_music.empty()) {
        out.begin_object().key("stream_url").begin_array().value(settings_.hold_music).end_array();
        return {"stream", out.member("loop", 0).end_object().take()};
    }
    const auto& said = book_.in(language);
    out.begin_object().member("text", said.moment).member("language", said.locale).member("loop", 0);
    return {"talk", out.end_object().take()};
}

std::string call_flow::announce(std::string_view text, const place& at) const {
    json::writer out;
    out.begin_array();
    append_talk(out, text, said_in(at));
    append_waiting(out, at, 0, {});
    return out.end_array().take();
}

std::optional<std::string> call_flow::connect(std::string_view agent, std::string_view our_number,
                                              const place& at) const {
    json::writer out;
    out.begin_array();
    const bool consents = at.consent == "told" || at.consent == "given";
    if (settings_.records != channel::recording_consent::none && consents) append_talk_recording(out, at);
    out.begin_object().member("action", "connect");
    if (is_number(our_number)) out.member("from", our_number.substr(1));
    out.member("timeout", std::chrono::ceil<std::chrono::seconds>(settings_.ring).count());
    // Synchronous: what we answer there is what the caller hears when nobody picks up.
    out.member("eventType", "synchronous");
    const auto goes =
        address("/agent", at) + "&call=" + encode_percent(at.call) + "&conversation=" + encode_percent(at.conversation);
    append_list(out, "eventUrl", goes);
    out.key("endpoint").begin_array();
    if (!append_endpoint(out, agent)) return std::nullopt;
    return out.end_array().end_object().end_array().take();
}

std::optional<std::string> call_flow::call_back(std::string_view agent, std::string_view our_number,
                                                const place& at) const {
    if (!is_number(our_number) || !is_number(at.caller)) return std::nullopt;
    json::writer out;
    out.begin_object().key("to").begin_array();
    if (!append_endpoint(out, agent)) return std::nullopt;
    out.end_array();
    out.key("from").begin_object().member("type", "phone").member("number", our_number.substr(1)).end_object();
    out.member("ringing_timer", std::chrono::ceil<std::chrono::seconds>(settings_.ring).count());
    auto goes = address("/agent", at);
    if (!at.call.empty())
        goes += "&call=" + encode_percent(at.call) + "&conversation=" + encode_percent(at.conversation);
    goes += "&back=1";
    append_list(out, "event_url", goes);
    out.key("ncco").begin_array().begin_object().member("action", "connect").member("from", our_number.substr(1));
    out.key("endpoint").begin_array();
    const bool says_so = settings_.records != channel::recording_consent::none;
    append_endpoint(out, at.caller, says_so ? address("/picked-up", {at.language, {}, {}, {}, {}}) + about(at) : "");
    return out.end_array().end_object().end_array().end_object().take();
}

std::string call_flow::picked_up(const place& at) const {
    const auto& said = said_in(at);
    json::writer out;
    out.begin_array();
    if (settings_.records == channel::recording_consent::told) {
        append_talk(out, said.recording, said);
        append_talk_recording(out, at);
    } else if (asks_consent()) {
        append_offer(out, said.recording_ask, settings_.agree_key, said);
        append_input(out, address("/picked-up", {at.language, {}, {}, {}, {}}) + about(at) + "&step=consent",
                     std::chrono::seconds{5});
    }
    return out.end_array().take();
}

std::string call_flow::after_question(bool agreed, const place& at) const {
    json::writer out;
    out.begin_array();
    if (agreed && asks_consent()) append_talk_recording(out, at);
    return out.end_array().take();
}

}  // namespace kindred::connectors::vonage
