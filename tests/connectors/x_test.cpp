#include "connectors/x/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;

const std::string secret = "consumer secret";
const std::string signature = "x-twitter-webhooks-signature";

std::string message(const std::string& sender, const std::string& text, const std::string& id = "9007199254740993") {
    return R"({"type":"message_create","id":")" + id +
           R"(","created_timestamp":"1767225600123","message_create":{"target":{"recipient_id":"43"},"sender_id":")" +
           sender + R"(","message_data":{"text":")" + text + R"("}}})";
}

std::string delivered(const std::string& messages) {
    return R"({"for_user_id":"43","direct_message_events":[)" + messages +
           R"(],"users":{"31":{"id":"31","name":"Jo","screen_name":"jo"}}})";
}

void with_body(recorded_request& request, const std::string& body, const std::string& with = secret) {
    request.body = body;
    set_header(request, signature, "sha256=" + to_base64(hmac_of(hash_kind::sha256, with, {body})));
}

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.headers = {{"Content-Type", "application/json"}};
    with_body(made, body);
    return made;
}

std::unique_ptr<channel::connector> inbox(std::vector<std::pair<std::string, std::string>> more = {}) {
    more.emplace_back("consumer_secret", secret);
    return connector_with(connectors::x::make, more);
}

TEST(X, WrongRequestsAreRefusedWithTheirReason) {
    expect_refused(
        *inbox(), posted(delivered(message("31", "hi"))), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers.back().second); }, 403,
             "wrong_signature", wrong::flipped_bit},
            {"no signature", [](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"hex where base64 is due", [](auto& r) { set_header(r, signature, sha256_header(secret, r.body)); }, 403,
             "wrong_signature", wrong::algorithm},
            {"no scheme", [](auto& r) { set_header(r, signature, r.headers.back().second.substr(7)); }, 403,
             "wrong_signature"},
            {"another app's secret", [](auto& r) { with_body(r, r.body, "other"); }, 403, "wrong_signature"},
            {"a text by its content type", [](auto& r) { set_header(r, "Content-Type", "text/plain"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"truncated and signed again", [](auto& r) { with_body(r, r.body.substr(0, 50)); }, 400, "malformed",
             wrong::truncated},
            {"empty and signed again", [](auto& r) { with_body(r, ""); }, 400, "malformed"},
            {"invalid UTF-8", [](auto& r) { with_body(r, delivered(message("31", "\xC3"))); }, 400, "malformed",
             wrong::utf8},
            {"messages that are no list",
             [](auto& r) { with_body(r, R"({"for_user_id":"43","direct_message_events":{}})"); }, 400, "malformed",
             wrong::shape},
            {"nobody's account", [](auto& r) { with_body(r, R"({"direct_message_events":[]})"); }, 400, "malformed"},
            {"a message without sender", [](auto& r) { with_body(r, delivered(message("", "hi"))); }, 400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/events"; }, 404, "unknown_path"},
            oversized(channel_kind::social),
        },
        {{wrong::stale_time, "X signs no time; what comes again is known by its event id"},
         {wrong::account, "a consumer secret belongs to one app, whose accounts are all heard"}});
}

TEST(X, WithoutSecretNothingIsAccepted) {
    const auto connector = connector_with(connectors::x::make, {});
    EXPECT_EQ(connector->receive(posted(delivered("")).view(), {}).refused, "not_configured");
}

TEST(X, OnlyWhatCanBeNoMessageIsSignedForAStranger) {
    recorded_request asked;
    asked.method = "GET";
    asked.set_url("https://support.example.com/webhooks/x?crc_token=abc-1");
    const auto answered = inbox()->receive(asked.view(), {});
    EXPECT_EQ(answered.reply.body,
              R"({"response_token":"sha256=)" + to_base64(hmac_of(hash_kind::sha256, secret, {"abc-1"})) + "\"}");
    EXPECT_EQ(answered.when, channel::answer_after::nothing);
    for (const std::string query : {"", "?crc_token=", "?crc_token=%7B%22for_user_id%22%3A1%7D"}) {
        asked.set_url("https://support.example.com/webhooks/x" + query);
        EXPECT_EQ(inbox()->receive(asked.view(), {}).refused, "malformed") << query;
    }
}

TEST(X, SeveralMessagesAreSeveralRecordsAndOurOwnAreEchoes) {
    const auto made = inbox()->receive(
        posted(delivered(message("31", "a &lt;b&gt; &amp;amp;") + "," + message("43", "we look", "2"))).view(), {});
    ASSERT_EQ(made.records.size(), 2U) << made.reply.body;
    EXPECT_EQ(made.records[0].kind, record_kind::message);
    EXPECT_EQ(made.records[0].text, "a <b> &amp;");
    EXPECT_EQ(made.records[0].provider_message_id, "9007199254740993");
    EXPECT_EQ(made.records[0].handle, "jo");
    EXPECT_EQ(made.records[1].kind, record_kind::echo);
}

TEST(X, OneEventThatMakesNoSenseDoesNotTakeTheOthersDown) {
    const auto made = inbox()->receive(posted(delivered(message("", "lost") + "," + message("31", "hi"))).view(), {});
    ASSERT_EQ(made.records.size(), 2U) << made.reply.body;
    EXPECT_EQ(made.records[0].ignored_because, "malformed");
    EXPECT_EQ(made.records[1].text, "hi");
}

TEST(X, TheNewerEnvelopeMayHoldAFlatMessage) {
    const auto flat = [](const std::string& sender) {
        const auto body =
            R"({"data":{"filter":{"user_id":"43"},"event_type":"dm.received","payload":{"id":"9007199254740993","text":"a &lt; b",)"
            R"("sender_id":")" +
            sender + R"(","dm_conversation_id":"31-43","created_at":"2026-01-01T00:00:00.000Z"}}})";
        const auto made = inbox()->receive(posted(body).view(), {});
        EXPECT_EQ(made.refused, "") << made.reply.body;
        return made.records.at(0);
    };
    const auto made = flat("31");
    EXPECT_EQ(made.kind, record_kind::message);
    EXPECT_EQ(made.event_id, "message:9007199254740993");
    EXPECT_EQ(made.text, "a < b");
    EXPECT_EQ(made.at, from_millis(1'767'225'600'000));
    EXPECT_EQ(flat("43").kind, record_kind::echo);
}

TEST(X, AnAnswerIsAMessageToTheUser) {
    const auto desk = inbox({{"access_token", "t"}, {"api_base", "http://127.0.0.1:9"}});
    channel::outgoing answer;
    answer.from = "31";
    answer.text = "Sorry!";
    const auto call = desk->deliver(answer);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/2/dm_conversations/with/31/messages");
    EXPECT_EQ(call->body, R"({"text":"Sorry!"})");
    EXPECT_FALSE(inbox()->deliver(answer));
    answer.text = std::string(10'001, 'x');
    EXPECT_FALSE(desk->deliver(answer));
    answer.text = "hi";
    answer.from = "31/../2";
    EXPECT_FALSE(desk->deliver(answer));
}

TEST(X, TheProvidersAnswerIsRead) {
    EXPECT_EQ(inbox()->judge({201, {}, R"({"data":{"dm_event_id":"77"}})"}).provider_message_id, "77");
    EXPECT_EQ(inbox()->judge({403, {}, R"({"detail":"You cannot send"})"}).reason, "X: You cannot send");
    const auto limited = inbox()->judge({429, {}, ""});
    EXPECT_EQ(limited.outcome, delivery::state::retry);
    EXPECT_EQ(limited.retry_after, std::chrono::minutes{15});
}

}  // namespace
}  // namespace kindred::testing
