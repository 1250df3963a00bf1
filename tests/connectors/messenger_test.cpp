#include "connectors/messenger/connector.hpp"
#include "tests/connectors/support/meta_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;

const std::string secret = "app secret";

std::string entry(const std::string& events, const std::string& page = "900") {
    return R"({"id":")" + page + R"(","time":1,"messaging":[)" + events + "]}";
}

std::string body_with(const std::string& entries) { return R"({"object":"page","entry":[)" + entries + "]}"; }

std::string event(const std::string& rest) {
    return R"({"sender":{"id":"77"},"recipient":{"id":"900"},"timestamp":1790000000123,)" + rest + "}";
}

std::string text(const std::string& mid) { return event(R"("message":{"mid":")" + mid + R"(","text":"hi"})"); }

std::unique_ptr<channel::connector> page(std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.end(), {{"app_secret", secret},
                             {"verify_token", "tok"},
                             {"page_id", "900"},
                             {"access_token", "EAAG"},
                             {"api_base", "http://127.0.0.1:9"}});
    return connector_with(connectors::messenger::make, more);
}

std::vector<channel::record> received(const std::string& entries) {
    const auto made = page()->receive(meta_post(secret, body_with(entries)).view(), {});
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records;
}

channel::record received_event(const std::string& rest) { return received(entry(event(rest))).at(0); }

