#include "connectors/line/message.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::line {
namespace {

using channel::record;
using json::literal;

/// LINE keeps the bytes under the message's id, unless the sender's own server has them.
void read_media(json::value message, record& made) {
    channel::attachment file;
    file.type = message["type"].text();
    file.name = message["fileName"].text();
    file.size = message["fileSize"].integer().value_or(-1);
    const auto keeper = message["contentProvider"];
    if (keeper["type"].text() == "external")
        file.url = keeper["originalContentUrl"].text();
    else
        file.media_id = message["id"].text_or_number();
    made.attachments.push_back(std::move(file));
    if (const auto set = message["imageSet"]["id"].text_or_number(); !set.empty())
        made.add_detail("group", literal(set));
}

void read_sticker(json::value message, record& made) {
    channel::attachment picture;
    picture.type = "sticker";
    picture.media_id = message["stickerId"].text_or_number();
    made.attachments.push_back(std::move(picture));
    made.text = message["text"].text();
}

void read_location(json::value message, record& made) {
    json::writer place;
    place.begin_object();
    if (const auto lat = message["latitude"].number()) place.member("lat", *lat);
    if (const auto lon = message["longitude"].number()) place.member("lon", *lon);
    place.member_if("label", message["title"].text()).member_if("address", message["address"].text()).end_object();
    made.add_detail("location", place.take());
}

struct content_type {
    std::string_view name;
    void (*read)(json::value message, record& made);
};

constexpr std::array content_types{
    content_type{"text", [](json::value message, record& made) { made.text = message["text"].text(); }},
    content_type{"image", read_media},
    content_type{"video", read_media},
    content_type{"audio", read_media},
    content_type{"file", read_media},
    content_type{"sticker", read_sticker},
    content_type{"location", read_location},
};

}  // namespace

void read_content(json::value message, record& made) {
    made.text = "";
    made.reply_to = message["quotedMessageId"].text_or_number();
    const auto named = message["type"].text();
    const auto* const known = std::find_if(content_types.begin(), content_types.end(),
                                           [&](const content_type& each) { return each.name == named; });
    if (known == content_types.end())
        made.add_detail("unsupported", "true");
    else
        known->read(message, made);
}

}  // namespace kindred::connectors::line
