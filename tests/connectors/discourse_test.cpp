#include "connectors/discourse/connector.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;

const std::string secret = "hook secret";
const std::string post_body =
    R"({"post":{"id":51,"username":"marta","name":"Marta","raw":"wet","created_at":"2026-11-01T10:00:00.000Z","version":1,)"
    R"("updated_at":"2026-11-01T10:00:00.000Z","topic_id":9,"topic_title":"Wet parcel","post_number":4,"post_type":1,"user_id":31}})";

void with_body(recorded_request& request, const std::string& body) {
    request.body = body;
    set_header(request, "X-Discourse-Event-Signature", sha256_header(secret, body));
}

recorded_request event(const std::string& name, const std::string& body, const std::string& id = "7") {
    recorded_request made;
    made.headers = {{"Content-Type", "application/json"},
                    {"X-Discourse-Instance", "https://Forum.example.net"},
                    {"X-Discourse-Event-Id", id},
                    {"X-Discourse-Event-Type", "post"},
                    {"X-Discourse-Event", name}};
    with_body(made, body);
    return made;
}

TEST(Discourse, WrongRequestsAreRefusedWithTheirReason) {
    const auto connector = connector_with(connectors::discourse::make, {{"secret", secret}});
    const std::string signature = "X-Discourse-Event-Signature";
    expect_refused(
        *connector, event("post_created", post_body), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers.back().second); }, 403,
             "wrong_signature", wrong::flipped_bit},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"another algorithm named",
             [&](auto& r) { set_header(r, signature, "sha512=" + sha256_header(secret, r.body).substr(7)); }, 403,
             "wrong_signature", wrong::algorithm},
            {"another hook's secret", [&](auto& r) { set_header(r, signature, sha256_header("other", r.body)); }, 403,
             "wrong_signature"},
            {"a signature without scheme",
             [&](auto& r) { set_header(r, signature, sha256_header(secret, r.body).substr(7)); }, 403,
             "wrong_signature"},
            {"a text by its content type", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"truncated and signed again", [](auto& r) { with_body(r, r.body.substr(0, 60)); }, 400, "malformed",
             wrong::truncated},
            {"empty and signed again", [](auto& r) { with_body(r, ""); }, 400, "malformed"},
            {"invalid UTF-8", [](auto& r) { with_body(r, "{\"post\":{\"id\":1,\"raw\":\"\xC3\"}}"); }, 400, "malformed",
             wrong::utf8},
            {"post is no object", [](auto& r) { with_body(r, R"({"post":[1]})"); }, 400, "malformed", wrong::shape},
            {"a post without topic", [](auto& r) { with_body(r, R"({"post":{"id":1,"username":"a"}})"); }, 400,
             "malformed"},
            {"a post without author", [](auto& r) { with_body(r, R"({"post":{"id":1,"topic_id":2}})"); }, 400,
             "malformed"},
            {"a key twice", [](auto& r) { with_body(r, R"({"post":{},"post":{}})"); }, 400, "malformed"},
            {"no event type", [](auto& r) { remove_header(r, "X-Discourse-Event-Type"); }, 400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/events"; }, 404, "unknown_path"},
            oversized(channel_kind::forum),
        },
        {{wrong::stale_time, "Discourse signs no time; what comes again is known by its event id"},
         {wrong::account, "a secret belongs to one webhook of one forum"}});
}

TEST(Discourse, WithoutSecretNothingIsAccepted) {
    const auto connector = connector_with(connectors::discourse::make, {});
    EXPECT_EQ(connector->receive(event("post_created", post_body).view(), {}).refused, "not_configured");
}

