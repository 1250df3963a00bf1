// What the connector asks for where a delivery does not say it: certificates, visits, mails in buckets.
#include "connectors/ses-sns/connector.hpp"
#include "connectors/ses-sns/envelope.hpp"
#include "connectors/ses-sns/mail_bucket.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/public_key.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using settings = std::vector<std::pair<std::string, std::string>>;
using channel::inquiry_answers;
using channel::reception;

const std::string fixtures = KINDRED_SOURCE_DIR "/tests/connectors/fixtures/ses-sns/";
const std::string topic = "arn:aws:sns:eu-west-1:111111111111:inbox";
const std::string certificate_url = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem";
const std::string certificate_key = "certificate:" + certificate_url;
const std::string mail_key = "mail:inbox-1/in/7";
const time_point now = parse_time("2027-03-01T12:00:00Z").value();

using members = std::vector<std::pair<std::string, std::string>>;

/// A message as SNS posts it, signed with the key of the fixtures.
recorded_request posted(const std::string& type, const members& more,
                        const std::string& signing_url = certificate_url) {
    members all{{"Type", type}, {"MessageId", "m-1"}, {"TopicArn", topic}, {"Timestamp", "2027-03-01T12:00:00.000Z"}};
    all.insert(all.end(), more.begin(), more.end());
    json::writer out;
    out.begin_object();
    for (const auto& [name, value] : all) out.member(name, value);
    out.member("SignatureVersion", "2").member("SigningCertURL", signing_url);
    auto unsigned_text = out.take();
    const auto parsed = json::document::parse(unsigned_text + "}");
    const auto text = connectors::ses_sns::signed_text(parsed->root());
    const auto key = private_key::from_pem(read_file(fixtures + "signer.key"));
    recorded_request made;
    made.body = unsigned_text + R"(,"Signature":")" + to_base64(key->sign(*text)) + "\"}";
    made.headers = {{"Content-Type", "text/plain; charset=UTF-8"},
                    {"x-amz-sns-message-type", type},
                    {"x-amz-sns-message-id", "m-1"}};
    return made;
}

recorded_request confirmation() {
    return posted("SubscriptionConfirmation",
                  {{"Message", "You have chosen to subscribe"},
                   {"Token", "t"},
                   {"SubscribeURL", "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"}});
}

recorded_request mail_in_bucket(const std::string& bucket = "inbox-1", const std::string& key = "in/7") {
    return posted(
        "Notification",
        {{"Message", R"({"notificationType":"Received","mail":{"messageId":"s1","source":"ann@x.example",)"
                     R"("headers":[{"name":"From","value":"Ann <ann@x.example>"},{"name":"Subject","value":"Lamp"}]},)"
                     R"("receipt":{"recipients":["help@y.example"],"dmarcVerdict":{"status":"PASS"},"action":)"
                     R"({"type":"S3","bucketName":")" +
                         bucket + R"(","objectKey":")" + key + R"("}}})"}});
}