TEST(Messenger, WrongRequestsAreRefusedWithTheirReason) {
    const auto body = [](const std::string& bytes) { return with_meta_body(secret, bytes); };
    const auto wrong_event = [&](const std::string& members) { return body(body_with(entry("{" + members + "}"))); };
    const auto good = body_with(entry(text("m1")));
    expect_refused(
        *page(), meta_post(secret, good), {},
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
            {"the old SHA-1 header alone",
             [](auto& r) {
                 remove_header(r, meta_signature);
                 set_header(r, "X-Hub-Signature", old_meta_signature(secret, r.body));
             },
             401, "missing_signature", wrong::algorithm},
            {"SHA-1 under the new name",
             [](auto& r) { set_header(r, meta_signature, old_meta_signature(secret, r.body)); }, 403, "wrong_signature",
             wrong::algorithm},
            {"another app's secret", [](auto& r) { set_header(r, meta_signature, sha256_header("other", r.body)); },
             403, "wrong_signature"},
            {"another page", body(body_with(entry(text("m1"), "901"))), 200, "other_account", wrong::account},
            {"truncated", [](auto& r) { r.body.pop_back(); }, 403, "wrong_signature", wrong::truncated},
            {"truncated and signed again", body(good.substr(0, good.size() - 3)), 400, "malformed", wrong::truncated},
            {"a byte added", [](auto& r) { r.body += ' '; }, 403, "wrong_signature"},
            oversized(channel_kind::social),
            {"a form by its content type",
             [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"invalid UTF-8", wrong_event("\"sender\":{\"id\":\"\xFF\"}"), 400, "malformed", wrong::utf8},
            {"empty", body(""), 400, "malformed", wrong::shape},
            {"a list", body("[]"), 400, "malformed", wrong::shape},
            {"an entry that is no list", body(R"({"object":"page","entry":{}})"), 400, "malformed", wrong::shape},
            {"an entry that is none", body(body_with("7")), 400, "malformed", wrong::shape},
            {"a message without id", wrong_event(R"("sender":{"id":"2"},"message":{})"), 400, "malformed",
             wrong::shape},
            {"a message without sender", wrong_event(R"("message":{"mid":"m"})"), 400, "malformed", wrong::shape},
            {"read, but what?", wrong_event(R"("sender":{"id":"2"},"read":{})"), 400, "malformed", wrong::shape},
            {"nested too deep", body(std::string(100'000, '[')), 400, "malformed", wrong::shape},
            {"an address below ours", [](auto& r) { r.subpath = "/status"; }, 404, "unknown_path"},
            {"a handshake with a wrong token",
             [](auto& r) {
                 r.method = "GET";
                 r.query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess";
             },
             403, "wrong_signature"},
        },
        {{wrong::stale_time, "Meta signs no time; what comes again is known by its message id"}});
    EXPECT_EQ(connector_with(connectors::messenger::make, {})->receive(meta_post(secret, "{}").view(), {}).refused,
              "not_configured");
}

TEST(Messenger, OneDeliveryMayHoldManyEventsOfManyPages) {
    const auto records = received(entry(text("a") + ",7," + text("b")) + "," + entry(text("c"), "901") + "," +
                                  entry(event(R"("x":{})")));
    ASSERT_EQ(records.size(), 5U);
    EXPECT_EQ(records[0].event_id, "message:a");
    EXPECT_EQ(records[1].ignored_because, "malformed");
    EXPECT_EQ(records[2].event_id, "message:b");
    EXPECT_EQ(records[3].ignored_because, "other_account");
    EXPECT_EQ(records[4].ignored_because, "unknown_event");
}

TEST(Messenger, APersonIsKnownByPageAndId) {
    const auto made = received(entry(text("a"))).at(0);
    const std::vector<identity> wanted{{"messenger:900:77", proof::proven}};
    EXPECT_EQ(made.identities, wanted);
    EXPECT_EQ(made.conversation, "77>900");
    EXPECT_EQ(made.at, from_millis(1'790'000'000'123));
}

TEST(Messenger, EachMessageNamedInAReceiptHasItsOwnStatus) {
    const auto records = received(entry(event(R"("delivery":{"mids":["m1","m2"],"watermark":5})")));
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].event_id, "status:m1:delivered");
    EXPECT_EQ(records[1].references, std::vector<std::string>{"m2"});
    const auto read = received_event(R"("read":{"watermark":5})");
    EXPECT_EQ(read.event_id, "status:read:77>900:5");
    EXPECT_EQ(read.provider_message_id, "");
}

TEST(Messenger, EditsEchoesAndControlAreWhatTheyAre) {
    const auto edit = received_event(R"("message_edit":{"mid":"m1","text":"new","num_edit":2})");
    EXPECT_EQ(edit.kind, record_kind::edit);
    EXPECT_EQ(edit.event_id, "edit:m1:2:1790000000123");
    const auto echo = received(R"({"id":"900","messaging":[{"sender":{"id":"900"},"recipient":{"id":"77"},)"
                               R"("message":{"mid":"e","text":"hi","is_echo":true,"metadata":"key-1"}}]})")
                          .at(0);
    EXPECT_EQ(echo.kind, record_kind::echo);
    EXPECT_TRUE(echo.identities.empty());
    EXPECT_EQ(echo.conversation, "77>900");
    EXPECT_EQ(received_event(R"("optin":{"ref":"x"})").kind, record_kind::control);
    EXPECT_NE(to_json(received_event(R"("reaction":{"mid":"m","reaction":"love","action":"unreact"})"))
                  .find(R"("emoji":"love","removed":true)"),
              std::string::npos);
}

TEST(Messenger, LocationsAndAdvertsAreKept) {
    const auto made =
        to_json(received_event(R"("message":{"mid":"m","attachments":[{"type":"location","payload":{"coordinates":)"
                               R"({"lat":1.5,"long":2.5}}}],"referral":{"ref":"spring","source":"ADS"}})"));
    EXPECT_NE(made.find(R"("location":{"lat":1.5,"lon":2.5})"), std::string::npos) << made;
    EXPECT_NE(made.find(R"("referral":"spring","referral_source":"ADS")"), std::string::npos) << made;
}

TEST(Messenger, ASharedLinkHasItsAddressBesideAnEmptyPayload) {
    const auto made = received_event(
        R"("message":{"mid":"m","attachments":[{"type":"fallback","title":"Lamp","url":"https://shop.example/7","payload":null}]})");
    ASSERT_EQ(made.attachments.size(), 1U);
    EXPECT_EQ(made.attachments[0].name, "Lamp");
    EXPECT_EQ(made.attachments[0].url, "https://shop.example/7");
}

channel::outgoing answer_to(std::string text) {
    channel::outgoing message;
    message.idempotency_key = "key-1";
    message.text = std::move(text);
    message.from = "77";
    return message;
}

TEST(Messenger, AnAnswerCarriesOurKeySoThatItsEchoIsKnown) {
    const auto call = page()->deliver(answer_to("hi"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/v25.0/900/messages");
    EXPECT_EQ(call->headers[0], channel::header("Authorization", "Bearer EAAG"));
    EXPECT_EQ(call->body, R"({"recipient":{"id":"77"},"messaging_type":"RESPONSE",)"
                          R"("message":{"text":"hi","metadata":"key-1"}})");
}

TEST(Messenger, OnlyWhatPeopleWriteIsTaggedSo) {
    const auto tagging = page({{"human_agent", "true"}});
    EXPECT_NE(tagging->deliver(answer_to("hi"))->body.find(R"("messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT")"),
              std::string::npos);
    auto automatic = answer_to("hi");
    automatic.automatic = true;
    EXPECT_NE(tagging->deliver(automatic)->body.find(R"("messaging_type":"RESPONSE")"), std::string::npos);
}

TEST(Messenger, PeopleMayWriteForADayAndWithTheTagForSeven) {
    EXPECT_EQ(page()->can().free_text_for, std::chrono::hours{24});
    EXPECT_EQ(page({{"human_agent", "true"}})->can().free_text_for, std::chrono::hours{7 * 24});
}

TEST(Messenger, WhatCannotBeSentIsRefusedBeforeItIsTried) {
    EXPECT_TRUE(page()->deliver(answer_to(std::string(2000, 'x'))));
    for (const auto& said : {std::string(2001, 'x'), std::string{}, std::string("\xFF")})
        EXPECT_FALSE(page()->deliver(answer_to(said)));
    auto nobody = answer_to("hi");
    nobody.from.clear();
    EXPECT_FALSE(page()->deliver(nobody));
    EXPECT_FALSE(connector_with(connectors::messenger::make, {})->deliver(answer_to("hi")));
}

TEST(Messenger, TheProvidersAnswerSaysWhetherToTryAgain) {
    const auto judged = [](unsigned status, const std::string& body) { return page()->judge({status, {}, body}); };
    EXPECT_EQ(judged(200, R"({"recipient_id":"77","message_id":"m9"})").provider_message_id, "m9");
    EXPECT_EQ(judged(400, R"({"error":{"code":613,"message":"limit"}})").outcome, delivery::state::retry);
    EXPECT_EQ(judged(400, R"({"error":{"code":10,"error_subcode":2018278,"message":"outside"}})").reason,
              "Messenger error 10/2018278: outside");
    EXPECT_EQ(judged(400, R"({"error":{"code":551,"message":"gone"}})").outcome, delivery::state::failed);
    EXPECT_EQ(judged(503, "<html>").outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
