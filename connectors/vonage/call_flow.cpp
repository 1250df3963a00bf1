#include "connectors/vonage/call_flow.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::vonage {
namespace {

using channel::phrases;

void append_talk(json::writer& out, std::string_view text, const phrases& said, bool barge_in = false) {
    out.begin_object().member("action", "talk").member("text", text).member("language", said.locale);
    if (barge_in) out.member("bargeIn", true);
    out.end_object();
}

void append_list(json::writer& out, std::string_view key, std::string_view only) {
    out.key(key).begin_array().value(only).end_array();
}

bool is_number(std::string_view address) {
    return address.starts_with('+') && address.size() > 7 &&
           std::all_of(address.begin() + 1, address.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The endpoint object for an agent's address; false for an address that is none.
bool append_endpoint(json::writer& out, std::string_view address) {
    constexpr std::string_view client = "client:";
    out.begin_object();
    if (is_number(address))
        out.member("type", "phone").member("number", address.substr(1));
    else if (address.starts_with("sip:") && address.size() > 4)
        out.member("type", "sip").member("uri", address);
    else if (address.starts_with(client) && address.size() > client.size())
        out.member("type", "app").member("user", address.substr(client.size()));
    else
        return false;
    out.end_object();
    return true;
}

}  // namespace

std::string call_flow::say_and_wait(std::string_view text, const phrases& said, const call_name& call) const {
    json::writer out;
    out.begin_array();
    append_talk(out, text, said);
    out.begin_object().member("action", "conversation").member("name", "waiting-" + std::string(call.uuid));
    // The caller hears the music for as long as nobody starts the conversation.
    out.member("startOnEnter", false);
    if (!settings_.hold_music.empty()) append_list(out, "musicOnHoldUrl", settings_.hold_music);
    return out.end_object().end_array().take();
}

std::string call_flow::first_answer(std::string_view language, const call_name& call) const {
    if (!settings_.ask_language || book_.all().size() < 2) return greet(language, call);
    json::writer out;
    out.begin_array();
    std::size_t digit = 0;
    for (const auto& each : book_.all()) append_talk(out, channel::filled(each.choose, "digit", ++digit), each, true);
    out.begin_object().member("action", "input");
    append_list(out, "type", "dtmf");
    out.key("dtmf").begin_object().member("maxDigits", 1).member("timeOut", 5).end_object();
    append_list(out, "eventUrl", settings_.base + "/input");
    return out.end_object().end_array().take();
}

std::string call_flow::greet(std::string_view language, const call_name& call) const {
    const auto& said = book_.in(language);
    return say_and_wait(said.greeting, said, call);
}

std::string call_flow::closed(std::string_view language) const {
    json::writer out;
    out.begin_array();
    append_talk(out, book_.in(language).closed, book_.in(language));
    return out.end_array().take();
}

std::optional<std::string> call_flow::connect(std::string_view address, std::string_view our_number,
                                              const call_name& call) const {
    json::writer out;
    out.begin_array().begin_object().member("action", "connect");
    if (is_number(our_number)) out.member("from", our_number.substr(1));
    out.member("timeout", std::chrono::ceil<std::chrono::seconds>(settings_.ring).count());
    // Synchronous: what we answer there is what the caller hears when nobody picks up.
    out.member("eventType", "synchronous");
    append_list(out, "eventUrl",
                settings_.base + "/agent?call=" + encode_percent(call.uuid) +
                    "&conversation=" + encode_percent(call.conversation));
    out.key("endpoint").begin_array();
    if (!append_endpoint(out, address)) return std::nullopt;
    return out.end_array().end_object().end_array().take();
}

std::string call_flow::unanswered(std::string_view language, const call_name& call) const {
    const auto& said = book_.in(language);
    return say_and_wait(said.unanswered, said, call);
}

std::string call_flow::announce(std::string_view text, const call_name& call) const {
    return say_and_wait(text, book_.in({}), call);
}

}  // namespace kindred::connectors::vonage
