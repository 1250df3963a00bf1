#include "connectors/api/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

recorded_request contact(std::string body) {
    recorded_request made;
    made.body = std::move(body);
    made.headers = {{"Authorization", "Bearer tok"}, {"Idempotency-Key", "k"}};
    return made;
}

TEST(Api, WrongRequestsAreRefusedWithTheirReason) {
    const auto connector = connector_with(connectors::api::make, {{"token", "tok"}});
    const auto body = [](const char* text) { return [text](recorded_request& r) { r.body = text; }; };
    expect_refused(
        *connector, contact(R"({"from":"a@example.org","text":"hi"})"), {},
        {
            {"no token", [](auto& r) { remove_header(r, "Authorization"); }, 401, "missing_signature", wrong::missing},
            {"the token twice", [](auto& r) { double_header(r, "Authorization"); }, 401, "missing_signature",
             wrong::doubled},
            {"another scheme", [](auto& r) { set_header(r, "Authorization", "Basic tok"); }, 401, "missing_signature",
             wrong::algorithm},
            {"another token", [](auto& r) { set_header(r, "Authorization", "Bearer tog"); }, 403, "wrong_signature"},
            {"an empty token", [](auto& r) { set_header(r, "Authorization", "Bearer "); }, 403, "wrong_signature",
             wrong::empty},
            {"the key twice", [](auto& r) { double_header(r, "Idempotency-Key"); }, 400, "malformed", wrong::doubled},
            {"an empty key", [](auto& r) { set_header(r, "Idempotency-Key", ""); }, 400, "malformed"},
            {"a text by its content type", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"no JSON", body("hi"), 400, "malformed"},
            {"truncated", body(R"({"text":"hi")"), 400, "malformed", wrong::truncated},
            {"invalid UTF-8", body("{\"text\":\"\xFF\"}"), 400, "malformed", wrong::utf8},
            {"a list", body("[]"), 400, "malformed", wrong::shape},
            {"nothing said", body("{}"), 400, "malformed"},
            {"an unknown field", body(R"({"text":"hi","body":"x"})"), 400, "malformed"},
            {"text is a number", body(R"({"text":7})"), 400, "malformed", wrong::shape},
            {"to is a number", body(R"({"text":"x","to":7})"), 400, "malformed"},
            {"to holds a number", body(R"({"text":"x","to":["a",7]})"), 400, "malformed"},
            {"channel is a text", body(R"({"text":"x","channel":"api"})"), 400, "malformed"},
            {"attributes is a list", body(R"({"text":"x","attributes":[]})"), 400, "malformed"},
            {"attachments is negative", body(R"({"text":"x","attachments":-1})"), 400, "malformed"},
            {"attachments is a text", body(R"({"text":"x","attachments":"a.pdf"})"), 400, "malformed"},
            {"is_reply is a text", body(R"({"text":"x","is_reply":"yes"})"), 400, "malformed"},
            {"received_at is no time", body(R"({"text":"x","received_at":"yesterday"})"), 400, "malformed"},
            {"a flipped bit in the token", [](auto& r) { r.headers[0].second.back() ^= 1; }, 403, "wrong_signature",
             wrong::flipped_bit},
            oversized(channel_kind::api),
        },
        {{wrong::stale_time, "a token has no time; the key tells repetitions"},
         {wrong::account, "a token is of this centre or of nobody; a channel of another name is refused by the door"}});
}

TEST(Api, TheRefusalNamesTheField) {
    const auto connector = connector_with(connectors::api::make, {{"token", "tok"}});
    EXPECT_EQ(connector->receive(contact(R"({"text":"x","received_at":"yesterday"})").view(), {}).reply.body,
              "received_at: wants a time such as 2026-11-23T10:00:00-06:00");
    EXPECT_EQ(connector->receive(contact(R"({"text":"x","subjet":"y"})").view(), {}).reply.body,
              "subjet: is no field of a contact; did you mean subject?");
}

TEST(Api, TheEnginesOwnCheckOfATokenServesToo) {
    const auto connector = connector_with(connectors::api::make, {});
    auto request = contact(R"({"text":"hi"})");
    EXPECT_EQ(connector->receive(request.view(), {}).refused, "not_configured");
    request.authenticated = true;
    EXPECT_EQ(connector->receive(request.view(), {}).refused, "");
}

TEST(Api, AddressesBecomeIdentitiesAsFarAsTheyProveAnything) {
    const auto connector = connector_with(connectors::api::make, {{"token", "tok"}});
    const auto identity_of = [&](const std::string& from) {
        return connector->receive(contact(R"({"from":")" + from + R"("})").view(), {}).records.at(0).identities.at(0);
    };
    EXPECT_EQ(identity_of("Ann@Example.org"), (identity{"email:ann@example.org", proof::claimed}));
    EXPECT_EQ(identity_of("+52 55 1234 5678"), (identity{"phone:+525512345678", proof::proven}));
    EXPECT_EQ(identity_of("1234567890"), (identity{"external:1234567890", proof::proven}));
}

TEST(Api, TheAnswerSaysWhereTheContactWent) {
    const auto connector = connector_with(connectors::api::make, {{"token", "tok"}});
    channel::situation now;
    now.ticket = "12";
    now.queue = "sales";
    EXPECT_EQ(connector->answer_for({}, now).body, R"({"status":"accepted","ticket":"12","queue":"sales"})");
}

TEST(Api, AnswersArePostedWithAStandardWebhooksSignature) {
    const std::string secret = "whsec_" + to_base64("0123456789abcdef01234567");
    const auto connector = connector_with(
        connectors::api::make, {{"callback_url", "http://127.0.0.1:9/answers"}, {"callback_secret", secret}});
    channel::outgoing message;
    message.idempotency_key = "msg_1";
    message.at = from_millis(1'790'000'000'000);
    message.text = "hi";
    message.ticket = "12";
    const auto call = connector->deliver(message);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/answers");
    EXPECT_EQ(call->headers[1], channel::header("webhook-id", "msg_1"));
    EXPECT_EQ(call->headers[2], channel::header("webhook-timestamp", "1790000000"));
    const auto mac = hmac_of(hash_kind::sha256, "0123456789abcdef01234567", {"msg_1.1790000000.", call->body});
    EXPECT_EQ(call->headers[3], channel::header("webhook-signature", "v1," + to_base64(mac)));
    EXPECT_FALSE(connector_with(connectors::api::make, {{"token", "tok"}})->deliver(message));
}

}  // namespace
}  // namespace kindred::testing
