#include "engine/channel/meta_message.hpp"

#include <algorithm>
#include <string>

namespace kindred::channel {
namespace {

using json::literal;

/// A message may show several stories or places; the first one names it.
void add_first(record& made, std::string_view name, std::string json) {
    const auto same = [&](const detail& each) { return each.name == name; };
    if (std::none_of(made.details.begin(), made.details.end(), same)) made.add_detail(name, std::move(json));
}

void read_coordinates(json::value coordinates, record& made) {
    if (!coordinates.is_object()) return;
    json::writer place;
    place.begin_object();
    if (const auto lat = coordinates["lat"].number()) place.member("lat", *lat);
    if (const auto lon = coordinates["long"].number()) place.member("lon", *lon);
    add_first(made, "location", place.end_object().take());
}

void read_attachments(json::value attachments, record& made) {
    attachments.for_each([&](json::value each) {
        const auto payload = each["payload"];
        attachment file;
        file.type = each["type"].text();
        // A shared link ("fallback") has title and address beside an empty payload.
        file.name = payload["title"].text(each["title"].text());
        file.url = payload["url"].text(each["url"].text());
        file.media_id = payload["sticker_id"].text_or_number();
        // A story that mentions us stays its author's: Meta forbids to keep it, so it is linked and never fetched.
        if (file.type == "story_mention") {
            add_first(made, "story_url", literal(file.url));
            file.url.clear();
        }
        if (file.type == "location") read_coordinates(payload["coordinates"], made);
        made.attachments.push_back(std::move(file));
    });
}

void read_reply(json::value reply, record& made) {
    made.reply_to = reply["mid"].text();
    const auto story = reply["story"];
    if (!story.is_object()) return;
    made.add_detail("story_id", literal(story["id"].text_or_number()));
    add_first(made, "story_url", literal(story["url"].text()));
}

}  // namespace

void read_meta_referral(json::value referral, record& made) {
    if (!referral.is_object()) return;
    const auto code = referral["ref"].text();
    made.add_detail("referral", literal(code.empty() ? referral["ad_id"].text_or_number() : std::string(code)));
    if (const auto source = referral["source"].text(); !source.empty())
        made.add_detail("referral_source", literal(source));
}

void read_meta_message(json::value message, record& made) {
    made.kind = record_kind::message;
    made.text = message["text"].text();
    if (message["is_deleted"].boolean().value_or(false)) {
        made.kind = record_kind::deletion;
        made.text.reset();
        made.add_detail("target", literal(made.provider_message_id));
        return;
    }
    read_reply(message["reply_to"], made);
    read_attachments(message["attachments"], made);
    if (const auto pressed = message["quick_reply"]["payload"].text(); !pressed.empty())
        made.add_detail("button_payload", literal(pressed));
    if (message["is_unsupported"].boolean().value_or(false)) made.add_detail("unsupported", "true");
    read_meta_referral(message["referral"], made);
}

}  // namespace kindred::channel
