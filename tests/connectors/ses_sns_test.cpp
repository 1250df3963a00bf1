#include "connectors/ses-sns/connector.hpp"
#include "connectors/ses-sns/envelope.hpp"
#include "connectors/ses-sns/payload.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;
using settings = std::vector<std::pair<std::string, std::string>>;

const std::string samples = KINDRED_SOURCE_DIR "/../shared/samples/ses-sns/";
const std::string topic = "arn:aws:sns:us-east-1:111111111111:SES_Inbound";
const time_point now = from_millis(1'790'000'000'000);

/// SNS signs with AWS's key: only recorded messages can be genuine.
class SesSns : public ::testing::Test {
protected:
    void SetUp() override {
        if (!file_exists(samples)) GTEST_SKIP() << "no recorded messages at " << samples;
    }

    static settings usual() {
        return {{"allowed_topic_arn", topic}, {"certificate_file", samples + "SimpleNotificationService-test.pem"}};
    }

    static recorded_request recorded(const std::string& file) {
        recorded_request made;
        made.body = read_file(samples + file);
        const auto parsed = json::document::parse(made.body);
        made.headers = {{"Content-Type", "text/plain; charset=UTF-8"},
                        {"x-amz-sns-message-type", std::string((*parsed)["Type"].text())},
                        {"x-amz-sns-message-id", std::string((*parsed)["MessageId"].text())}};
        return made;
    }
};

void replace(std::string& text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), with);
}

TEST_F(SesSns, WrongRequestsAreRefusedWithTheirReason) {
    expect_refused(
        *connector_with(connectors::ses_sns::make, usual()), recorded("bounce.json"), now,
        {
            {"another recipient", [](auto& r) { replace(r.body, "jane@example.com", "jade@example.com"); }, 403,
             "wrong_signature"},
            {"another topic than was signed", [](auto& r) { replace(r.body, "SES_Inbound\",\n", "SES_Outbound\",\n"); },
             403, "wrong_signature"},
            {"another signature version",
             [](auto& r) { replace(r.body, "\"SignatureVersion\": \"1\"", "\"SignatureVersion\": \"2\""); }, 403,
             "wrong_signature", wrong::algorithm},
            {"no signature version", [](auto& r) { replace(r.body, "\"SignatureVersion\"", "\"Other\""); }, 403,
             "wrong_signature"},
            {"a signature that is no base64",
             [](auto& r) { replace(r.body, "\"Signature\": \"", "\"Signature\": \"%"); }, 403, "wrong_signature"},
            {"no signature", [](auto& r) { replace(r.body, "\"Signature\"", "\"Other\""); }, 401, "missing_signature",
             wrong::missing},
            {"a certificate on another host",
             [](auto& r) { replace(r.body, "amazonaws.com/Simple", "amazonaws.com.evil.example/Simple"); }, 403,
             "wrong_signature"},
            {"a certificate over plain HTTP",
             [](auto& r) { replace(r.body, "\"SigningCertURL\": \"https", "\"SigningCertURL\": \"http"); }, 403,
             "wrong_signature"},
            {"no type", [](auto& r) { replace(r.body, "\"Type\"", "\"Other\""); }, 400, "malformed", wrong::shape},
            {"another type in the header", [](auto& r) { set_header(r, "x-amz-sns-message-type", "Other"); }, 400,
             "malformed"},
            {"no id in the header", [](auto& r) { remove_header(r, "x-amz-sns-message-id"); }, 400, "malformed"},
            {"a form by its content type",
             [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"truncated", [](auto& r) { r.body.resize(200); }, 400, "malformed", wrong::truncated},
            {"empty", [](auto& r) { r.body.clear(); }, 400, "malformed"},
            {"invalid UTF-8", [](auto& r) { r.body[20] = '\xC3'; }, 400, "malformed", wrong::utf8},
            {"an address below ours", [](auto& r) { r.subpath = "/menu"; }, 404, "unknown_path"},
            {"a flipped bit in the message", [](auto& r) { replace(r.body, "jane@example.com", "jafe@example.com"); },
             403, "wrong_signature", wrong::flipped_bit},
            {"the signature twice",
             [](auto& r) { replace(r.body, "\"Signature\"", "\"Signature\": \"\", \"Signature\""); }, 400, "malformed",
             wrong::doubled},
            {"an empty signature",
             [](auto& r) { replace(r.body, "\"Signature\": \"", "\"Signature\": \"\", \"Other\": \""); }, 401,
             "missing_signature", wrong::empty},
            {"another's topic", [](auto& r) { r = recorded("notification-foreign-topic.json"); }, 403, "wrong_account",
             wrong::account},
            oversized(channel_kind::email),
        },
        {{wrong::stale_time,
          "SNS tries for up to 23 days under the first time: repetitions are known by their message id"}});
}

TEST_F(SesSns, AGenuineMessageOfAnothersTopicIsRefused) {
    const auto inbox = connector_with(connectors::ses_sns::make, usual());
    EXPECT_EQ(inbox->receive(recorded("notification-foreign-topic.json").view(), now).refused, "wrong_account");
}

TEST_F(SesSns, WithoutATopicNothingIsAccepted) {
    const auto inbox = connector_with(connectors::ses_sns::make, {usual()[1]});
    EXPECT_EQ(inbox->receive(recorded("bounce.json").view(), now).refused, "not_configured");
}

TEST_F(SesSns, ASubscriptionIsShownAndItsEndIsNeverUndone) {
    const auto inbox = connector_with(connectors::ses_sns::make, usual());
    const auto begins = inbox->receive(recorded("subscription-confirmation.json").view(), now);
    ASSERT_EQ(begins.records.size(), 1U);
    EXPECT_NE(to_json(begins.records[0]).find(R"("subscribe_url":"https://sns.)"), std::string::npos);
    const auto ends = inbox->receive(recorded("unsubscribe-confirmation.json").view(), now);
    ASSERT_EQ(ends.records.size(), 1U);
    EXPECT_EQ(to_json(ends.records[0]).find("subscribe_url"), std::string::npos);
}

TEST(SesSnsAddress, OnlyAwsItselfIsBelieved) {
    using connectors::ses_sns::is_sns_address;
    EXPECT_TRUE(is_sns_address("https://sns.us-east-1.amazonaws.com/x.pem"));
    EXPECT_TRUE(is_sns_address("https://sns.cn-north-1.amazonaws.com.cn/x.pem"));
    for (const char* other :
         {"", "http://sns.us-east-1.amazonaws.com/x.pem", "https://sns.us-east-1.amazonaws.com.evil.example/x.pem",
          "https://evil.example/sns.us-east-1.amazonaws.com/x.pem", "https://sns.us-east-1.amazonaws.com:444/x.pem",
          "https://sns.us-east-1.amazonaws.com@evil.example/x.pem", "https://sns.a.b.amazonaws.com/x.pem",
          "https://sns..amazonaws.com/x.pem", "https://sns.us-east-1.amazonaws.com"})
        EXPECT_FALSE(is_sns_address(other)) << other;
}

std::vector<channel::record> parsed_event(const std::string& message) {
    json::writer envelope;
    envelope.begin_object().member("Type", "Notification").member("MessageId", "m1").member("Message", message);
    const auto text = envelope.end_object().take();
    const auto document = json::document::parse(text);
    auto made = connectors::ses_sns::parse(document->root(), {});
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? std::move(*made) : std::vector<channel::record>{};
}

TEST(SesSnsPayload, EachRecipientOfAnEventIsARecord) {
    const auto made = parsed_event(
        R"({"eventType":"Complaint","mail":{"messageId":"ses1"},"complaint":{"complainedRecipients":[{"emailAddress":"a@x.example"},{"emailAddress":"b@x.example"}]}})");
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[1].kind, record_kind::complaint);
    EXPECT_EQ(made[1].to, "b@x.example");
    EXPECT_NE(made[0].event_id, made[1].event_id);
    EXPECT_EQ(made[0].references.front(), "ses1");
}

TEST(SesSnsPayload, AMailInBase64IsReadAndDmarcProvesItsSender) {
    const auto made = parsed_event(
        R"({"notificationType":"Received","mail":{"messageId":"s","source":"a@x.example"},"receipt":{"recipients":["help@y.example"],)"
        R"("dmarcVerdict":{"status":"PASS"},"action":{"encoding":"BASE64"}},"content":"RnJvbTogYUB4LmV4YW1wbGUNClN1YmplY3Q6IGhpDQoNCmhlbGxv"})");
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].text, "hello");
    const std::vector<identity> wanted{{"email:a@x.example", proof::proven}};
    EXPECT_EQ(made[0].identities, wanted);
}

