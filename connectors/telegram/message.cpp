#include "connectors/telegram/message.hpp"

#include "engine/domain/identity.hpp"

#include <array>
#include <string_view>

namespace kindred::connectors::telegram {
namespace {

using channel::record;
using json::literal;

/// Content that is one file. The first that is there counts: an animation is sent as a document as well.
constexpr std::array<std::string_view, 7> file_members{"animation", "document",   "audio",  "voice",
                                                       "video",     "video_note", "sticker"};
/// Content that people send and we do not show.
constexpr std::array<std::string_view, 9> unsupported_members{
    "poll", "dice", "game", "story", "invoice", "checklist", "paid_media", "giveaway", "passport_data"};

std::string type_of(std::string_view member, json::value file) {
    if (const auto declared = file["mime_type"].text(); !declared.empty()) return std::string(declared);
    if (member == "voice") return "audio/ogg";
    if (member == "video_note") return "video/mp4";
    if (member != "sticker") return {};
    if (file["is_video"].boolean().value_or(false)) return "video/webm";
    return file["is_animated"].boolean().value_or(false) ? "application/x-tgsticker" : "image/webp";
}

void add_file(json::value file, std::string type, record& made) {
    channel::attachment added;
    added.name = file["file_name"].text();
    added.type = std::move(type);
    added.size = file["file_size"].integer().value_or(-1);
    added.media_id = file["file_id"].text();
    made.attachments.push_back(std::move(added));
}

/// The sizes of one photo come in no order that the documentation promises: the widest counts.
void add_photo(json::value sizes, record& made) {
    json::value largest;
    std::int64_t widest = -1;
    sizes.for_each([&](json::value each) {
        const auto width = each["width"].integer().value_or(0);
        if (width < widest) return;
        widest = width;
        largest = each;
    });
    if (largest.exists()) add_file(largest, "image/jpeg", made);
}

void read_location(json::value message, record& made) {
    const auto venue = message["venue"];
    const auto place = venue.is_object() ? venue["location"] : message["location"];
    if (!place.is_object()) return;
    json::writer out;
    out.begin_object();
    if (const auto lat = place["latitude"].number()) out.member("lat", *lat);
    if (const auto lon = place["longitude"].number()) out.member("lon", *lon);
    out.member_if("label", venue["title"].text()).member_if("address", venue["address"].text()).end_object();
    made.add_detail("location", out.take());
}

bool read_parts(json::value message, record& made) {
    bool any = message["text"].is_string();
    if (message["photo"].is_array()) {
        any = true;
        add_photo(message["photo"], made);
    }
    for (const auto member : file_members) {
        if (!message[member].is_object()) continue;
        any = true;
        add_file(message[member], type_of(member, message[member]), made);
        if (member == "voice") made.add_detail("voice", "true");
        break;
    }
    if (message["location"].is_object() || message["venue"].is_object()) {
        any = true;
        read_location(message, made);
    }
    if (const auto card = message["contact"]; card.is_object()) {
        any = true;
        made.add_detail("contact_cards", "1");
        made.add_detail("cards", '[' + card.to_text() + ']');
    }
    if (const auto sent = message["web_app_data"]; sent.is_object()) {
        any = true;
        made.text = sent["button_text"].text();
        made.add_detail("button_payload", literal(sent["data"].text()));
    }
    for (const auto member : unsupported_members) {
        if (any || !message[member].exists()) continue;
        any = true;
        made.add_detail("unsupported", "true");
    }
    return any;
}

}  // namespace

std::string thread_of(json::value message) {
    auto thread = message["chat"]["id"].text_or_number();
    // Elsewhere the id only names a chain of replies.
    const bool topic = message["is_topic_message"].boolean().value_or(false);
    if (const auto id = message["message_thread_id"].integer(); id && topic) thread += ':' + std::to_string(*id);
    return thread;
}

std::string message_key(json::value chat, json::value message_id) {
    return chat["id"].text_or_number() + ':' + message_id.text_or_number();
}

void read_sender(json::value user, record& made) {
    made.from = user["id"].text_or_number();
    made.handle = user["username"].text();
    made.display_name = user["first_name"].text();
    if (const auto last = user["last_name"].text(); !last.empty()) {
        if (!made.display_name.empty()) made.display_name += ' ';
        made.display_name += last;
    }
    made.locale = user["language_code"].text();
    if (!made.from.empty()) made.identities.push_back(provider_identity("telegram", made.from));
}

bool read_content(json::value message, record& made) {
    const auto text = message["text"];
    made.text = text.is_string() ? text.text() : message["caption"].text();
    if (const auto answered = message["reply_to_message"]; answered.is_object())
        made.reply_to = answered["message_id"].text_or_number();
    if (const auto album = message["media_group_id"].text_or_number(); !album.empty())
        made.add_detail("group", literal(album));
    if (message["forward_origin"].is_object() || message["forward_date"].exists()) made.add_detail("forwarded", "true");
    return read_parts(message, made);
}

}  // namespace kindred::connectors::telegram
