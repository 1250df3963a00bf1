#include "connectors/github/reply.hpp"

#include "engine/base/id.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace kindred::connectors::github {
namespace {

/// What to wait where a secondary limit was hit and GitHub does not say.
constexpr std::chrono::minutes usual_pause{1};

struct thread_name {
    std::string_view owner;
    std::string_view repository;
    std::string_view space;  ///< "issue" or "discussion"
    std::string_view number;
};

bool is_name(std::string_view text) {
    return !text.empty() && text != "." && text != ".." && std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
    });
}

/// "owner/name#issue-4".
std::optional<thread_name> read_thread(std::string_view thread) {
    const auto slash = thread.find('/');
    const auto hash = thread.find('#');
    const auto dash = thread.rfind('-');
    if (slash == std::string_view::npos || hash == std::string_view::npos || hash < slash) return std::nullopt;
    if (dash == std::string_view::npos || dash < hash) return std::nullopt;
    thread_name read{thread.substr(0, slash), thread.substr(slash + 1, hash - slash - 1),
                     thread.substr(hash + 1, dash - hash - 1), thread.substr(dash + 1)};
    if (!is_name(read.owner) || !is_name(read.repository) || !parse_number(read.number)) return std::nullopt;
    return read;
}

std::string graphql_body(std::string_view discussion, std::string_view comment, const channel::outgoing& message) {
    json::writer body;
    body.begin_object().member("query",
                               "mutation($input:AddDiscussionCommentInput!){addDiscussionComment(input:$input)"
                               "{comment{databaseId}}}");
    body.key("variables").begin_object().key("input").begin_object();
    body.member("discussionId", discussion).member("body", message.text).member_if("replyToId", comment);
    body.member_if("clientMutationId", message.idempotency_key);
    return body.end_object().end_object().end_object().take();
}

bool says_limit(const channel::provider_answer& answered, std::string_view said) {
    if (said.find("rate limit") != std::string_view::npos) return true;
    return std::any_of(answered.headers.begin(), answered.headers.end(), [](const channel::header& each) {
        return equal_ignoring_case(each.first, "x-ratelimit-remaining") && trim(each.second) == "0";
    });
}

std::string id_in(json::value answer) {
    if (auto id = answer["id"].text_or_number(); !id.empty()) return id;
    return answer["data"]["addDiscussionComment"]["comment"]["databaseId"].text_or_number();
}

}  // namespace

result<channel::provider_call> comment_call(const account& ours, const channel::outgoing& message) {
    if (ours.token.empty()) return fail(errc::invalid, "github cannot comment: set token");
    const auto thread = read_thread(message.thread);
    if (!thread) return fail(errc::invalid, "the contact has no issue or discussion to comment on");
    if (trim(message.text).empty()) return fail(errc::invalid, "GitHub takes no empty comment");
    if (count_code_points(message.text) > longest_comment)
        return fail(errc::invalid, "the text is over GitHub's 65536 characters: shorten or split it");

    channel::provider_call call;
    call.headers = {{"Authorization", "Bearer " + ours.token},
                    {"Accept", "application/vnd.github+json"},
                    {"User-Agent", "kindred"},
                    {"Content-Type", "application/json"}};
    if (thread->space == "issue") {
        call.url = ours.api_base + "/repos/" + std::string(thread->owner) + '/' + std::string(thread->repository) +
                   "/issues/" + std::string(thread->number) + "/comments";
        json::writer body;
        call.body = body.begin_object().member("body", message.text).end_object().take();
        return call;
    }
    const auto details = json::document::parse(message.details.empty() ? "{}" : message.details);
    const auto node = details ? (*details)["discussion_node"].text() : std::string_view{};
    if (thread->space != "discussion" || node.empty())
        return fail(errc::invalid, "the contact does not say which discussion it belongs to");
    call.url = ours.api_base + "/graphql";
    call.body = graphql_body(node, (*details)["comment_node"].text(), message);
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    using state = channel::delivery::state;
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    const auto first = (*parsed)["errors"].at(0);
    const auto said = first["message"].text().empty() ? (*parsed)["message"].text() : first["message"].text();
    if (by_status.outcome == state::sent && !first.exists()) {
        by_status.provider_message_id = id_in(parsed->root());
        return by_status;
    }
    if (!said.empty()) by_status.reason = "GitHub: " + std::string(said);
    const bool limited = first["type"].text() == "RATE_LIMITED" ||
                         ((answered.status == 403 || answered.status == 429) && says_limit(answered, said));
    if (by_status.outcome != state::retry) by_status.outcome = limited ? state::retry : state::failed;
    if (limited && !by_status.retry_after) by_status.retry_after = usual_pause;
    return by_status;
}

channel::checkup account_checkup(const account& ours, const std::vector<std::string>& repositories) {
    if (ours.token.empty()) return channel::cannot_ask("token", "it receives, and cannot send: set token");
    if (repositories.empty())
        return channel::can_ask("rate limit", channel::bearer_get(ours.api_base + "/rate_limit", ours.token));
    auto call = channel::bearer_get(ours.api_base + "/repos/" + repositories.front(), ours.token);
    return channel::can_ask("repository", std::move(call), "full_name");
}

}  // namespace kindred::connectors::github