TEST(SesSnsReply, AnAnswerIsSubmittedAndItsIdRemembered) {
    const auto desk = connector_with(connectors::ses_sns::make, {{"smtp_url", "smtps://127.0.0.1:9"},
                                                                 {"smtp_user", "u"},
                                                                 {"smtp_password", "p"},
                                                                 {"address", "help@y.example"}});
    channel::outgoing answer;
    answer.idempotency_key = "k";
    answer.from = "a@x.example";
    answer.text = "Here it is.";
    answer.at = now;
    const auto call = desk->deliver(answer);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->via, channel::transport::smtp);
    EXPECT_EQ(call->envelope_from, "help@y.example");
    EXPECT_FALSE(connector_with(connectors::ses_sns::make, {})->deliver(answer));
    EXPECT_EQ(
        desk->judge({250, {}, "Ok 0100018f6c2d1a2b-11112222-3333-4444-5555-666677778888-000000"}).provider_message_id,
        "0100018f6c2d1a2b-11112222-3333-4444-5555-666677778888-000000");
    EXPECT_EQ(desk->judge({454, {}, "Throttling failure"}).outcome, delivery::state::retry);
    EXPECT_EQ(desk->judge({535, {}, "Authentication failed"}).outcome, delivery::state::retry);
    EXPECT_EQ(desk->judge({554, {}, "Message rejected"}).outcome, delivery::state::failed);
}

}  // namespace
}  // namespace kindred::testing
