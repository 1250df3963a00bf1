#include "connectors/whatsapp/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;

const std::string secret = "app secret";

recorded_request signed_request(std::string body) {
    recorded_request made;
    made.body = std::move(body);
    made.headers = {{"Content-Type", "application/json"}, {"X-Hub-Signature-256", sha256_header(secret, made.body)}};
    return made;
}

std::string body_with(const std::string& value) {
    return R"({"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":)" +
           value + "}]}]}";
}

const std::string metadata = R"("metadata":{"display_phone_number":"525550001111","phone_number_id":"900"})";

std::string text_message(const std::string& id) {
    return R"({"from":"525512345678","id":")" + id +
           R"(","timestamp":"1790000000","type":"text","text":{"body":"hi"}})";
}

const std::string good_body = body_with("{" + metadata + R"(,"messages":[)" + text_message("wamid.1") + "]}");

void resign(recorded_request& request) {
    set_header(request, "X-Hub-Signature-256", sha256_header(secret, request.body));
}

void with_body(recorded_request& request, const std::string& body) {
    request.body = body;
    resign(request);
}

TEST(WhatsApp, WrongRequestsAreRefusedWithTheirReason) {
    const auto connector = connector_with(
        connectors::whatsapp::make, {{"app_secret", secret}, {"verify_token", "tok"}, {"phone_number_id", "900"}});
    const std::string signature = "X-Hub-Signature-256";
    expect_refused(
        *connector, signed_request(good_body), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [&](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"the old SHA-1 header alone",
             [&](auto& r) {
                 remove_header(r, signature);
                 set_header(r, "X-Hub-Signature", "sha1=" + to_hex(hmac_of(hash_kind::sha1, secret, {r.body})));
             },
             401, "missing_signature", wrong::algorithm},
            {"SHA-1 under the new name",
             [&](auto& r) { set_header(r, signature, "sha1=" + to_hex(hmac_of(hash_kind::sha1, secret, {r.body}))); },
             403, "wrong_signature", wrong::algorithm},
            {"upper-case hex",
             [&](auto& r) {
                 for (auto& c : r.headers[1].second) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
             },
             403, "wrong_signature"},
            {"another app's secret", [&](auto& r) { set_header(r, signature, sha256_header("other", r.body)); }, 403,
             "wrong_signature"},
            {"a byte added", [](auto& r) { r.body += ' '; }, 403, "wrong_signature"},
            {"a form by its content type",
             [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"two content types", [](auto& r) { double_header(r, "Content-Type"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"truncated and signed again", [](auto& r) { with_body(r, r.body.substr(0, r.body.size() - 3)); }, 400,
             "malformed", wrong::truncated},
            {"empty and signed again", [](auto& r) { with_body(r, ""); }, 400, "malformed"},
            {"invalid UTF-8", [](auto& r) { with_body(r, "{\"object\":\"\xFF\"}"); }, 400, "malformed", wrong::utf8},
            {"a list", [](auto& r) { with_body(r, "[]"); }, 400, "malformed", wrong::shape},
            {"a form", [](auto& r) { with_body(r, "object=whatsapp_business_account"); }, 400, "malformed"},
            {"entry is no list", [](auto& r) { with_body(r, R"({"object":"whatsapp_business_account","entry":{}})"); },
             400, "malformed", wrong::shape},
            {"a message without id",
             [](auto& r) {
                 with_body(r, body_with("{" + metadata + R"(,"messages":[{"from":"5255","type":"text"}]})"));
             },
             400, "malformed"},
            {"nested too deep", [](auto& r) { with_body(r, std::string(100'000, '[') + std::string(100'000, ']')); },
             400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/status"; }, 404, "unknown_path"},
            {"a handshake with a wrong token",
             [](auto& r) {
                 r.method = "GET";
                 r.query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess";
             },
             403, "wrong_signature"},
            {"another number of ours",
             [](auto& r) { with_body(r, std::string(good_body).replace(good_body.find("\"900\""), 5, "\"901\"")); },
             200, "other_account", wrong::account},
            oversized(channel_kind::social),
        },
        {{wrong::stale_time, "Meta signs no time; what comes again is known by its event id"}});
}

TEST(WhatsApp, WithoutSecretNothingIsAccepted) {
    const auto connector = connector_with(connectors::whatsapp::make, {});
    EXPECT_EQ(connector->receive(signed_request(good_body).view(), {}).refused, "not_configured");
    recorded_request handshake;
    handshake.method = "GET";
    handshake.query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
    EXPECT_EQ(connector->receive(handshake.view(), {}).refused, "not_configured");
}

TEST(WhatsApp, BothSecretsServeWhileOneReplacesTheOther) {
    const auto connector = connector_with(connectors::whatsapp::make, {{"app_secret", "new"}, {"app_secret", secret}});
    EXPECT_EQ(connector->receive(signed_request(good_body).view(), {}).refused, "");
}

TEST(WhatsApp, OneDeliveryMayHoldManyRecordsOfManyNumbers) {
    const auto connector =
        connector_with(connectors::whatsapp::make, {{"app_secret", secret}, {"phone_number_id", "900"}});
    const std::string other = R"("metadata":{"display_phone_number":"1","phone_number_id":"901"})";
    const auto body = R"({"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{)" +
                      metadata + R"(,"messages":[)" + text_message("a") + "," + text_message("b") +
                      R"(],"statuses":[{"id":"c","status":"read","recipient_id":"5255"}]}}]},)" +
                      R"({"changes":[{"field":"messages","value":{)" + other + R"(,"messages":[)" + text_message("d") +
                      "]}}]}]}";
    const auto received = connector->receive(signed_request(body).view(), {});
    ASSERT_EQ(received.records.size(), 4U);
    EXPECT_EQ(received.records[0].event_id, "message:a");
    EXPECT_EQ(received.records[1].event_id, "message:b");
    EXPECT_EQ(received.records[2].event_id, "status:c:read:5255");
    EXPECT_EQ(received.records[3].kind, channel::record_kind::ignored);
    EXPECT_EQ(received.records[3].ignored_because, "other_account");
}

TEST(WhatsApp, OneElementThatMakesNoSenseDoesNotTakeTheOthersDown) {
    const auto connector = connector_with(connectors::whatsapp::make, {{"app_secret", secret}});
    const auto body = body_with("{" + metadata + R"(,"messages":[7,)" + text_message("a") + R"(,{"type":"text"}]})");
    const auto received = connector->receive(signed_request(body).view(), {});
    EXPECT_EQ(received.reply.status, 200U);
    ASSERT_EQ(received.records.size(), 3U);
    EXPECT_EQ(received.records[0].ignored_because, "malformed");
    EXPECT_EQ(received.records[1].event_id, "message:a");
    EXPECT_EQ(received.records[2].ignored_because, "malformed");
    EXPECT_NE(received.records[0].event_id, received.records[2].event_id);
}

TEST(WhatsApp, AListThatIsNullIsNotThere) {
    const auto connector = connector_with(connectors::whatsapp::make, {{"app_secret", secret}});
    const auto body = body_with("{" + metadata + R"(,"statuses":null,"messages":[)" + text_message("a") + "]}");
    const auto received = connector->receive(signed_request(body).view(), {});
    ASSERT_EQ(received.records.size(), 1U) << received.reply.body;
    EXPECT_EQ(received.records[0].event_id, "message:a");
}

TEST(WhatsApp, AFormsAnswerIsAMessageAndAnOpenedChatIsNone) {
    const auto connector = connector_with(connectors::whatsapp::make, {{"app_secret", secret}});
    const std::string head = R"({"from":"5255","id":"a","timestamp":"1790000000",)";
    const auto body = body_with(
        "{" + metadata + R"(,"messages":[)" + head +
        R"("type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":1}"}}},)" +
        head + R"("type":"request_welcome"}]})");
    const auto received = connector->receive(signed_request(body).view(), {});
    ASSERT_EQ(received.records.size(), 2U) << received.reply.body;
    EXPECT_EQ(received.records[0].text, "Sent");
    EXPECT_NE(to_json(received.records[0]).find(R"("form_answers":"{\"a\":1}")"), std::string::npos);
    EXPECT_EQ(received.records[1].kind, channel::record_kind::control);
}

TEST(WhatsApp, TheSenderIsFoundByNumberAndByScopedId) {
    const auto connector = connector_with(connectors::whatsapp::make, {{"app_secret", secret}});
    const auto body =
        body_with("{" + metadata + R"(,"contacts":[{"wa_id":"525512345678","user_id":"MX.7"}],"messages":[)" +
                  text_message("a") + "]}");
    const auto received = connector->receive(signed_request(body).view(), {});
    ASSERT_EQ(received.records.size(), 1U);
    const std::vector<identity> wanted{{"phone:+525512345678", proof::proven}, {"whatsapp:MX.7", proof::proven}};
    EXPECT_EQ(received.records[0].identities, wanted);
    EXPECT_EQ(received.records[0].conversation, "525512345678>900");
}

std::unique_ptr<channel::connector> sender() {
    return connector_with(connectors::whatsapp::make,
                          {{"phone_number_id", "900"}, {"access_token", "EAAG"}, {"api_base", "http://127.0.0.1:9/"}});
}

channel::outgoing answer_to(std::string text) {
    channel::outgoing message;
    message.idempotency_key = "key-1";
    message.text = std::move(text);
    message.from = "525512345678";
    return message;
}

TEST(WhatsApp, AnAnswerGoesToTheMessagesAddressOfOurNumber) {
    const auto call = sender()->deliver(answer_to("a \"quoted\"\nline"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/v25.0/900/messages");
    EXPECT_EQ(call->headers[0], channel::header("Authorization", "Bearer EAAG"));
    EXPECT_EQ(call->body,
              R"({"messaging_product":"whatsapp","recipient_type":"individual","to":"525512345678","type":"text",)"
              R"("text":{"body":"a \"quoted\"\nline","preview_url":false},"biz_opaque_callback_data":"key-1"})");
}

TEST(WhatsApp, WhatCannotBeSentIsRefusedBeforeItIsTried) {
    EXPECT_TRUE(sender()->deliver(answer_to(std::string(4096, 'x'))));
    EXPECT_FALSE(sender()->deliver(answer_to(std::string(4097, 'x'))));
    EXPECT_FALSE(sender()->deliver(answer_to("")));
    EXPECT_FALSE(sender()->deliver(answer_to("\xFF")));
    auto nobody = answer_to("hi");
    nobody.from.clear();
    EXPECT_FALSE(sender()->deliver(nobody));
    EXPECT_FALSE(connector_with(connectors::whatsapp::make, {{"app_secret", secret}})->deliver(answer_to("hi")));
}

TEST(WhatsApp, TheProvidersAnswerSaysWhetherToTryAgain) {
    const auto judged = [](unsigned status, const std::string& body) { return sender()->judge({status, {}, body}); };
    const auto sent = judged(200, R"({"messages":[{"id":"wamid.9"}]})");
    EXPECT_EQ(sent.outcome, delivery::state::sent);
    EXPECT_EQ(sent.provider_message_id, "wamid.9");
    EXPECT_EQ(judged(400, R"({"error":{"code":130429,"message":"limit"}})").outcome, delivery::state::retry);
    EXPECT_EQ(judged(400, R"({"error":{"code":131056,"message":"pair"}})").retry_after, std::chrono::seconds{6});
    EXPECT_EQ(judged(400, R"({"error":{"code":131047,"message":"24 hours"}})").outcome, delivery::state::failed);
    EXPECT_EQ(judged(401, R"({"error":{"code":190,"message":"token"}})").reason, "WhatsApp error 190: token");
    EXPECT_EQ(judged(503, "<html>").outcome, delivery::state::retry);
    EXPECT_EQ(judged(400, "").outcome, delivery::state::failed);
}

}  // namespace
}  // namespace kindred::testing
