#include "connectors/github/connector.hpp"
#include "engine/base/text.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;

const std::string secret = "hook secret";

std::string issue_comment(const std::string& action = "created", const std::string& login = "marta",
                          const std::string& type = "User", const std::string& text = "wet") {
    return R"({"action":")" + action +
           R"(","issue":{"id":5,"number":4,"title":"Wet parcel"},"comment":{"id":51,"node_id":"IC_1","body":")" + text +
           R"(","created_at":"2026-11-01T10:00:00Z","user":{"id":31,"login":")" + login + R"(","type":")" + type +
           R"("}},"repository":{"full_name":"example/shop"}})";
}

void with_body(recorded_request& request, const std::string& body) {
    request.body = body;
    set_header(request, "X-Hub-Signature-256", sha256_header(secret, body));
}

recorded_request delivered(const std::string& event, const std::string& body) {
    recorded_request made;
    made.headers = {{"Content-Type", "application/json"}, {"X-GitHub-Event", event}, {"X-GitHub-Delivery", "guid-1"}};
    with_body(made, body);
    return made;
}

using settings = std::vector<std::pair<std::string, std::string>>;

std::unique_ptr<channel::connector> repository(settings more = {}) {
    more.emplace_back("secret", secret);
    return connector_with(connectors::github::make, more);
}

channel::record received(const std::string& event, const std::string& body, const settings& more = {}) {
    auto made = repository(more)->receive(delivered(event, body).view(), {});
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(GitHub, WrongRequestsAreRefusedWithTheirReason) {
    const std::string signature = "X-Hub-Signature-256";
    expect_refused(
        *repository({{"repositories", "example/shop"}}), delivered("issue_comment", issue_comment()), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers.back().second); }, 403,
             "wrong_signature", wrong::flipped_bit},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"only the old SHA-1 signature",
             [&](auto& r) {
                 remove_header(r, signature);
                 set_header(r, "X-Hub-Signature", "sha1=0");
             },
             401, "missing_signature", wrong::algorithm},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"another hook's secret", [&](auto& r) { set_header(r, signature, sha256_header("other", r.body)); }, 403,
             "wrong_signature"},
            {"another algorithm named",
             [&](auto& r) { set_header(r, signature, "sha512=" + sha256_header(secret, r.body).substr(7)); }, 403,
             "wrong_signature", wrong::algorithm},
            {"a text by its content type", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"truncated and signed again", [](auto& r) { with_body(r, r.body.substr(0, 60)); }, 400, "malformed",
             wrong::truncated},
            {"empty and signed again", [](auto& r) { with_body(r, ""); }, 400, "malformed"},
            {"invalid UTF-8", [](auto& r) { with_body(r, "{\"action\":\"\xC3\"}"); }, 400, "malformed", wrong::utf8},
            {"no event", [](auto& r) { remove_header(r, "X-GitHub-Event"); }, 400, "malformed"},
            {"another event than the body is", [](auto& r) { set_header(r, "X-GitHub-Event", "discussion_comment"); },
             400, "malformed"},
            {"a comment that is a list",
             [](auto& r) {
                 with_body(
                     r, R"({"action":"created","issue":{"number":1},"comment":[],"repository":{"full_name":"a/b"}})");
             },
             400, "malformed", wrong::shape},
            {"another repository",
             [](auto& r) {
                 auto body = issue_comment();
                 body.replace(body.find("example/shop"), 12, "someone/else");
                 with_body(r, body);
             },
             403, "wrong_account", wrong::account},
            {"an address below ours", [](auto& r) { r.subpath = "/events"; }, 404, "unknown_path"},
            oversized(channel_kind::forum),
        },
        {{wrong::stale_time, "GitHub signs no time; what comes again is known by its event id"}});
}

TEST(GitHub, WithoutSecretNothingIsAccepted) {
    const auto connector = connector_with(connectors::github::make, {});
    EXPECT_EQ(connector->receive(delivered("ping", "{}").view(), {}).refused, "not_configured");
}

TEST(GitHub, ACommentIsItsAuthorsInItsThread) {
    const auto made = received("issue_comment", issue_comment());
    EXPECT_EQ(made.thread, "example/shop#issue-4");
    EXPECT_EQ(made.conversation, "example/shop#issue-4:31");
    EXPECT_EQ(made.text, "wet");
    const std::vector<identity> wanted{{"github:31", proof::proven}};
    EXPECT_EQ(made.identities, wanted);
}

TEST(GitHub, AFormIsReadLikeItsPayload) {
    auto request = delivered("issue_comment", "");
    set_header(request, "Content-Type", "application/x-www-form-urlencoded");
    with_body(request, "payload=" + encode_percent(issue_comment()));
    const auto made = repository()->receive(request.view(), {});
    ASSERT_EQ(made.records.size(), 1U) << made.reply.body;
    EXPECT_EQ(made.records[0].text, "wet");
}

