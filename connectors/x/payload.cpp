#include "connectors/x/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace kindred::connectors::x {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

constexpr std::size_t most_events = 1000;
constexpr std::int64_t last_millisecond = 253'402'300'799'999;  // of the year 9999

/// X escapes these three in texts, and nothing else.
std::string unescaped(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 3> escapes{{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
    std::string plain;
    plain.reserve(text.size());
    while (!text.empty()) {
        bool replaced = false;
        for (const auto& [escape, letter] : escapes) {
            if (!text.starts_with(escape)) continue;
            plain += letter;
            text.remove_prefix(escape.size());
            replaced = true;
            break;
        }
        if (replaced) continue;
        plain += text.front();
        text.remove_prefix(1);
    }
    return plain;
}

void read_person(json::value users, record& made) {
    const auto user = users[made.from];
    made.display_name = user["name"].text();
    made.handle = user["screen_name"].text();
}

/// The address of the film with the most bits a second; empty when there is none. Streams (m3u8) are no files.
std::string best_of(json::value variants) {
    std::string address;
    std::int64_t most = -1;
    variants.for_each([&](json::value each) {
        const auto rate = each["bitrate"].integer().value_or(0);
        if (each["content_type"].text() != "video/mp4" || rate <= most) return;
        most = rate;
        address = each["url"].text();
    });
    return address;
}

void read_media(json::value data, record& made) {
    const auto media = data["attachment"]["media"];
    if (!media.is_object()) return;
    channel::attachment file;
    const auto type = media["type"].text();
    file.type = type == "photo" ? "image/jpeg" : type == "video" || type == "animated_gif" ? "video/mp4" : "";
    file.media_id = media["id_str"].text().empty() ? media["id"].text_or_number() : std::string(media["id_str"].text());
    file.url = best_of(media["video_info"]["variants"]);
    if (file.url.empty()) {
        // What a film begins with, where it has no address of its own.
        if (!file.type.empty()) file.type = "image/jpeg";
        file.url = media["media_url_https"].text();
    }
    made.attachments.push_back(std::move(file));
}

void read_time(json::value event, record& made) {
    const auto millis = channel::number_of(event["created_timestamp"].text_or_number());
    if (!millis || *millis < 0 || *millis > last_millisecond) return;
    made.at = from_millis(*millis);
    made.add_detail("timestamp_ms", std::to_string(*millis));
}

result<record> read_message(json::value event, json::value users, std::string_view us) {
    const auto create = event["message_create"];
    record made;
    made.provider_message_id = event["id"].text_or_number();
    made.from = create["sender_id"].text_or_number();
    if (made.provider_message_id.empty()) return fail(errc::invalid, "direct_message_events: an event has no id");
    if (made.from.empty()) return fail(errc::invalid, "message_create.sender_id: is missing");
    made.event_id = event_id({"message", made.provider_message_id});
    made.to = create["target"]["recipient_id"].text_or_number();
    made.text = unescaped(create["message_data"]["text"].text());
    read_person(users, made);
    read_media(create["message_data"], made);
    read_time(event, made);
    const auto quick = create["message_data"]["quick_reply_response"]["metadata"].text();
    if (!quick.empty()) made.add_detail("button_payload", json::literal(quick));
    const bool own = made.from == us;
    made.thread = own ? made.to : made.from;
    if (own) {
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
        return made;
    }
    made.conversation = "dm:" + made.from + ':' + made.to;
    made.identities.push_back(provider_identity("x", made.from));
    return made;
}

/// Whose inbox this is. The newer envelope says it as a filter.
std::string for_user(json::value of) {
    auto id = of["for_user_id"].text_or_number();
    if (id.empty()) id = of["data"]["filter"]["user_id"].text_or_number();
    return id;
}

/// A message as version 2 of X's API has it, which is what the newer envelope may hold.
bool is_flat_message(json::value payload) {
    return payload["sender_id"].exists() && payload["text"].is_string() && payload["id"].exists();
}

result<record> read_flat_message(json::value message, std::string_view us) {
    record made;
    made.provider_message_id = message["id"].text_or_number();
    made.from = message["sender_id"].text_or_number();
    if (made.provider_message_id.empty() || made.from.empty())
        return fail(errc::invalid, "data.payload: wants id and sender_id");
    if (us.empty()) return fail(errc::invalid, "for_user_id: is missing");
    made.event_id = event_id({"message", made.provider_message_id});
    made.to = us;
    made.text = unescaped(message["text"].text());
    made.at = parse_time(message["created_at"].text());
    made.thread = made.from;
    message["attachments"]["media_keys"].for_each([&](json::value key) {
        channel::attachment file;
        file.media_id = key.text_or_number();
        made.attachments.push_back(std::move(file));
    });
    if (made.from == us) {
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
        return made;
    }
    made.conversation = "dm:" + made.from + ':' + made.to;
    made.identities.push_back(provider_identity("x", made.from));
    return made;
}

}  // namespace

result<std::vector<record>> parse(std::string_view body) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    if (!parsed->root().is_object()) return fail(errc::invalid, "the body: wants an object");
    // The newer envelope holds the same inside.
    const auto root = (*parsed)["data"]["payload"].is_object() ? (*parsed)["data"]["payload"] : parsed->root();
    const auto us = for_user(root).empty() ? for_user(parsed->root()) : for_user(root);
    const auto events = root["direct_message_events"];
    if (events.exists() && !events.is_null() && !events.is_array())
        return fail(errc::invalid, "direct_message_events: wants a list");
    if (events.size() > most_events) return fail(errc::invalid, "direct_message_events: has over 1000 events");
    if (events.exists() && us.empty()) return fail(errc::invalid, "for_user_id: is missing");

    std::vector<record> records;
    std::optional<error> problem;
    std::size_t understood = 0;
    // X does not repeat what was refused: one event that cannot be understood does not take the others down.
    const auto take = [&](result<record> made) {
        if (made) {
            ++understood;
            records.push_back(std::move(*made));
            return;
        }
        if (!problem) problem = made.error();
        records.push_back(channel::ignored(
            "malformed", event_id({"part", std::to_string(records.size()), channel::event_id_of_body(body)})));
    };
    events.for_each([&](json::value event) {
        if (event["type"].text() == "message_create") take(read_message(event, root["users"], us));
    });
    if (is_flat_message(root)) take(read_flat_message(root, us));
    if (understood == 0 && problem) return *problem;
    if (records.empty()) records.push_back(channel::ignored("unknown_event", channel::event_id_of_body(body)));
    return records;
}

}  // namespace kindred::connectors::x
