#include "connectors/line/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;

const std::string secret = "channel secret";
const std::string signature = "x-line-signature";
const std::string source = R"("source":{"type":"user","userId":"U1"})";

std::string body_with(const std::string& events) { return R"({"destination":"Uown","events":[)" + events + "]}"; }

std::string event(const std::string& id, const std::string& rest) {
    return R"({"mode":"active","timestamp":1790000000123,"webhookEventId":")" + id + R"(",)" + rest + "}";
}

std::string text_event(const std::string& id) {
    return event(id,
                 R"("type":"message",)" + source + R"(,"message":{"id":")" + id + R"(","type":"text","text":"hi"})");
}

void sign(recorded_request& request) {
    set_header(request, signature, to_base64(hmac_of(hash_kind::sha256, secret, {request.body})));
}

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}};
    sign(made);
    return made;
}

std::unique_ptr<channel::connector> account() {
    return connector_with(
        connectors::line::make,
        {{"channel_secret", secret}, {"channel_access_token", "tok"}, {"api_base", "http://127.0.0.1:9"}});
}

std::vector<channel::record> received(const std::string& events) {
    const auto made = account()->receive(posted(body_with(events)).view(), {});
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records;
}

TEST(Line, WrongRequestsAreRefusedWithTheirReason) {
    const auto body = [](const std::string& bytes) {
        return [=](recorded_request& r) {
            r.body = bytes;
            sign(r);
        };
    };
    const auto good = body_with(text_event("e1"));
    expect_refused(
        *account(), posted(good), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no signature", [](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"SHA-1", [](auto& r) { set_header(r, signature, to_base64(hmac_of(hash_kind::sha1, secret, {r.body}))); },
             403, "wrong_signature", wrong::algorithm},
            {"hex instead of base64",
             [](auto& r) { set_header(r, signature, to_hex(hmac_of(hash_kind::sha256, secret, {r.body}))); }, 403,
             "wrong_signature", wrong::algorithm},
            {"another channel's secret",
             [](auto& r) { set_header(r, signature, to_base64(hmac_of(hash_kind::sha256, "other", {r.body}))); }, 403,
             "wrong_signature"},
            {"a byte added", [](auto& r) { r.body += ' '; }, 403, "wrong_signature"},
            {"a form", [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"empty", body(""), 400, "malformed"},
            {"truncated and signed again", body(good.substr(0, good.size() - 3)), 400, "malformed", wrong::truncated},
            {"invalid UTF-8", body("{\"events\":[],\"x\":\"\xFF\"}"), 400, "malformed", wrong::utf8},
            {"events is no list", body(R"({"events":{}})"), 400, "malformed", wrong::shape},
            {"an event that is none", body(R"({"events":[7]})"), 400, "malformed", wrong::shape},
            {"an event without type", body(R"({"events":[{}]})"), 400, "malformed"},
            {"a message without id", body(R"({"events":[{"type":"message","message":{}}]})"), 400, "malformed"},
            {"nested too deep", body(std::string(100'000, '[')), 400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/status"; }, 404, "unknown_path"},
            oversized(channel_kind::social),
        },
        {{wrong::stale_time,
          "LINE signs a time and redelivers for as long as it likes; what comes again is known by its event id"},
         {wrong::account, "a channel secret belongs to one account"}});
    EXPECT_EQ(connector_with(connectors::line::make, {})->receive(posted(good).view(), {}).refused, "not_configured");
}

TEST(Line, OneDeliveryMayHoldManyEventsAndOneThatMakesNoSense) {
    const auto records = received(text_event("e1") + R"(,{"type":""},)" + text_event("e2"));
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].event_id, "e1");
    EXPECT_EQ(records[1].ignored_because, "malformed");
    EXPECT_EQ(records[2].event_id, "e2");
}

TEST(Line, APersonIsKnownWithinOurAccountAndAnsweredWhereHeWrote) {
    const auto direct = received(text_event("e1")).at(0);
    const std::vector<identity> wanted{{"line:Uown:U1", proof::proven}};
    EXPECT_EQ(direct.identities, wanted);
    EXPECT_EQ(direct.reply_address, "U1");
    const auto unnamed = received(event("e2", R"("type":"message","source":{"type":"group","groupId":"C1"},)"
                                              R"("message":{"id":"m","type":"text","text":"hi"})"))
                             .at(0);
    EXPECT_TRUE(unnamed.identities.empty());
    EXPECT_EQ(unnamed.reply_address, "C1");
    EXPECT_EQ(unnamed.conversation, "C1");
}

TEST(Line, WhatAnotherModuleAnswersIsNotAnsweredByUs) {
    const auto made = received(R"({"type":"message","mode":"standby","webhookEventId":"e",)" + source +
                               R"(,"message":{"id":"m","type":"text","text":"hi"}})")
                          .at(0);
    EXPECT_FALSE(made.answer_automatically);
    EXPECT_NE(to_json(made).find(R"("standby":true)"), std::string::npos);
}

TEST(Line, MediaOfOtherServersAndUnknownTypesAreShown) {
    const auto with = [](const std::string& message) {
        return received(event("e", R"("type":"message",)" + source + R"(,"message":)" + message)).at(0);
    };
    const auto external = with(R"({"id":"m","type":"video","contentProvider":{"type":"external",)"
                               R"("originalContentUrl":"https://files.example.com/v"}})");
    EXPECT_EQ(external.attachments.at(0).url, "https://files.example.com/v");
    EXPECT_EQ(external.attachments.at(0).media_id, "");
    EXPECT_EQ(with(R"({"id":"m","type":"sticker","stickerId":"5"})").attachments.at(0).type, "sticker");
    EXPECT_NE(to_json(with(R"({"id":"m","type":"hologram"})")).find(R"("unsupported":true)"), std::string::npos);
    EXPECT_EQ(with(R"({"id":"m","type":"text","text":"x","quotedMessageId":"44"})").reply_to, "44");
}

channel::outgoing answer_to(std::string text) {
    channel::outgoing message;
    message.idempotency_key = "key-1";
    message.text = std::move(text);
    message.from = "U1";
    return message;
}

TEST(Line, AnAnswerIsPushedOnceHoweverOftenItIsTried) {
    const auto call = account()->deliver(answer_to("hi"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/v2/bot/message/push");
    EXPECT_EQ(call->body, R"({"to":"U1","messages":[{"type":"text","text":"hi"}]})");
    const auto key = call->headers.at(2);
    EXPECT_EQ(key.first, "X-Line-Retry-Key");
    EXPECT_EQ(key.second.size(), 36U);
    EXPECT_EQ(key.second[14], '8');
    EXPECT_EQ(account()->deliver(answer_to("hi"))->headers.at(2), key);
}

TEST(Line, AFreshReplyTokenIsUsedOnce) {
    auto answer = answer_to("hi");
    answer.idempotency_key = "k";
    answer.details = R"({"timestamp_ms":1700000000000,"reply_token":"tok"})";
    const auto sent_after = [&](std::int64_t seconds, std::uint32_t attempts = 0) {
        answer.at = from_millis(1'700'000'000'000);
        answer.attempt_at = from_millis(1'700'000'000'000 + seconds * 1000);
        answer.attempts = attempts;
        return *account()->deliver(answer);
    };
    const auto fresh = sent_after(50);
    EXPECT_EQ(fresh.url, "http://127.0.0.1:9/v2/bot/message/reply");
    EXPECT_EQ(fresh.body, R"({"replyToken":"tok","messages":[{"type":"text","text":"hi"}]})");
    for (const auto& [name, value] : fresh.headers)
        EXPECT_NE(name, "X-Line-Retry-Key") << "LINE takes it with pushes alone";
    EXPECT_TRUE(sent_after(51).url.ends_with("/push"));
    EXPECT_TRUE(sent_after(1, 1).url.ends_with("/push")) << "an attempt has used it up, or found it used";
    channel::outgoing_file picture;
    picture.type = "image/png";
    picture.url = "https://files.example.com/lamp";
    answer.files.push_back(picture);
    EXPECT_TRUE(sent_after(1).url.ends_with("/push")) << "the text that a file comes with has used it";
    answer.files.clear();
    answer.details = R"({"timestamp_ms":1700000000000})";
    EXPECT_TRUE(sent_after(1).url.ends_with("/push"));
    answer.details = R"({"reply_token":"tok"})";
    EXPECT_TRUE(sent_after(1).url.ends_with("/push")) << "nobody knows how old it is";
    EXPECT_EQ(account()->judge({400, {}, R"({"message":"Invalid reply token"})"}).outcome, delivery::state::retry);
}

TEST(Line, TheLimitCountsUtf16Units) {
    const auto repeated = [](const std::string& letter, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) text += letter;
        return text;
    };
    EXPECT_TRUE(account()->deliver(answer_to(repeated("é", 5000))));
    EXPECT_FALSE(account()->deliver(answer_to(repeated("é", 5001))));
    EXPECT_TRUE(account()->deliver(answer_to(repeated("😀", 2500))));
    EXPECT_FALSE(account()->deliver(answer_to(repeated("😀", 2501))));
    EXPECT_FALSE(account()->deliver(answer_to("")));
    EXPECT_FALSE(account()->deliver(answer_to("\xFF")));
    EXPECT_FALSE(connector_with(connectors::line::make, {})->deliver(answer_to("hi")));
}

TEST(Line, TheProvidersAnswerSaysWhetherToTryAgain) {
    const auto judged = [](unsigned status, const std::string& body) { return account()->judge({status, {}, body}); };
    EXPECT_EQ(judged(200, R"({"sentMessages":[{"id":"461"}]})").provider_message_id, "461");
    EXPECT_EQ(judged(409, R"({"message":"The retry key is already accepted"})").outcome, delivery::state::sent);
    EXPECT_EQ(judged(429, R"({"message":"The API rate limit has been exceeded."})").outcome, delivery::state::retry);
    EXPECT_EQ(judged(429, R"({"message":"You have reached your monthly limit."})").outcome, delivery::state::failed);
    EXPECT_EQ(judged(400, R"({"message":"Failed to send messages"})").reason,
              "LINE answered 400: Failed to send messages");
    EXPECT_EQ(judged(500, "").outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
