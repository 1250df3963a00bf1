#include "connectors/discourse/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

namespace kindred::connectors::discourse {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

constexpr std::int64_t regular_post = 1;

record_kind kind_of(std::string_view event) {
    if (event == "post_created") return record_kind::message;
    // A post that was taken back and put up again reads as it stands now.
    if (event == "post_edited" || event == "post_recovered") return record_kind::edit;
    if (event == "post_destroyed") return record_kind::deletion;
    return record_kind::ignored;
}

/// A post is created once, whatever number the delivery has; what happens to it later can happen again.
std::string event_id_of(json::value post, const envelope& around) {
    const auto id = post["id"].text_or_number();
    if (around.event == "post_created") return event_id({around.event, id});
    return event_id({around.event, id, post["version"].text_or_number(), post["updated_at"].text(), around.event_id});
}

std::string first_of(std::initializer_list<std::string_view> texts) {
    for (const auto text : texts)
        if (!text.empty()) return std::string(text);
    return {};
}

/// Why a post is none that a customer wrote; empty when one did.
std::string_view not_for_agents(json::value post) {
    if (post["post_type"].integer().value_or(regular_post) != regular_post) return "not_a_regular_post";
    // -1 is "system", -2 is the tutorial robot.
    if (post["user_id"].integer().value_or(0) < 0) return "system_user";
    return {};
}

void read_post(json::value post, const envelope& around, record& made) {
    made.from = post["username"].text();
    made.handle = made.from;
    made.display_name = first_of({post["name"].text(), post["display_username"].text(), made.from});
    made.text = post["raw"].text();
    made.subject = post["topic_title"].text();
    made.at = parse_time(post["created_at"].text());
    made.thread = post["topic_id"].text_or_number();
    made.reply_to = post["reply_to_post_number"].text_or_number();
    made.to = post["category_slug"].text();
    const auto author = post["user_id"].text_or_number();
    made.conversation = "topic:" + made.thread + ":" + first_of({author, made.from});
    if (!author.empty() && !around.host.empty())
        made.identities.push_back(provider_identity("discourse", around.host + ':' + author));
    if (const auto number = post["post_number"].integer()) made.add_detail("post_number", std::to_string(*number));
    if (const auto url = post["post_url"].text(); !url.empty()) made.add_detail("url", json::literal(url));
    if (post["topic_archetype"].text() == "private_message") made.add_detail("private", "true");
}

}  // namespace

result<record> parse(std::string_view body, const envelope& around, std::string_view own_username) {
    auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    if (!parsed->root().is_object()) return fail(errc::invalid, "the body: wants an object");
    const auto kind = kind_of(around.event);
    if (around.event_type != "post" || kind == record_kind::ignored)
        return channel::ignored(around.event_type == "ping" ? "ping" : "unknown_event",
                                event_id({around.event_type, around.event_id, channel::event_id_of_body(body)}));

    const auto post = (*parsed)["post"];
    if (!post.is_object()) return fail(errc::invalid, "post: wants an object");
    for (const std::string_view needed : {"id", "topic_id", "username"})
        if (post[needed].text_or_number().empty())
            return fail(errc::invalid, "post." + std::string(needed) + ": is missing");

    record made;
    made.kind = kind;
    made.provider_message_id = post["id"].text_or_number();
    made.event_id = event_id_of(post, around);
    read_post(post, around, made);
    if (!own_username.empty() && equal_ignoring_case(made.from, own_username)) {
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
    } else if (const auto reason = not_for_agents(post); !reason.empty()) {
        made.kind = record_kind::ignored;
        made.ignored_because = reason;
    }
    return made;
}

}  // namespace kindred::connectors::discourse