settings with_bucket(settings more = {}) {
    settings made{{"allowed_topic_arn", topic},
                  {"aws_access_key_id", "AKIDEXAMPLE"},
                  {"aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}};
    made.insert(made.end(), more.begin(), more.end());
    return made;
}

reception received(const settings& given, const recorded_request& request, const inquiry_answers& answers,
                   time_point at = now) {
    auto view = request.view();
    view.answers = &answers;
    return connector_with(connectors::ses_sns::make, given)->receive(view, at);
}

inquiry_answers downloaded() { return {{certificate_key, {200, read_file(fixtures + "signer.pem")}}}; }

inquiry_answers downloaded(const std::string& key, channel::inquiry_answer answer) {
    auto made = downloaded();
    made[key] = std::move(answer);
    return made;
}

TEST(SesSnsCertificate, IsAskedForAndThenBelieved) {
    const auto request = mail_in_bucket();
    const auto first = received({{"allowed_topic_arn", topic}}, request, {});
    ASSERT_EQ(first.asks.size(), 1U);
    EXPECT_EQ(first.asks[0].url, certificate_url);
    EXPECT_EQ(first.asks[0].key, certificate_key);
    EXPECT_GT(first.asks[0].good_for.count(), 0);
    EXPECT_FALSE(first.asks_may_wait) << "nothing is proven yet";
    EXPECT_TRUE(first.records.empty());
    const auto then = received({{"allowed_topic_arn", topic}}, request, downloaded());
    EXPECT_EQ(then.refused, "");
    EXPECT_TRUE(then.asks.empty());
    ASSERT_EQ(then.records.size(), 1U);
}

TEST(SesSnsCertificate, ComesFromTheHostThatTheSettingsName) {
    const auto asked =
        received({{"allowed_topic_arn", topic}, {"sns_base", "http://127.0.0.1:9/aws/"}}, confirmation(), {});
    ASSERT_EQ(asked.asks.size(), 1U);
    EXPECT_EQ(asked.asks[0].url, "http://127.0.0.1:9/aws/SimpleNotificationService-1.pem");
}

TEST(SesSnsCertificate, IsNeverAskedForElsewhereOrForNothing) {
    for (const char* address :
         {"https://evil.example/SimpleNotificationService-1.pem", "https://sns.eu-west-1.amazonaws.com/x",
          "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"}) {
        const auto refused =
            received({{"allowed_topic_arn", topic}}, posted("Notification", {{"Message", "{}"}}, address), {});
        EXPECT_EQ(refused.refused, "wrong_signature") << address;
        EXPECT_TRUE(refused.asks.empty());
    }
    const auto foreign = received({{"allowed_topic_arn", "arn:aws:sns:eu-west-1:1:other"}}, confirmation(), {});
    EXPECT_EQ(foreign.refused, "wrong_account");
    EXPECT_TRUE(foreign.asks.empty());
}

TEST(SesSnsCertificate, ThatIsNotSoundProvesNothing) {
    const settings ours{{"allowed_topic_arn", topic}};
    const auto request = confirmation();
    const auto with = [&](channel::inquiry_answer answer, time_point at = now) {
        return received(ours, request, {{certificate_key, std::move(answer)}}, at);
    };
    const auto good = read_file(fixtures + "signer.pem");
    EXPECT_EQ(with({0, "no such host"}).refused, "unanswered");
    EXPECT_EQ(with({0, "no such host"}).reply.status, 503U) << "SNS comes again";
    EXPECT_EQ(with({404, good}).refused, "unanswered");
    EXPECT_EQ(with({200, "<html>"}).refused, "wrong_certificate");
    EXPECT_EQ(with({200, good}, parse_time("2037-03-01T12:00:00Z").value()).refused, "wrong_certificate");
    auto tampered = request;
    tampered.body.replace(tampered.body.find("You have"), 8, "You hate");
    EXPECT_EQ(received(ours, tampered, downloaded()).refused, "wrong_signature");
}

TEST(SesSnsCertificate, NamesOfSnsAlone) {
    using connectors::ses_sns::is_sns_name;
    for (const char* name : {"sns.amazonaws.com", "sns-us-gov-west-1.amazonaws.com",
                             "sns-signing.eu-south-1.amazonaws.com", "sns-cn-north-1.amazonaws.com.cn"})
        EXPECT_TRUE(is_sns_name(name)) << name;
    for (const char* name :
         {"", "amazonaws.com", "snsx.amazonaws.com", "sns.amazonaws.com.evil.example", "s3.amazonaws.com"})
        EXPECT_FALSE(is_sns_name(name)) << name;
}

TEST(SesSnsSubscription, IsConfirmedByAVisitThatMayWait) {
    const settings ours{{"allowed_topic_arn", topic}};
    const auto proven = received(ours, confirmation(), downloaded());
    EXPECT_EQ(proven.refused, "");
    EXPECT_EQ(proven.reply.status, 200U);
    ASSERT_EQ(proven.asks.size(), 1U);
    EXPECT_TRUE(proven.asks_may_wait);
    EXPECT_EQ(proven.asks[0].method, "GET");
    EXPECT_EQ(proven.asks[0].url, "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t");
    const auto visited = received(ours, confirmation(), downloaded("confirm:m-1", {200, "<ok/>"}));
    EXPECT_TRUE(visited.asks.empty());
    ASSERT_EQ(visited.records.size(), 1U);
    EXPECT_NE(to_json(visited.records[0]).find(R"("confirmed":true)"), std::string::npos);
    EXPECT_EQ(received(ours, confirmation(), downloaded("confirm:m-1", {403, ""})).refused, "unanswered");
}

TEST(SesSnsSubscription, IsLeftToTheAdminWhereTheSettingsSaySo) {
    const auto shown =
        received({{"allowed_topic_arn", topic}, {"confirm_subscriptions", "no"}}, confirmation(), downloaded());
    EXPECT_TRUE(shown.asks.empty());
    ASSERT_EQ(shown.records.size(), 1U);
}

TEST(SesSnsSubscription, ItsEndIsNotVisited) {
    auto end =
        posted("UnsubscribeConfirmation",
               {{"Message", "gone"}, {"Token", "t"}, {"SubscribeURL", "https://sns.eu-west-1.amazonaws.com/?again"}});
    EXPECT_TRUE(received({{"allowed_topic_arn", topic}}, end, downloaded()).asks.empty());
}

TEST(SesSnsBucket, TheMailIsAskedForAndReadAsWhatItIs) {
    const auto asked = received(with_bucket(), mail_in_bucket(), downloaded());
    ASSERT_EQ(asked.asks.size(), 1U);
    EXPECT_TRUE(asked.asks_may_wait);
    EXPECT_EQ(asked.asks[0].key, mail_key);
    EXPECT_EQ(asked.asks[0].url, "https://inbox-1.s3.eu-west-1.amazonaws.com/in/7");
    EXPECT_EQ(asked.asks[0].good_for.count(), 0) << "mails are not kept in memory";
    const auto mail =
        "From: Ann <ann@x.example>\r\nTo: help@y.example\r\nMessage-ID: <1@x.example>\r\nSubject: Lamp\r\n\r\nIt is "
        "dark.\r\n";
    const auto taken = received(with_bucket(), mail_in_bucket(), downloaded(mail_key, {200, mail}));
    ASSERT_EQ(taken.records.size(), 1U);
    EXPECT_EQ(taken.records[0].text, "It is dark.");
    EXPECT_EQ(taken.records[0].event_id, "m-1");
    const std::vector<identity> sender{{"email:ann@x.example", proof::proven}};
    EXPECT_EQ(taken.records[0].identities, sender);
    EXPECT_EQ(to_json(taken.records[0]).find("\"fetch\""), std::string::npos);
}

TEST(SesSnsBucket, WithoutItsMailNothingIsTakenIn) {
    for (const unsigned status : {0U, 301U, 403U, 404U, 500U}) {
        const auto refused = received(with_bucket(), mail_in_bucket(), downloaded(mail_key, {status, "no"}));
        EXPECT_EQ(refused.refused, "unanswered") << status;
        EXPECT_EQ(refused.reply.status, 503U);
        EXPECT_TRUE(refused.records.empty());
    }
}

channel::inquiry_answer sealed_object(const std::string& wrapped_by = "kms") {
    return {200,
            "not a mail",
            {{"x-amz-meta-x-amz-key-v2", "d3JhcHBlZA=="},
             {"x-amz-meta-x-amz-iv", to_base64("twelve bytes")},
             {"x-amz-meta-x-amz-cek-alg", "AES/GCM/NoPadding"},
             {"x-amz-meta-x-amz-wrap-alg", wrapped_by}}};
}

TEST(SesSnsBucket, AMailThatIsEncryptedIsNeverTakenForOne) {
    const auto asks = received(with_bucket(), mail_in_bucket(), downloaded(mail_key, sealed_object()));
    ASSERT_EQ(asks.asks.size(), 1U) << asks.refused;
    EXPECT_EQ(asks.asks[0].url, "https://kms.eu-west-1.amazonaws.com/");
    EXPECT_TRUE(asks.asks_may_wait);
    const auto with_answer = [&](channel::inquiry_answer of_kms) {
        auto answers = downloaded(mail_key, sealed_object());
        answers["unwrap:inbox-1/in/7"] = std::move(of_kms);
        return received(with_bucket(), mail_in_bucket(), answers);
    };
    const auto damaged = with_answer({200, R"({"Plaintext":"MDEyMzQ1Njc4OWFiY2RlZg=="})", {}});
    EXPECT_EQ(damaged.refused, "encrypted");
    EXPECT_TRUE(damaged.records.empty());
    const auto denied = with_answer({400, R"({"__type":"AccessDeniedException"})", {}});
    EXPECT_EQ(denied.refused, "encrypted");
    EXPECT_NE(denied.reply.body.find("in/7 in the bucket inbox-1"), std::string::npos) << denied.reply.body;
    EXPECT_NE(denied.reply.body.find("KMS says AccessDeniedException"), std::string::npos) << denied.reply.body;
    EXPECT_EQ(with_answer({503, "busy", {}}).refused, "unanswered");
    const auto foreign = received(with_bucket(), mail_in_bucket(), downloaded(mail_key, sealed_object("RSA")));
    EXPECT_EQ(foreign.refused, "encrypted");
    EXPECT_TRUE(foreign.asks.empty());
}

TEST(SesSnsBucket, WithoutCredentialsItsHeadersMakeTheMessage) {
    const auto taken = received({{"allowed_topic_arn", topic}}, mail_in_bucket(), downloaded());
    EXPECT_TRUE(taken.asks.empty());
    ASSERT_EQ(taken.records.size(), 1U);
    EXPECT_EQ(taken.records[0].subject, "Lamp");
    EXPECT_NE(to_json(taken.records[0]).find("\"fetch\""), std::string::npos);
}

TEST(SesSnsBucket, TheAddressIsBuiltOfWhatIsAllowedInOne) {
    using connectors::ses_sns::bucket_access;
    using connectors::ses_sns::mail_inquiry;
    const bucket_access amazon{{"id", "secret", ""}, "", ""};
    const auto url = [](const bucket_access& with, const std::string& bucket, const std::string& key,
                        const std::string& arn = topic) {
        const auto made = mail_inquiry(with, {bucket, key}, arn, now);
        return made ? made->url : "error: " + made.error().message;
    };
    EXPECT_EQ(url(amazon, "inbox", "a b/ü+&"), "https://inbox.s3.eu-west-1.amazonaws.com/a%20b/%C3%BC%2B%26");
    EXPECT_EQ(url(amazon, "In.Box", "k"), "https://s3.eu-west-1.amazonaws.com/In.Box/k");
    EXPECT_EQ(url(amazon, "inbox", "k", "arn:aws-cn:sns:cn-north-1:1:t"),
              "https://inbox.s3.cn-north-1.amazonaws.com.cn/k");
    EXPECT_EQ(url({amazon.who, "us-east-2", ""}, "inbox", "k"), "https://inbox.s3.us-east-2.amazonaws.com/k");
    EXPECT_EQ(url({amazon.who, "", "http://127.0.0.1:9000/s3"}, "inbox", "k/2"), "http://127.0.0.1:9000/s3/inbox/k/2");
    for (const auto& [bucket, key] : members{{"", "k"},
                                             {"a", "k"},
                                             {"in/box", "k"},
                                             {"in@evil", "k"},
                                             {"a..b", "k"},
                                             {"inbox", ""},
                                             {"inbox", "a/../b"},
                                             {"inbox", "."}})
        EXPECT_EQ(url(amazon, bucket, key).substr(0, 6), "error:") << bucket << ' ' << key;
    for (const auto* arn : {"", "arn:aws:sns", "arn:aws:sns:evil.example/:1:t"})
        EXPECT_EQ(url(amazon, "inbox", "k", arn).substr(0, 6), "error:") << arn;
}

TEST(SesSnsBucket, ALaterLookIsSignedForThen) {
    auto request = mail_in_bucket();
    const auto answers = downloaded();
    auto view = request.view();
    view.answers = &answers;
    view.looked_at = now + std::chrono::days{2};
    const auto asked = connector_with(connectors::ses_sns::make, with_bucket())->receive(view, now);
    ASSERT_EQ(asked.asks.size(), 1U);
    bool signed_for_then = false;
    for (const auto& [name, value] : asked.asks[0].headers)
        signed_for_then = signed_for_then || (name == "x-amz-date" && value == "20270303T120000Z");
    EXPECT_TRUE(signed_for_then);
}

TEST(SesSnsBucket, HalfOfTheCredentialsAreAMistake) {
    channel::options given("mail", {{"aws_access_key_id", {"AKID"}}}, "");
    (void)connectors::ses_sns::make(given);
    ASSERT_EQ(given.problems().size(), 1U);
    EXPECT_EQ(given.problems()[0].name, "aws_secret_access_key");
}

}  // namespace
}  // namespace kindred::testing