TEST(GitHub, OurOwnCommentsAreEchoesAndOtherBotsAreIgnored) {
    struct row {
        std::string login, type, own;
        record_kind kind;
    };
    for (const auto& each : std::vector<row>{{"marta", "User", "desk", record_kind::message},
                                             {"Desk", "User", "desk", record_kind::echo},
                                             {"desk[bot]", "Bot", "desk", record_kind::echo},
                                             {"desk[bot]", "Bot", "desk[bot]", record_kind::echo},
                                             {"dependabot[bot]", "Bot", "desk", record_kind::ignored}})
        EXPECT_EQ(
            received("issue_comment", issue_comment("created", each.login, each.type), {{"own_username", each.own}})
                .kind,
            each.kind)
            << each.login;
}

TEST(GitHub, ACreationCountsOnceAndEveryOtherEditCounts) {
    const auto id_of = [](const std::string& action, const std::string& text) {
        return received("issue_comment", issue_comment(action, "marta", "User", text)).event_id;
    };
    EXPECT_EQ(id_of("created", "a"), id_of("created", "b"));
    EXPECT_EQ(id_of("edited", "a"), id_of("edited", "a"));
    EXPECT_NE(id_of("edited", "a"), id_of("edited", "b"));
    EXPECT_NE(id_of("edited", "a"), id_of("deleted", "a"));
}

TEST(GitHub, WhoDeletedTheirAccountIsTheGhost) {
    auto body = issue_comment();
    const auto at = body.rfind(R"("user":{)");
    ASSERT_NE(at, std::string::npos);
    body.replace(at, body.find('}', at) - at + 1, R"("user":null)");
    const auto made = received("issue_comment", body);
    EXPECT_EQ(made.kind, record_kind::message);
    EXPECT_EQ(made.from, "ghost");
    EXPECT_TRUE(made.identities.empty());
}

TEST(GitHub, OtherEventsAreIgnored) {
    EXPECT_EQ(received("ping", R"({"zen":"Keep it logically awesome."})").ignored_because, "ping");
    EXPECT_EQ(received("push", "{}").ignored_because, "unknown_event");
    EXPECT_EQ(received("issue_comment", issue_comment("pinned")).ignored_because, "unknown_event");
}

channel::outgoing answer_in(std::string thread, std::string details = {}) {
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.text = "Sorry!";
    message.thread = std::move(thread);
    message.details = std::move(details);
    return message;
}

const settings account{{"api_base", "http://127.0.0.1:9"}, {"token", "t"}};

TEST(GitHub, AnAnswerIsACommentInItsThread) {
    const auto issue = repository(account)->deliver(answer_in("example/shop#issue-4"));
    ASSERT_TRUE(issue);
    EXPECT_EQ(issue->url, "http://127.0.0.1:9/repos/example/shop/issues/4/comments");
    EXPECT_EQ(issue->body, R"({"body":"Sorry!"})");
    EXPECT_EQ(issue->headers[0], channel::header("Authorization", "Bearer t"));
    const auto discussion = repository(account)->deliver(
        answer_in("example/shop#discussion-4", R"({"discussion_node":"D_1","comment_node":"DC_2"})"));
    ASSERT_TRUE(discussion);
    EXPECT_EQ(discussion->url, "http://127.0.0.1:9/graphql");
    EXPECT_NE(discussion->body.find(
                  R"("input":{"discussionId":"D_1","body":"Sorry!","replyToId":"DC_2","clientMutationId":"k1"})"),
              std::string::npos)
        << discussion->body;
}

TEST(GitHub, WhatCannotBePostedIsRefusedBeforeItIsTried) {
    for (const std::string thread : {"", "example/shop", "example/shop#issue-x", "../..#issue-4", "a/b?c#issue-4",
                                     "example/shop#discussion-4", "example/shop#wiki-4"})
        EXPECT_FALSE(repository(account)->deliver(answer_in(thread))) << thread;
    auto long_text = answer_in("example/shop#issue-4");
    long_text.text = std::string(65'537, 'x');
    EXPECT_FALSE(repository(account)->deliver(long_text));
    EXPECT_EQ(repository(account)->can().longest_text.most, 65'536U) << "so that it is split or refused before";
    EXPECT_FALSE(repository()->deliver(answer_in("example/shop#issue-4")));
}

TEST(GitHub, TheProvidersAnswerIsRead) {
    const auto desk = repository(account);
    EXPECT_EQ(desk->judge({201, {}, R"({"id":77})"}).provider_message_id, "77");
    const auto graphql = R"({"data":{"addDiscussionComment":{"comment":{"databaseId":78}}}})";
    EXPECT_EQ(desk->judge({200, {}, graphql}).provider_message_id, "78");
    const auto refused = desk->judge({200, {}, R"({"data":null,"errors":[{"type":"NOT_FOUND","message":"no node"}]})"});
    EXPECT_EQ(refused.outcome, delivery::state::failed);
    EXPECT_EQ(refused.reason, "GitHub: no node");
    const auto limited =
        desk->judge({403, {{"Retry-After", "30"}}, R"({"message":"You have exceeded a secondary rate limit"})"});
    EXPECT_EQ(limited.outcome, delivery::state::retry);
    EXPECT_EQ(limited.retry_after, std::chrono::seconds{30});
    EXPECT_EQ(desk->judge({403, {}, R"({"message":"Resource not accessible"})"}).outcome, delivery::state::failed);
    EXPECT_EQ(desk->judge({200, {}, R"({"errors":[{"type":"RATE_LIMITED","message":"limit"}]})"}).outcome,
              delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
