#include "connectors/instagram/connector.hpp"
#include "tests/connectors/support/meta_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;

const std::string secret = "app secret";

std::string body_with(const std::string& members) {
    return R"({"object":"instagram","entry":[{"id":"178","time":1,)" + members + "}]}";
}

std::string event(const std::string& rest, const std::string& time = "1790000000123") {
    return R"("messaging":[{"sender":{"id":"77"},"recipient":{"id":"178"},"timestamp":)" + time + "," + rest + "}]";
}

std::unique_ptr<channel::connector> account() {
    return connector_with(connectors::instagram::make, {{"app_secret", secret},
                                                        {"verify_token", "tok"},
                                                        {"account_id", "178"},
                                                        {"access_token", "IGAA"},
                                                        {"api_base", "http://127.0.0.1:9"}});
}

channel::record received(const std::string& members) {
    const auto made = account()->receive(meta_post(secret, body_with(members)).view(), {});
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(Instagram, WrongRequestsAreRefusedWithTheirReason) {
    const auto body = [](const std::string& bytes) { return with_meta_body(secret, bytes); };
    const auto wrong_event = [&](const std::string& members) {
        return body(body_with(R"("messaging":[{)" + members + "}]"));
    };
    const auto good = body_with(event(R"("message":{"mid":"m","text":"hi"})"));
    auto to_another = good;
    to_another.replace(to_another.find("178"), 3, "179");
    expect_refused(
        *account(), meta_post(secret, good), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no signature", [](auto& r) { remove_header(r, meta_signature); }, 401, "missing_signature",
             wrong::missing},
            {"the signature twice", [](auto& r) { double_header(r, meta_signature); }, 401, "missing_signature",
             wrong::doubled},
            {"an empty signature", [](auto& r) { set_header(r, meta_signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"SHA-1 under the new name",
             [](auto& r) { set_header(r, meta_signature, old_meta_signature(secret, r.body)); }, 403, "wrong_signature",
             wrong::algorithm},
            {"the Facebook app's secret instead of Instagram's",
             [](auto& r) { set_header(r, meta_signature, sha256_header("other", r.body)); }, 403, "wrong_signature"},
            {"another account", body(to_another), 200, "other_account", wrong::account},
            {"truncated", [](auto& r) { r.body.pop_back(); }, 403, "wrong_signature", wrong::truncated},
            {"truncated and signed again", body(good.substr(0, 40)), 400, "malformed", wrong::truncated},
            oversized(channel_kind::social),
            {"a text by its content type", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"invalid UTF-8", wrong_event("\"sender\":{\"id\":\"\xC3\"}"), 400, "malformed", wrong::utf8},
            {"an entry that is no list", body(R"({"object":"instagram","entry":{}})"), 400, "malformed", wrong::shape},
            {"an entry that is none", body(R"({"object":"instagram","entry":[7]})"), 400, "malformed", wrong::shape},
            {"a message without id", wrong_event(R"("sender":{"id":"2"},"message":{})"), 400, "malformed",
             wrong::shape},
            {"a message without sender", wrong_event(R"("message":{"mid":"m"})"), 400, "malformed", wrong::shape},
            {"a comment without id", body(body_with(R"("changes":[{"field":"comments","value":{"text":"x"}}])")), 200,
             "unknown_event"},
            {"an address below ours", [](auto& r) { r.subpath = "/status"; }, 404, "unknown_path"},
            {"a handshake with a wrong token",
             [](auto& r) {
                 r.method = "GET";
                 r.query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess";
             },
             403, "wrong_signature"},
        },
        {{wrong::stale_time, "Meta signs no time; what comes again is known by its message id"}});
    EXPECT_EQ(connector_with(connectors::instagram::make, {})->receive(meta_post(secret, "{}").view(), {}).refused,
              "not_configured");
}

TEST(Instagram, AnUnsentMessageIsADeletion) {
    const auto made = received(event(R"("message":{"mid":"m","is_deleted":true})"));
    EXPECT_EQ(made.kind, record_kind::deletion);
    EXPECT_EQ(made.event_id, "delete:m");
    EXPECT_FALSE(made.text.has_value());
}

TEST(Instagram, AStoryThatMentionsUsIsLinkedAndNeverKept) {
    const auto made = received(event(
        R"("message":{"mid":"m","attachments":[{"type":"story_mention","payload":{"url":"https://cdn.example/s"}}]})"));
    ASSERT_EQ(made.attachments.size(), 1U);
    EXPECT_EQ(made.attachments[0].url, "");
    EXPECT_NE(to_json(made).find(R"("story_url":"https://cdn.example/s")"), std::string::npos);
}

TEST(Instagram, OfSeveralStoriesTheFirstIsLinked) {
    const auto made = to_json(
        received(event(R"("message":{"mid":"m","reply_to":{"story":{"id":"1","url":"https://cdn.example/a"}},)"
                       R"("attachments":[{"type":"story_mention","payload":{"url":"https://cdn.example/b"}}]})")));
    EXPECT_NE(made.find(R"("story_url":"https://cdn.example/a")"), std::string::npos) << made;
    EXPECT_EQ(made.find("cdn.example/b"), std::string::npos) << made;
}

TEST(Instagram, TheTestButtonsSecondsAreUnderstood) {
    EXPECT_EQ(received(event(R"("message":{"mid":"m","text":"t"})", R"("1790000000")")).at,
              from_millis(1'790'000'000'000));
}

TEST(Instagram, TheTestButtonsMessageIsWrappedInAChange) {
    const auto made =
        received(R"("changes":[{"field":"messages","value":{"sender":{"id":"12334"},"recipient":{"id":"23245"},)"
                 R"("timestamp":"1527459824","message":{"mid":"random_mid","text":"random_text"}}}])");
    EXPECT_EQ(made.kind, record_kind::message);
    EXPECT_EQ(made.text, "random_text");
    EXPECT_EQ(made.at, from_millis(1'527'459'824'000));
}

TEST(Instagram, WhatWeWroteElsewhereIsAnEchoEvenUnmarked) {
    const auto made =
        received(R"("messaging":[{"sender":{"id":"178"},"recipient":{"id":"77"},"message":{"mid":"m"}}])");
    EXPECT_EQ(made.kind, record_kind::echo);
    EXPECT_EQ(made.conversation, "77>178");
}

const std::string comment =
    R"("changes":[{"field":"comments","value":{"id":"c1","text":"Price?","from":{"id":"55","username":"ana"},)"
    R"("media":{"id":"p9"}}}])";

TEST(Instagram, ACommentIsAMessageBelowItsPost) {
    const auto made = received(comment);
    EXPECT_EQ(made.kind, record_kind::message);
    EXPECT_EQ(made.event_id, "comment:c1");
    EXPECT_EQ(made.handle, "ana");
    EXPECT_EQ(made.conversation, "comment:p9>55");
    EXPECT_EQ(received(R"("changes":[{"field":"mentions","value":{}}])").ignored_because, "unknown_event");
}

channel::outgoing answer_to(std::string text) {
    channel::outgoing message;
    message.text = std::move(text);
    message.from = "77";
    return message;
}

TEST(Instagram, AnAnswerGoesToThePersonOrBelowTheComment) {
    const auto call = account()->deliver(answer_to("hi"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/v21.0/178/messages");
    EXPECT_EQ(call->body, R"({"recipient":{"id":"77"},"message":{"text":"hi"}})");
    auto below = answer_to("12 euros");
    below.details = R"({"comment":"c1"})";
    EXPECT_EQ(account()->deliver(below)->url, "http://127.0.0.1:9/v21.0/c1/replies");
    EXPECT_EQ(account()->deliver(below)->body, R"({"message":"12 euros"})");
}

TEST(Instagram, TheLimitCountsBytes) {
    std::string accents;
    for (int i = 0; i < 500; ++i) accents += "é";
    EXPECT_TRUE(account()->deliver(answer_to(accents)));
    EXPECT_FALSE(account()->deliver(answer_to(accents + "x")));
    EXPECT_FALSE(account()->deliver(answer_to("")));
    EXPECT_FALSE(account()->deliver(answer_to("\xFF")));
    EXPECT_FALSE(connector_with(connectors::instagram::make, {})->deliver(answer_to("hi")));
}

TEST(Instagram, TheProvidersAnswerSaysWhetherToTryAgain) {
    const auto judged = [](unsigned status, const std::string& body) { return account()->judge({status, {}, body}); };
    EXPECT_EQ(judged(200, R"({"recipient_id":"77","message_id":"m9"})").provider_message_id, "m9");
    EXPECT_EQ(judged(200, R"({"id":"c2"})").provider_message_id, "c2");
    EXPECT_EQ(judged(400, R"({"error":{"code":10,"error_subcode":2534022,"message":"window"}})").outcome,
              delivery::state::failed);
    EXPECT_EQ(judged(400, R"({"error":{"code":80006,"message":"limit"}})").outcome, delivery::state::retry);
}

TEST(Instagram, PeopleMayWriteForADayAndWithTheTagForSeven) {
    EXPECT_EQ(account()->can().free_text_for, std::chrono::hours{24});
    const auto tagging = connector_with(connectors::instagram::make, {{"app_secret", secret}, {"human_agent", "true"}});
    EXPECT_EQ(tagging->can().free_text_for, std::chrono::hours{7 * 24});
}

}  // namespace
}  // namespace kindred::testing