channel::record received(const recorded_request& request, std::vector<std::pair<std::string, std::string>> more = {}) {
    more.emplace_back("secret", secret);
    auto made = connector_with(connectors::discourse::make, more)->receive(request.view(), {});
    EXPECT_EQ(made.refused, "");
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(Discourse, APostIsItsAuthorsInItsTopic) {
    const auto made = received(event("post_created", post_body));
    EXPECT_EQ(made.conversation, "topic:9:31");
    const std::vector<identity> wanted{{"discourse:forum.example.net:31", proof::proven}};
    EXPECT_EQ(made.identities, wanted);
    const std::vector<identity> configured{{"discourse:forum.example.com:31", proof::proven}};
    EXPECT_EQ(received(event("post_created", post_body), {{"base_url", "https://forum.example.com"}}).identities,
              configured);
}

TEST(Discourse, ACreationCountsOnceAndEveryEditCounts) {
    const auto id_of = [](const std::string& name, const std::string& event_id) {
        return received(event(name, post_body, event_id)).event_id;
    };
    EXPECT_EQ(id_of("post_created", "7"), id_of("post_created", "8"));
    EXPECT_EQ(id_of("post_edited", "7"), id_of("post_edited", "7"));
    EXPECT_NE(id_of("post_edited", "7"), id_of("post_edited", "8"));
    EXPECT_NE(id_of("post_edited", "7"), id_of("post_created", "7"));
}

const std::vector<std::pair<std::string, std::string>> account{{"base_url", "https://forum.example.net"},
                                                               {"api_base", "http://127.0.0.1:9"},
                                                               {"api_key", "k"},
                                                               {"api_username", "desk"}};

channel::outgoing answer_to(std::string thread, std::string details) {
    channel::outgoing message;
    message.text = "Sorry!\n\"We\" resend it.";
    message.thread = std::move(thread);
    message.details = std::move(details);
    return message;
}

TEST(Discourse, AnAnswerIsAPostInTheTopic) {
    const auto connector = connector_with(connectors::discourse::make, account);
    const auto call = connector->deliver(answer_to("9", R"({"post_number":4})"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/posts.json");
    EXPECT_EQ(call->headers[0], channel::header("Api-Key", "k"));
    EXPECT_EQ(call->headers[1], channel::header("Api-Username", "desk"));
    EXPECT_EQ(call->body, R"({"topic_id":9,"raw":"Sorry!\n\"We\" resend it.","reply_to_post_number":4})");
    EXPECT_EQ(connector->deliver(answer_to("9", ""))->body, R"({"topic_id":9,"raw":"Sorry!\n\"We\" resend it."})");
    EXPECT_EQ(connector->deliver(answer_to("9", R"({"post_number":1})"))->body,
              connector->deliver(answer_to("9", "{}"))->body);
}

TEST(Discourse, WhatCannotBePostedIsRefusedBeforeItIsTried) {
    const auto connector = connector_with(connectors::discourse::make, account);
    EXPECT_FALSE(connector->deliver(answer_to("", "")));
    EXPECT_FALSE(connector->deliver(answer_to("9/../1", "")));
    auto blank = answer_to("9", "");
    blank.text = " \n";
    EXPECT_FALSE(connector->deliver(blank));
    blank.text = std::string(32'001, 'x');
    EXPECT_FALSE(connector->deliver(blank));
    EXPECT_FALSE(connector_with(connectors::discourse::make, {{"secret", secret}})->deliver(answer_to("9", "")));
}

TEST(Discourse, TheForumsAnswerIsRead) {
    const auto connector = connector_with(connectors::discourse::make, account);
    EXPECT_EQ(connector->judge({200, {}, R"({"id":77,"post_number":5})"}).provider_message_id, "77");
    const auto limited = connector->judge({429, {}, R"({"errors":["slow down"],"extras":{"wait_seconds":12}})"});
    EXPECT_EQ(limited.outcome, delivery::state::retry);
    EXPECT_EQ(limited.retry_after, std::chrono::seconds{12});
    EXPECT_EQ(limited.reason, "Discourse: slow down");
    EXPECT_EQ(connector->judge({422, {}, R"({"errors":["Body is too short"]})"}).outcome, delivery::state::failed);
}

}  // namespace
}  // namespace kindred::testing
