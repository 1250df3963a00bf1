#include "connectors/sendgrid/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;
using settings = std::vector<std::pair<std::string, std::string>>;

const time_point now = from_millis(1'790'000'000'000);
/// The key, signature and body that SendGrid's own library is tested with (sendgrid-python, test_eventwebhook.py).
const std::string public_key =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/"
    "7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6"
    "wEA3F+g==";
const std::string signature =
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=";
const std::string events =
    R"([{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}])"
    "\r\n";

recorded_request signed_events() {
    recorded_request made;
    made.set_url("https://support.example.com/webhooks/case/events");
    made.headers = {{"Content-Type", "application/json; charset=utf-8"},
                    {"X-Twilio-Email-Event-Webhook-Signature", signature},
                    {"X-Twilio-Email-Event-Webhook-Timestamp", "1600112502"}};
    made.body = events;
    return made;
}

std::string part(const std::string& name, const std::string& value) {
    return "--zz\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

const std::string headers = "From: Olga <olga@example.org>\nMessage-ID: <m1@example.org>\nSubject: Hi\n there\n";

recorded_request inbound(const std::string& parts) {
    recorded_request made;
    made.set_url("https://support.example.com/webhooks/case/inbound");
    made.headers = {{"Content-Type", "multipart/form-data; boundary=zz"}};
    made.body = parts + "--zz--\r\n";
    return made;
}

std::unique_ptr<channel::connector> inbox(const settings& more = {}) {
    return connector_with(connectors::sendgrid::make, more);
}

channel::record received(const recorded_request& request, const settings& more = {}) {
    auto made = inbox(more)->receive(request.view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(SendGrid, WrongEventsAreRefusedWithTheirReason) {
    const std::string header = "X-Twilio-Email-Event-Webhook-Signature";
    const std::string stamp = "X-Twilio-Email-Event-Webhook-Timestamp";
    expect_refused(
        *inbox({{"public_key_der_base64", public_key}}), signed_events(), now,
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [&](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"the line end cut off", [](auto& r) { r.body.resize(r.body.size() - 2); }, 403, "wrong_signature",
             wrong::truncated},
            {"another time than was signed", [&](auto& r) { set_header(r, stamp, "1600112503"); }, 403,
             "wrong_signature"},
            {"a signature that is no base64", [&](auto& r) { set_header(r, header, "%%"); }, 403, "wrong_signature"},
            {"a signature that is no ECDSA", [&](auto& r) { set_header(r, header, to_base64("signed")); }, 403,
             "wrong_signature", wrong::algorithm},
            {"no signature", [&](auto& r) { remove_header(r, header); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, header, ""); }, 401, "missing_signature", wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, header); }, 401, "missing_signature",
             wrong::doubled},
            {"no time", [&](auto& r) { remove_header(r, stamp); }, 401, "missing_signature"},
            {"a form by its content type", [](auto& r) { set_header(r, "Content-Type", "text/html"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"an empty body", [](auto& r) { r.body.clear(); }, 403, "wrong_signature"},
            {"the bare address", [](auto& r) { r.subpath.clear(); }, 404, "unknown_path"},
            oversized(channel_kind::email),
        },
        {{wrong::stale_time,
          "SendGrid tries for three days with the first time: repetitions are known by their event id"},
         {wrong::account, "a key belongs to one account"},
         {wrong::utf8, "nobody but SendGrid can sign such a body: the payload tests and the fuzzer read it"},
         {wrong::shape, "nobody but SendGrid can sign another body: the payload tests and the fuzzer read it"}});
    EXPECT_EQ(inbox()->receive(signed_events().view(), now).refused, "not_configured");
}

TEST(SendGrid, WrongMailsAreRefusedWithTheirReason) {
    const auto basic = "Basic " + to_base64("u:p");
    auto good = inbound(part("headers", headers) + part("text", "hello"));
    good.headers.emplace_back("Authorization", basic);
    expect_refused(
        *inbox({{"basic_auth", "u:p"}}), good, now,
        {
            {"no credentials", [](auto& r) { remove_header(r, "Authorization"); }, 401, "missing_signature",
             wrong::missing},
            {"wrong credentials", [](auto& r) { set_header(r, "Authorization", "Basic " + to_base64("u:q")); }, 401,
             "wrong_signature"},
            {"JSON", [](auto& r) { set_header(r, "Content-Type", "application/json"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"no content type", [](auto& r) { remove_header(r, "Content-Type"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"no boundary", [](auto& r) { set_header(r, "Content-Type", "multipart/form-data"); }, 400, "malformed"},
            {"another boundary", [](auto& r) { set_header(r, "Content-Type", "multipart/form-data; boundary=yy"); },
             400, "malformed"},
            {"cut off", [](auto& r) { r.body.resize(60); }, 400, "malformed", wrong::truncated},
            {"empty", [](auto& r) { r.body.clear(); }, 400, "malformed"},
            {"a form about nothing", [](auto& r) { r.body = inbound(part("a", "b")).body; }, 400, "malformed",
             wrong::shape},
            {"a flipped bit in the credentials", [](auto& r) { r.headers[1].second[7] ^= 1; }, 401, "wrong_signature",
             wrong::flipped_bit},
            {"empty credentials", [](auto& r) { set_header(r, "Authorization", ""); }, 401, "missing_signature",
             wrong::empty},
            {"credentials twice", [](auto& r) { double_header(r, "Authorization"); }, 401, "missing_signature",
             wrong::doubled},
            {"another scheme", [](auto& r) { set_header(r, "Authorization", "Bearer " + to_base64("u:p")); }, 401,
             "missing_signature", wrong::algorithm},
            oversized(channel_kind::email),
        },
        {{wrong::stale_time, "credentials carry no time"},
         {wrong::account, "credentials belong to one account"},
         {wrong::utf8, "a mail is in whatever charset it says, and bytes that are none become marks"}});
}

TEST(SendGrid, AConfiguredInboundKeyIsInsistedOn) {
    const auto made =
        inbox({{"inbound_public_key_der_base64", public_key}})->receive(inbound(part("headers", headers)).view(), now);
    EXPECT_EQ(made.refused, "missing_signature");
}

TEST(SendGrid, EachFieldIsReadInItsOwnCharset) {
    const auto made = received(inbound(part("headers", headers) +
                                       part("text",
                                            "Gr\xFC\xDF"
                                            "e") +
                                       part("charsets", R"({"text":"iso-8859-1"})")));
    EXPECT_EQ(made.text, "Grüße");
    EXPECT_EQ(made.subject, "Hi there");
    EXPECT_EQ(made.identities.at(0).proven, proof::claimed);
}

TEST(SendGrid, ATextFieldCannotBeAHeader) {
    const auto made = received(inbound(part("from", "a@example.org\r\nSubject: forged\r\n\r\nbody") +
                                       part("subject", "real") + part("text", "t")));
    EXPECT_EQ(made.subject, "real");
    EXPECT_EQ(made.text, "t");
}

TEST(SendGrid, AnEventRefersToWhatSendingToldUs) {
    const auto made = received(signed_events(), {{"public_key_der_base64", public_key}});
    EXPECT_EQ(made.kind, record_kind::status);
    ASSERT_EQ(made.references.size(), 2U);
    EXPECT_EQ(made.references[0], "LRzXl_NHStOGhQ4kofSm_A");
    EXPECT_EQ(made.event_id, "event:ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA");
}

channel::outgoing answer_to(std::string address) {
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.ticket = "4711";
    message.text = "Here it is.";
    message.from = std::move(address);
    message.to = "help@in.example.net";
    message.subject = "Invoice";
    message.provider_message_id = "<m2@example.org>";
    return message;
}

const settings account{{"api_key", "SG.k"}, {"api_base", "http://127.0.0.1:9"}, {"from_name", "Desk"}};

TEST(SendGrid, AnAnswerStaysInTheThread) {
    const auto call = inbox(account)->deliver(answer_to("olga@example.org"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/v3/mail/send");
    EXPECT_EQ(call->headers[0], channel::header("Authorization", "Bearer SG.k"));
    const auto body = json::document::parse(call->body);
    ASSERT_TRUE(body) << call->body;
    EXPECT_EQ((*body)["personalizations"].at(0)["to"].at(0)["email"].text(), "olga@example.org");
    EXPECT_EQ((*body)["from"]["name"].text(), "Desk");
    EXPECT_EQ((*body)["content"].at(0)["value"].text(), "Here it is.");
    EXPECT_EQ((*body)["headers"]["In-Reply-To"].text(), "<m2@example.org>");
    EXPECT_EQ((*body)["tracking_settings"]["open_tracking"]["enable"].boolean(), false);
    EXPECT_FALSE(inbox(account)->deliver(answer_to("nobody")));
    EXPECT_FALSE(inbox()->deliver(answer_to("olga@example.org")));
}

TEST(SendGrid, TheProvidersAnswerIsRead) {
    EXPECT_EQ(inbox()->judge({202, {{"X-Message-Id", "abc"}}, ""}).provider_message_id, "abc");
    EXPECT_EQ(inbox()->judge({400, {}, R"({"errors":[{"message":"bad from"}]})"}).reason, "SendGrid: bad from");
    EXPECT_EQ(inbox()->judge({429, {}, ""}).outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
