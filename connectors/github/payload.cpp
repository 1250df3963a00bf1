#include "connectors/github/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::github {
namespace {

using channel::event_id;
using channel::record;
using channel::record_kind;

/// Where an event keeps what it is about.
struct event_shape {
    std::string_view event;
    std::string_view topic;  ///< member with title and number
    std::string_view post;   ///< member that somebody wrote
    std::string_view space;  ///< what a thread's number is the number of
};
constexpr std::array shapes{
    event_shape{"discussion", "discussion", "discussion", "discussion"},
    event_shape{"discussion_comment", "discussion", "comment", "discussion"},
    event_shape{"issues", "issue", "issue", "issue"},
    event_shape{"issue_comment", "issue", "comment", "issue"},
};
/// What is done to a topic without anybody writing.
constexpr std::array<std::string_view, 4> topic_actions{"answered", "unanswered", "closed", "reopened"};

record_kind kind_of(std::string_view action) {
    if (action == "created" || action == "opened") return record_kind::message;
    if (action == "edited") return record_kind::edit;
    if (action == "deleted") return record_kind::deletion;
    const bool known = std::find(topic_actions.begin(), topic_actions.end(), action) != topic_actions.end();
    return known ? record_kind::control : record_kind::ignored;
}

void add_text(record& made, std::string_view name, std::string_view text) {
    if (!text.empty()) made.add_detail(name, json::literal(text));
}

/// A post is created once, however often that is delivered. What happens to it later can happen again, and differs in
/// its bytes. The delivery's number is not signed, so it proves nothing either way.
std::string event_id_of(const event_shape& shape, const record& made, std::string_view action, std::string_view body) {
    if (made.kind == record_kind::message) return event_id({shape.event, "created", made.provider_message_id});
    return event_id({shape.event, action, made.provider_message_id, channel::sha256_hex(body).substr(0, 32)});
}

bool is_own(std::string_view login, std::string_view own_username) {
    if (own_username.empty()) return false;
    constexpr std::string_view app_suffix = "[bot]";
    if (login.ends_with(app_suffix) && !own_username.ends_with(app_suffix)) login.remove_suffix(app_suffix.size());
    return equal_ignoring_case(login, own_username);
}

void read_author(json::value user, record& made) {
    // Who deletes an account leaves posts without an author; GitHub shows them as this one's.
    made.from = user.is_null() ? "ghost" : user["login"].text();
    made.handle = made.from;
    made.display_name = user["name"].text().empty() ? made.from : std::string(user["name"].text());
    if (const auto id = user["id"].text_or_number(); !id.empty())
        made.identities.push_back(provider_identity("github", id));
}

/// What an answer needs: discussions are answered by their node, and under a comment only where that is no answer
/// itself.
void read_nodes(const event_shape& shape, json::value topic, json::value post, record& made) {
    if (shape.space == "discussion") add_text(made, "discussion_node", topic["node_id"].text());
    if (shape.event == "discussion_comment" && post["parent_id"].text_or_number().empty())
        add_text(made, "comment_node", post["node_id"].text());
    if (topic["pull_request"].is_object()) made.add_detail("pull_request", "true");
}

void read_times(json::value post, record& made) {
    const auto when = made.kind == record_kind::edit ? post["updated_at"].text() : post["created_at"].text();
    made.at = parse_time(when);
    if (made.at) add_text(made, "timestamp", when);
}

void read_post(const event_shape& shape, json::value root, json::value topic, json::value post, record& made) {
    const auto repository = root["repository"]["full_name"].text();
    const auto number = topic["number"].text_or_number();
    read_author(post["user"], made);
    made.text = post["body"].text();
    made.subject = topic["title"].text();
    made.to = repository;
    made.thread = std::string(repository) + '#' + std::string(shape.space) + '-' + number;
    made.reply_to = post["parent_id"].text_or_number();
    const auto author = post["user"]["id"].text_or_number();
    made.conversation = made.thread + ':' + (author.empty() ? made.from : author);
    read_times(post, made);
    if (made.kind == record_kind::edit) {
        add_text(made, "previous", root["changes"]["body"]["from"].text());
        add_text(made, "previous_subject", root["changes"]["title"]["from"].text());
    }
    add_text(made, "url", post["html_url"].text());
    add_text(made, "category", topic["category"]["slug"].text());
    read_nodes(shape, topic, post, made);
}

result<void> check(const event_shape& shape, json::value root, json::value topic, json::value post) {
    const auto missing = [](std::string_view where) {
        return fail(errc::invalid, std::string(where) + ": is missing");
    };
    if (!topic.is_object()) return missing(shape.topic);
    if (!post.is_object()) return missing(shape.post);
    if (post["id"].text_or_number().empty()) return missing(std::string(shape.post) + ".id");
    if (topic["number"].text_or_number().empty()) return missing(std::string(shape.topic) + ".number");
    if (root["repository"]["full_name"].text().empty()) return missing("repository.full_name");
    return {};
}

}  // namespace

result<record> parse(std::string_view body, std::string_view event, std::string_view own_username) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (!root.is_object()) return fail(errc::invalid, "the body: wants an object");
    const auto* const shape =
        std::find_if(shapes.begin(), shapes.end(), [&](const event_shape& each) { return each.event == event; });
    const auto action = root["action"].text();
    if (shape == shapes.end() || kind_of(action) == record_kind::ignored)
        return channel::ignored(event == "ping" ? "ping" : "unknown_event",
                                event_id({event, channel::event_id_of_body(body)}));
    const auto topic = root[shape->topic];
    const auto post = root[shape->post];
    if (auto fine = check(*shape, root, topic, post); !fine) return fine.error();

    record made;
    made.kind = kind_of(action);
    made.provider_message_id = post["id"].text_or_number();
    made.event_id = event_id_of(*shape, made, action, body);
    read_post(*shape, root, topic, post, made);
    if (made.kind == record_kind::control) {
        add_text(made, "event", action);
        made.ignored_because = action;
        return made;
    }
    if (made.from.empty()) return fail(errc::invalid, std::string(shape->post) + ".user.login: is missing");
    if (is_own(made.from, own_username)) {
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
    } else if (post["user"]["type"].text() == "Bot") {
        made.kind = record_kind::ignored;
        made.ignored_because = "bot";
    }
    return made;
}

}  // namespace kindred::connectors::github
