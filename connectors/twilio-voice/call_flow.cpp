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

void say(twiml& out, const phrases& said, std::string_view text) {
    out.verb("Say", {{"language", said.locale}, {"voice", said.voice}}, text);
}

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
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    if (address.starts_with(client) && address.size() > client.size()) return {"Client", address.substr(client.size())};
    if (address.starts_with("sip:") && address.size() > 4) return {"Sip", address};
    if (address.starts_with('+') && address.size() > 7 && std::all_of(address.begin() + 1, address.end(), is_digit))
        return {"Number", address};
    return {};
}

}  // namespace

std::string call_flow::address(std::string_view subpath, const phrases& said, std::string_view queue) const {
    auto whole = settings_.base + std::string(subpath) + "?language=" + encode_percent(said.language);
    if (!queue.empty()) whole += "&queue=" + encode_percent(queue);
    return whole;
}

void call_flow::append_enqueue(twiml& out, const phrases& said, std::string_view queue) const {
    const auto wait_at = address("/wait", said, queue);
    const auto then_at = address("/after-queue", said, queue);
    out.verb("Enqueue", {{"waitUrl", wait_at}, {"waitUrlMethod", "POST"}, {"action", then_at}, {"method", "POST"}},
             queue_name(queue));
}

std::string call_flow::first_answer(std::string_view language, std::string_view queue) const {
    if (!settings_.ask_language || book_.all().size() < 2) return greet(language, queue);
    const auto menu_at = address("/menu", book_.in(language), queue);
    twiml out;
    out.open("Gather",
             {{"input", "dtmf"}, {"numDigits", "1"}, {"timeout", "5"}, {"action", menu_at}, {"method", "POST"}});
    std::size_t digit = 0;
    for (const auto& each : book_.all()) say(out, each, filled(each.choose, "digit", ++digit));
    out.close("Gather");
    return out.verb("Redirect", {{"method", "POST"}}, menu_at).document();
}

std::string call_flow::greet(std::string_view language, std::string_view queue) const {
    const auto& said = book_.in(language);
    twiml out;
    say(out, said, said.greeting);
    append_enqueue(out, said, queue);
    return out.document();
}

std::string call_flow::closed(std::string_view language) const {
    const auto& said = book_.in(language);
    twiml out;
    say(out, said, said.closed);
    return out.verb("Hangup").document();
}

std::string call_flow::come_back(std::string_view language) const {
    const auto& said = book_.in(language);
    twiml out;
    say(out, said, said.moment);
    return out.verb("Pause", {{"length", "2"}}).verb("Redirect", {{"method", "POST"}}, settings_.base).document();
}

std::string call_flow::wait(std::string_view language, std::size_t position,
                            std::optional<duration> estimated_wait) const {
    const auto& said = book_.in(language);
    twiml out;
    if (position == 1) say(out, said, said.next);
    if (position > 1) say(out, said, filled(said.position, "position", position));
    if (position > 0 && estimated_wait && estimated_wait->count() >= 0) {
        const auto minutes = std::chrono::ceil<std::chrono::minutes>(*estimated_wait).count();
        say(out, said, minutes <= 1 ? said.soon : filled(said.wait, "minutes", static_cast<std::size_t>(minutes)));
    }
    if (settings_.hold_music.empty())
        out.verb("Pause", {{"length", "20"}});
    else
        out.verb("Play", {}, settings_.hold_music);
    return out.document();
}

std::optional<std::string> call_flow::connect(std::string_view agent, std::string_view our_number) const {
    const auto [noun, target] = noun_of(agent);
    if (noun.empty()) return std::nullopt;
    const auto& said = book_.in({});
    const auto then_at = address("/after-queue", said, {});
    const auto ring = std::to_string(std::chrono::ceil<std::chrono::seconds>(settings_.ring).count());
    const auto shown = our_number.starts_with('+') ? our_number : std::string_view{};
    twiml out;
    out.open(
        "Dial",
        {{"action", then_at}, {"method", "POST"}, {"timeout", ring}, {"answerOnBridge", "true"}, {"callerId", shown}});
    return out.verb(noun, {}, target).close("Dial").document();
}

std::string call_flow::unanswered(std::string_view language, std::string_view queue) const {
    const auto& said = book_.in(language);
    twiml out;
    say(out, said, said.unanswered);
    append_enqueue(out, said, queue);
    return out.document();
}

std::string call_flow::announce(std::string_view text) const {
    const auto& said = book_.in({});
    twiml out;
    say(out, said, text);
    append_enqueue(out, said, {});
    return out.document();
}

}  // namespace kindred::connectors::twilio_voice
