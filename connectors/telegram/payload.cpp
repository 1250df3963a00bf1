#include "connectors/telegram/payload.hpp"

#include "connectors/telegram/message.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"

#include <array>

namespace kindred::connectors::telegram {
namespace {

using channel::record;
using channel::record_kind;
using json::literal;

constexpr std::array<std::string_view, 2> new_members{"message", "business_message"};
constexpr std::array<std::string_view, 2> edit_members{"edited_message", "edited_business_message"};
constexpr std::array<std::string_view, 2> broadcast_members{"channel_post", "edited_channel_post"};

void ignore(record& made, std::string reason) {
    made.kind = record_kind::ignored;
    made.ignored_because = std::move(reason);
}

void read_time(json::value date, record& made) {
    const auto seconds = date.integer();
    if (seconds && *seconds > 0 && *seconds <= 253'402'300'799) made.at = from_millis(*seconds * 1000);
}

/// Where it was said. A private chat has its person's id.
void read_place(json::value message, record& made) {
    made.thread = thread_of(message);
    made.conversation = made.thread;
    made.reply_address = message["chat"]["id"].text_or_number();
    if (const auto business = message["business_connection_id"].text(); !business.empty())
        made.add_detail("business_connection_id", literal(business));
}

result<void> read_message(json::value message, record& made) {
    if (message["chat"]["id"].text_or_number().empty()) return fail(errc::invalid, "message.chat.id: is missing");
    if (!message["message_id"].integer()) return fail(errc::invalid, "message.message_id: is missing");
    made.provider_message_id = message_key(message["chat"], message["message_id"]);
    read_place(message, made);
    read_time(message["date"], made);
    const auto author = message["from"];
    read_sender(author, made);
    if (const auto group = message["migrate_to_chat_id"].text_or_number(); !group.empty()) {
        made.kind = record_kind::control;
        made.ignored_because = "migrated";
        made.add_detail("event", literal("migrated"));
        made.add_detail("migrated_to", literal(group));
        return {};
    }
    const bool written = read_content(message, made);
    if (author["is_bot"].boolean().value_or(false)) {
        ignore(made, "bot");
    } else if (made.from.empty()) {
        ignore(made, "no_sender");
    } else if (!written) {
        ignore(made, "service_message");
    }
    return {};
}

result<void> read_edit(json::value message, record& made) {
    auto read = read_message(message, made);
    if (!read || made.kind != record_kind::message) return read;
    made.kind = record_kind::edit;
    made.add_detail("target", literal(made.provider_message_id));
    read_time(message["edit_date"], made);
    return {};
}

/// The text on the pressed button; the press itself only carries what the bot put behind it.
std::string label_of(json::value keyboard, std::string_view data) {
    std::string label;
    keyboard.for_each([&](json::value row) {
        row.for_each([&](json::value button) {
            if (button["callback_data"].text() == data && label.empty()) label = button["text"].text();
        });
    });
    return label.empty() ? std::string(data) : label;
}

result<void> read_press(json::value press, update& into, record& made) {
    made.kind = record_kind::postback;
    made.provider_message_id = press["id"].text_or_number();
    if (made.provider_message_id.empty()) return fail(errc::invalid, "callback_query.id: is missing");
    into.callback_query = made.provider_message_id;
    read_sender(press["from"], made);
    if (made.from.empty()) return fail(errc::invalid, "callback_query.from.id: is missing");
    const auto below = press["message"];
    if (below.is_object()) {
        read_place(below, made);
        made.reply_to = below["message_id"].text_or_number();
    }
    // A button of an inline message is in no chat that we know: the person's own will do.
    if (made.thread.empty()) made.thread = made.conversation = made.reply_address = made.from;
    const auto data = press["data"].text();
    made.text = label_of(below["reply_markup"]["inline_keyboard"], data);
    made.add_detail("button_payload", literal(data));
    return {};
}

std::string emoji_of(json::value reaction) {
    const auto emoji = reaction["emoji"].text();
    return std::string(emoji.empty() ? reaction["custom_emoji_id"].text() : emoji);
}

void read_reaction(json::value reaction, record& made) {
    made.kind = record_kind::reaction;
    read_place(reaction, made);
    read_sender(reaction["user"], made);
    read_time(reaction["date"], made);
    const auto now = reaction["new_reaction"];
    const bool removed = now.size() == 0;
    made.reply_to = reaction["message_id"].text_or_number();
    made.add_detail("target", literal(message_key(reaction["chat"], reaction["message_id"])));
    made.add_detail("emoji", literal(emoji_of(removed ? reaction["old_reaction"].at(0) : now.at(now.size() - 1))));
    if (removed) made.add_detail("removed", "true");
}

std::string_view membership_event(bool is_private, std::string_view status) {
    const bool gone = status == "kicked" || status == "left";
    if (is_private) return gone ? "blocked" : "unblocked";
    return gone ? "removed" : "added";
}

/// What became of the bot itself in a chat.
void read_membership(json::value change, record& made) {
    made.kind = record_kind::control;
    read_place(change, made);
    read_sender(change["from"], made);
    read_time(change["date"], made);
    const auto event =
        membership_event(change["chat"]["type"].text() == "private", change["new_chat_member"]["status"].text());
    made.ignored_because = event;
    made.add_detail("event", literal(event));
}

/// One record for each message that was deleted.
void add_deletions(json::value deleted, const record& common, update& into) {
    const auto ids = deleted["message_ids"];
    ids.for_each([&](json::value id) {
        auto made = common;
        made.kind = record_kind::deletion;
        read_place(deleted, made);
        made.provider_message_id = message_key(deleted["chat"], id);
        made.event_id = channel::event_id({common.event_id, made.provider_message_id});
        made.add_detail("target", literal(made.provider_message_id));
        into.records.push_back(std::move(made));
    });
}

template <class Names>
json::value first_of(json::value root, const Names& names) {
    for (const auto name : names)
        if (root[name].is_object()) return root[name];
    return {};
}

result<void> read_update(json::value root, update& into, record& made) {
    if (const auto message = first_of(root, new_members); message.exists()) return read_message(message, made);
    if (const auto message = first_of(root, edit_members); message.exists()) return read_edit(message, made);
    if (root["callback_query"].is_object()) return read_press(root["callback_query"], into, made);
    if (root["message_reaction"].is_object()) {
        read_reaction(root["message_reaction"], made);
    } else if (root["my_chat_member"].is_object()) {
        read_membership(root["my_chat_member"], made);
    } else if (root["deleted_business_messages"].is_object()) {
        add_deletions(root["deleted_business_messages"], made, into);
        if (into.records.empty()) ignore(made, "empty");
    } else {
        ignore(made, first_of(root, broadcast_members).exists() ? "channel_post" : "unknown_event");
    }
    return {};
}

}  // namespace

result<update> parse(std::string_view body) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    const auto id = root["update_id"].integer();
    if (!id) return fail(errc::invalid, "update_id: is missing");

    update into;
    record made;
    made.event_id = channel::event_id({"update", std::to_string(*id)});
    made.add_detail("update_id", std::to_string(*id));
    if (auto read = read_update(root, into, made); !read) return read.error();
    if (into.records.empty()) into.records.push_back(std::move(made));
    return into;
}

}  // namespace kindred::connectors::telegram
