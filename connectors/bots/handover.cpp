#include "connectors/bots/handover.hpp"

#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::bots {
namespace {

std::string first_text(json::value known, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (auto text = known[name].text_or_number(); !text.empty()) return text;
    return {};
}

}  // namespace

std::string_view name_of(format bot) {
    switch (bot) {
        case format::dialogflow_cx: return "dialogflow-cx";
        case format::rasa: return "rasa";
        case format::generic: return "generic";
    }
    return "generic";
}

void transcript::add(std::string_view from, std::string_view text, std::optional<time_point> at) {
    if (text.empty()) return;
    if (lines_.size() == most_lines) lines_.erase(lines_.begin());
    lines_.push_back({std::string(from), std::string(text), at});
}

void transcript::add_to(channel::record& made) const {
    if (lines_.empty()) return;
    json::writer out;
    out.begin_array();
    for (const auto& each : lines_) {
        out.begin_object().member("from", each.from).member("text", each.text);
        if (each.at) out.member("at", to_rfc3339(*each.at));
        out.end_object();
    }
    made.add_detail("transcript", out.end_array().take());
}

void begin_handover(format bot, std::string_view own_id, std::string_view channel_name, channel::record& made) {
    made.kind = channel::record_kind::handoff;
    made.from = own_id;
    made.thread = own_id;
    made.conversation = own_id;
    // A session is known to the bot alone, and two bots may call theirs the same.
    made.identities.push_back(provider_identity("bots", std::string(channel_name) + ":" + std::string(own_id)));
    made.add_detail("bot", json::literal(name_of(bot)));
}

void read_claims(json::value known, channel::record& made) {
    if (made.display_name.empty()) made.display_name = first_text(known, {"name", "user_name", "full_name"});
    if (made.locale.empty()) made.locale = first_text(known, {"language", "lang", "locale"});
    const auto email = first_text(known, {"email", "email_address", "user_email"});
    if (auto claimed = email_identity(email, proof::claimed)) made.identities.push_back(std::move(*claimed));
    // What somebody typed proves no number; unlike a mail address it would count as proven, so it is only shown.
    if (const auto phone = first_text(known, {"phone", "phone_number", "user_phone"}); !phone.empty())
        made.add_detail("phone_said", json::literal(phone));
}

}  // namespace kindred::connectors::bots
