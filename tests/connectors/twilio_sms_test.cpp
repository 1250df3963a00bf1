#include "connectors/twilio-sms/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/twilio_form.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;
using fields = std::map<std::string, std::string>;

const std::string token = "auth token";
const std::string account = "AC" + std::string(32, 'a');
const fields message{{"AccountSid", account}, {"Body", "hi"},    {"From", "+525512345678"},
                     {"MessageSid", "SM1"},   {"NumMedia", "0"}, {"To", "+18005551212"}};

fields with(fields changed) {
    changed.insert(message.begin(), message.end());
    return changed;
}

std::unique_ptr<channel::connector> texting(std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.end(), {{"auth_token", token}, {"account_sid", account}});
    return connector_with(connectors::twilio_sms::make, more);
}

channel::record received(const fields& form, const std::string& path = {}) {
    const auto made = texting()->receive(twilio_post(token, form, path).view(), {});
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(TwilioSms, WrongRequestsAreRefusedWithTheirReason) {
    const std::string signature = "X-Twilio-Signature";
    const auto replace = [](const fields& form, const std::string& path = {}) {
        return [=](recorded_request& r) { r = twilio_post(token, form, path); };
    };
    auto anonymous = message;
    anonymous.erase("From");
    expect_refused(
        *texting(), twilio_post(token, message), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"SHA-256 instead of SHA-1",
             [&](auto& r) { set_header(r, signature, to_base64(hmac_of(hash_kind::sha256, token, {r.url}))); }, 403,
             "wrong_signature", wrong::algorithm},
            {"another account's token", [](auto& r) { r = twilio_post("other", message); }, 403, "wrong_signature"},
            {"meant for another address", [](auto& r) { r.url += "/status"; }, 403, "wrong_signature"},
            {"a field added", [](auto& r) { r.body += "&NumMedia=1"; }, 403, "wrong_signature"},
            {"truncated", [](auto& r) { r.body.resize(r.body.size() - 5); }, 403, "wrong_signature", wrong::truncated},
            {"no content type", [](auto& r) { remove_header(r, "Content-Type"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"JSON", [](auto& r) { set_header(r, "Content-Type", "application/json"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"another account", replace(with({{"AccountSid", "AC" + std::string(32, 'b')}})), 403, "wrong_account",
             wrong::account},
            {"invalid UTF-8", replace(with({{"Body", "\xFF"}})), 400, "malformed", wrong::utf8},
            {"no message id", replace({{"AccountSid", account}, {"From", "+1"}}), 400, "malformed", wrong::shape},
            {"no sender", replace(anonymous), 400, "malformed"},
            {"a status of nothing", replace({{"AccountSid", account}, {"MessageStatus", "sent"}}, "/status"), 400,
             "malformed"},
            {"an unknown address", replace(message, "/inbound"), 404, "unknown_path"},
            oversized(channel_kind::social),
        },
        {{wrong::stale_time, "Twilio signs no time; what comes again is known by its event id"}});
    EXPECT_EQ(connector_with(connectors::twilio_sms::make, {})->receive(twilio_post(token, message).view(), {}).refused,
              "not_configured");
}

TEST(TwilioSms, AMessageIsAnsweredWithAnEmptyDocumentAndKnownByItsId) {
    const auto made = texting()->receive(twilio_post(token, message).view(), {});
    EXPECT_EQ(made.when, channel::answer_after::ingest);
    EXPECT_EQ(made.reply.body, "<Response/>");
    EXPECT_EQ(made.reply.content_type, "text/xml; charset=utf-8");
    ASSERT_EQ(made.records.size(), 1U);
    EXPECT_EQ(made.records[0].event_id, "message:SM1");
    EXPECT_EQ(made.records[0].conversation, "+525512345678>+18005551212");
    const std::vector<identity> wanted{{"phone:+525512345678", proof::proven}};
    EXPECT_EQ(made.records[0].identities, wanted);
}

TEST(TwilioSms, TheIdsOldNamesAreKnown) {
    auto old = with({});
    old.erase("MessageSid");
    old["SmsSid"] = "SM9";
    EXPECT_EQ(received(old).provider_message_id, "SM9");
}

TEST(TwilioSms, ShortCodesAndNamesAreNobodysNumber) {
    for (const std::string from : {"256447", "LUMEN", "anonymous"})
        EXPECT_TRUE(received(with({{"From", from}})).identities.empty()) << from;
}

TEST(TwilioSms, WordsOfConsentCountAloneInAMessage) {
    const auto mark = [](const fields& changed) {
        const auto made = received(with(changed));
        std::string marks;
        for (const auto& each : made.details)
            if (each.name.starts_with("opt_")) marks += each.name + " ";
        return marks;
    };
    EXPECT_EQ(mark({{"Body", " stop\n"}}), "opt_out ");
    EXPECT_EQ(mark({{"Body", "Unsubscribe"}}), "opt_out ");
    EXPECT_EQ(mark({{"Body", "START"}}), "opt_in ");
    EXPECT_EQ(mark({{"Body", "please stop calling"}}), "");
    EXPECT_EQ(mark({{"Body", "yes"}}), "");
    EXPECT_EQ(mark({{"Body", "arrêt"}, {"OptOutType", "STOP"}}), "opt_out ");
}

TEST(TwilioSms, MediaAreListedAndNulIsLeftOut) {
    const auto made = received(with({{"Body", std::string("a\0b", 3)},
                                     {"NumMedia", "2"},
                                     {"MediaUrl0", "https://api.twilio.com/Media/ME1"},
                                     {"MediaContentType0", "image/png"},
                                     {"MediaUrl1", "https://api.twilio.com/Media/ME2"}}));
    EXPECT_EQ(made.text, "ab");
    ASSERT_EQ(made.attachments.size(), 2U);
    EXPECT_EQ(made.attachments[0].type, "image/png");
    EXPECT_EQ(made.attachments[1].media_id, "ME2");
    EXPECT_EQ(received(with({{"NumMedia", "99999999999999"}})).attachments.size(), 0U);
}

TEST(TwilioSms, AStatusIsKnownByMessageAndState) {
    const auto made = received({{"AccountSid", account},
                                {"ErrorCode", "30003"},
                                {"MessageSid", "SM9"},
                                {"MessageStatus", "undelivered"},
                                {"To", "+525512345678"}},
                               "/status");
    EXPECT_EQ(made.kind, record_kind::status);
    EXPECT_EQ(made.event_id, "status:SM9:undelivered");
    EXPECT_EQ(made.references, std::vector<std::string>{"SM9"});
    EXPECT_EQ(made.to, "+525512345678");
}

channel::outgoing answer_to(std::string text) {
    channel::outgoing message;
    message.text = std::move(text);
    message.from = "+525512345678";
    message.to = "+18005551212";
    return message;
}

TEST(TwilioSms, AnAnswerComesFromTheNumberThatWasWrittenTo) {
    const auto call = texting({{"api_base", "http://127.0.0.1:9/"}})->deliver(answer_to("a & b"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/2010-04-01/Accounts/" + account + "/Messages.json");
    EXPECT_EQ(call->body,
              "To=%2B525512345678&From=%2B18005551212&Body=a%20%26%20b&StatusCallback="
              "https%3A%2F%2Fsupport.example.com%2Fwebhooks%2Fcase%2Fstatus");
    EXPECT_EQ(call->user, account);
    EXPECT_EQ(call->password, token);
}

TEST(TwilioSms, AServiceAndAnApiKeyTakeTheNumbersAndTheTokensPlace) {
    const auto call = texting({{"messaging_service_sid", "MG1"}, {"api_key", "SK1"}, {"api_key_secret", "s"}})
                          ->deliver(answer_to("x"));
    ASSERT_TRUE(call);
    EXPECT_NE(call->body.find("&MessagingServiceSid=MG1&"), std::string::npos);
    EXPECT_EQ(call->body.find("From="), std::string::npos);
    EXPECT_EQ(call->user + ":" + call->password, "SK1:s");
}

TEST(TwilioSms, WhatCannotBeSentIsRefusedBeforeItIsTried) {
    EXPECT_TRUE(texting()->deliver(answer_to(std::string(1600, 'x'))));
    for (const auto& text : {std::string(1601, 'x'), std::string{}, std::string("\xFF")})
        EXPECT_FALSE(texting()->deliver(answer_to(text)));
    auto nobody = answer_to("hi");
    nobody.from.clear();
    EXPECT_FALSE(texting()->deliver(nobody));
    auto from_nowhere = answer_to("hi");
    from_nowhere.to.clear();
    EXPECT_FALSE(texting()->deliver(from_nowhere));
    EXPECT_FALSE(connector_with(connectors::twilio_sms::make, {{"auth_token", token}})->deliver(answer_to("hi")));
}

TEST(TwilioSms, TheProvidersAnswerSaysWhetherToTryAgain) {
    const auto judged = [](unsigned status, const std::string& body) { return texting()->judge({status, {}, body}); };
    EXPECT_EQ(judged(201, R"({"sid":"SM5","status":"queued"})").provider_message_id, "SM5");
    EXPECT_EQ(judged(201, R"({"sid":"SM5","status":"failed","error_code":30007,"error_message":"f"})").reason,
              "Twilio error 30007: f");
    EXPECT_EQ(judged(400, R"({"code":21610,"message":"opted out"})").outcome, delivery::state::failed);
    EXPECT_EQ(judged(400, R"({"code":63017,"message":"limit"})").outcome, delivery::state::retry);
    EXPECT_EQ(judged(429, R"({"code":20429,"message":"limit"})").outcome, delivery::state::retry);
    EXPECT_EQ(judged(502, "<html>").outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
