#include "connectors/slack/message.hpp"

#include "connectors/slack/mrkdwn.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::slack {
namespace {

using channel::record;
using channel::record_kind;
using json::literal;

/// Subtypes of messages that somebody wrote; all others are notices of Slack's own.
constexpr std::array<std::string_view, 4> written_subtypes{"", "file_share", "thread_broadcast", "me_message"};

void become(record& made, record_kind kind, std::string reason) {
    made.kind = kind;
    made.ignored_because = std::move(reason);
}

/// "1767225600.000200": seconds and microseconds.
void read_time(std::string_view stamp, record& made) {
    const auto seconds = channel::number_of(stamp.substr(0, stamp.find('.')));
    if (!seconds || *seconds < 0 || *seconds > 253'402'300'799) return;
    const auto dot = stamp.find('.');
    const auto fraction = dot == std::string_view::npos ? std::string_view{} : stamp.substr(dot + 1);
    const auto micros = fraction.size() == 6 ? channel::number_of(fraction).value_or(0) : 0;
    made.at = from_millis(*seconds * 1000 + std::clamp<std::int64_t>(micros, 0, 999'999) / 1000);
}

void read_files(json::value files, record& made) {
    files.for_each([&](json::value each) {
        channel::attachment file;
        file.name = each["name"].text();
        file.type = each["mimetype"].text();
        file.size = each["size"].integer().value_or(-1);
        file.url = each["url_private"].text();
        file.media_id = each["id"].text();
        made.attachments.push_back(std::move(file));
    });
}

/// Whoever posts through a bot may be us: answering would be a loop.
bool is_by_bot(json::value message) {
    return message["subtype"].text() == "bot_message" || !message["bot_id"].text().empty();
}

void read_text(json::value message, record& made) {
    made.text = to_plain_text(message["text"].text());
    read_files(message["files"], made);
    const auto profile = message["user_profile"];
    made.display_name = profile["real_name"].text();
    made.handle = profile["name"].text();
}

/// Slack also says "changed" when it shows a link's preview: then the text is the same.
void read_change(json::value event, std::string_view channel, std::string_view team, record& made) {
    const auto now = event["message"];
    made.provider_message_id = message_key(channel, now["ts"].text());
    read_place(channel, now, made);
    read_sender(team, now["user"].text(), made);
    read_text(now, made);
    made.kind = record_kind::edit;
    made.add_detail("target", literal(made.provider_message_id));
    if (is_by_bot(now)) return become(made, record_kind::echo, "echo");
    if (event["previous_message"]["text"].text() == now["text"].text()) become(made, record_kind::ignored, "unchanged");
}

void read_deletion(json::value event, std::string_view channel, std::string_view team, record& made) {
    const auto before = event["previous_message"];
    made.kind = record_kind::deletion;
    made.provider_message_id = message_key(channel, event["deleted_ts"].text());
    made.add_detail("target", literal(made.provider_message_id));
    read_place(channel, before, made);
    read_sender(team, before["user"].text(), made);
    if (is_by_bot(before)) become(made, record_kind::echo, "echo");
}

}  // namespace

std::string message_key(std::string_view channel, std::string_view stamp) {
    return std::string(channel).append(":").append(stamp);
}

void read_place(std::string_view channel, json::value message, record& made) {
    const auto below = message["thread_ts"].text();
    const auto stamp = message["ts"].text();
    made.reply_address = channel;
    made.thread = below.empty() ? std::string(channel) : message_key(channel, below);
    const bool direct = channel.starts_with('D');
    made.conversation = direct || !below.empty() || stamp.empty() ? made.thread : message_key(channel, stamp);
    if (!below.empty() && below != stamp) made.reply_to = message_key(channel, below);
}

void read_sender(std::string_view team, std::string_view user, record& made) {
    made.from = user;
    if (!user.empty()) made.identities.push_back(provider_identity("slack", std::string(team) + ':' + made.from));
}

result<void> read_message(json::value event, std::string_view team, record& made) {
    const auto channel = event["channel"].text();
    const auto stamp = event["ts"].text();
    if (channel.empty()) return fail(errc::invalid, "event.channel: is missing");
    if (stamp.empty()) return fail(errc::invalid, "event.ts: is missing");
    read_time(stamp, made);
    const auto subtype = event["subtype"].text();
    if (subtype == "message_changed") {
        read_change(event, channel, team, made);
        return {};
    }
    if (subtype == "message_deleted") {
        read_deletion(event, channel, team, made);
        return {};
    }
    made.provider_message_id = message_key(channel, stamp);
    read_place(channel, event, made);
    read_sender(team, event["user"].text(), made);
    read_text(event, made);
    if (is_by_bot(event)) {
        become(made, record_kind::echo, "echo");
    } else if (std::find(written_subtypes.begin(), written_subtypes.end(), subtype) == written_subtypes.end()) {
        become(made, record_kind::ignored, "system_message");
    } else if (made.from.empty()) {
        become(made, record_kind::ignored, "no_sender");
    }
    return {};
}

}  // namespace kindred::connectors::slack
