#include "connectors/whatsapp/message.hpp"

#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::whatsapp {
namespace {

using channel::record;
using channel::record_kind;
using json::literal;

void read_text(json::value message, record& made) { made.text = message["text"]["body"].text(); }

void read_media(json::value media, record& made) {
    channel::attachment file;
    file.name = media["filename"].text();
    file.type = media["mime_type"].text();
    file.media_id = media["id"].text_or_number();
    file.url = media["url"].text();
    made.text = media["caption"].text();
    if (media["voice"].boolean().value_or(false)) made.add_detail("voice", "true");
    made.attachments.push_back(std::move(file));
}

void read_location(json::value message, record& made) {
    const auto place = message["location"];
    json::writer out;
    out.begin_object();
    if (const auto lat = place["latitude"].number()) out.member("lat", *lat);
    if (const auto lon = place["longitude"].number()) out.member("lon", *lon);
    out.member_if("label", place["name"].text()).member_if("address", place["address"].text()).end_object();
    made.text = "";
    made.add_detail("location", out.take());
}

void read_contact_cards(json::value message, record& made) {
    const auto cards = message["contacts"];
    made.text = "";
    made.add_detail("contact_cards", std::to_string(cards.size()));
    made.add_detail("cards", cards.is_array() ? cards.to_text() : "[]");
}

void read_order(json::value message, record& made) {
    const auto order = message["order"];
    made.text = order["text"].text();
    made.add_detail("order_items", std::to_string(order["product_items"].size()));
    if (order.is_object()) made.add_detail("order", order.to_text());
}

void read_interactive(json::value message, record& made) {
    const auto interactive = message["interactive"];
    const auto pressed = interactive[interactive["type"].text()];
    // A form's answer has no title: what its button says is its body.
    made.text = pressed["title"].text(pressed["body"].text());
    made.add_detail("button_payload", literal(pressed["id"].text()));
    if (pressed["response_json"].is_string()) made.add_detail("form_answers", literal(pressed["response_json"].text()));
}

void read_button(json::value message, record& made) {
    made.text = message["button"]["text"].text();
    made.add_detail("button_payload", literal(message["button"]["payload"].text()));
}

void read_reaction(json::value message, record& made) {
    const auto reaction = message["reaction"];
    made.kind = record_kind::reaction;
    made.reply_to = reaction["message_id"].text();
    made.add_detail("target", literal(reaction["message_id"].text()));
    made.add_detail("emoji", literal(reaction["emoji"].text()));
    if (reaction["emoji"].text().empty()) made.add_detail("removed", "true");
}

void read_system(json::value message, record& made) {
    const auto system = message["system"];
    const auto what = system["type"].text();
    if (what != "user_changed_number" && what != "user_changed_user_id") {
        made.kind = record_kind::ignored;
        made.ignored_because = "system_message";
        return;
    }
    made.kind = record_kind::identity_change;
    made.to = system["wa_id"].text_or_number();
    if (auto moved = phone_identity(made.to)) made.identities.push_back(std::move(*moved));
}

void read_edit(json::value message, record& made) {
    const auto edit = message["edit"];
    read_content(edit["message"], made);
    made.kind = record_kind::edit;
    made.add_detail("target", literal(edit["original_message_id"].text()));
}

void read_revocation(json::value message, record& made) {
    made.kind = record_kind::deletion;
    made.add_detail("target", literal(message["revoke"]["original_message_id"].text()));
}

void read_unsupported(json::value message, record& made) {
    made.text = "";
    made.add_detail("unsupported", "true");
    if (const auto code = message["errors"].at(0)["code"].integer())
        made.add_detail("error_code", std::to_string(*code));
}

/// Somebody opened the chat for the first time and has written nothing yet.
void read_welcome(json::value, record& made) {
    made.kind = record_kind::control;
    made.ignored_because = "chat_opened";
    made.add_detail("event", literal("chat-opened"));
}

struct content_type {
    std::string_view name;
    void (*read)(json::value message, record& made);
};

constexpr std::array content_types{
    content_type{"text", read_text},
    content_type{"image", [](json::value m, record& made) { read_media(m["image"], made); }},
    content_type{"video", [](json::value m, record& made) { read_media(m["video"], made); }},
    content_type{"audio", [](json::value m, record& made) { read_media(m["audio"], made); }},
    content_type{"document", [](json::value m, record& made) { read_media(m["document"], made); }},
    content_type{"sticker", [](json::value m, record& made) { read_media(m["sticker"], made); }},
    content_type{"location", read_location},
    content_type{"contacts", read_contact_cards},
    content_type{"order", read_order},
    content_type{"interactive", read_interactive},
    content_type{"button", read_button},
    content_type{"reaction", read_reaction},
    content_type{"system", read_system},
    content_type{"edit", read_edit},
    content_type{"revoke", read_revocation},
    content_type{"request_welcome", read_welcome},
};

void read_context(json::value context, record& made) {
    if (made.reply_to.empty()) made.reply_to = context["id"].text();
    if (context["forwarded"].boolean().value_or(false)) made.add_detail("forwarded", "true");
    if (context["frequently_forwarded"].boolean().value_or(false)) made.add_detail("frequently_forwarded", "true");
}

void read_referral(json::value referral, record& made) {
    if (!referral.is_object()) return;
    made.add_detail("referral", literal(referral["source_id"].text_or_number()));
    if (const auto url = referral["source_url"].text(); !url.empty()) made.add_detail("referral_url", literal(url));
}

}  // namespace

void read_content(json::value message, record& made) {
    made.kind = record_kind::message;
    const auto named = message["type"].text();
    const auto* const known = std::find_if(content_types.begin(), content_types.end(),
                                           [&](const content_type& each) { return each.name == named; });
    // A type that came up after this was written is shown as unsupported rather than lost.
    if (known == content_types.end())
        read_unsupported(message, made);
    else
        known->read(message, made);
    read_context(message["context"], made);
    read_referral(message["referral"], made);
}

}  // namespace kindred::connectors::whatsapp
