#include "connectors/mailgun/connector.hpp"
#include "connectors/mime/reply_token.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;

const std::string key = "signing key";
const std::string reply_secret = "0123456789abcdef-reply";
const time_point now = from_millis(1'790'000'000'000);
const std::string token(50, 'a');

std::string field(const std::string& name, const std::string& value) {
    return encode_percent(name) + "=" + encode_percent(value) + "&";
}

std::string signature_of(const std::string& stamp, const std::string& some_token, const std::string& with = key) {
    return to_hex(hmac_of(hash_kind::sha256, with, {stamp, some_token}));
}

std::string proof_fields(const std::string& stamp = "1789999990", const std::string& some_token = token) {
    return field("timestamp", stamp) + field("token", some_token) + field("signature", signature_of(stamp, some_token));
}

const std::string headers =
    R"([["From","Olga <olga@example.org>"],["Message-Id","<m1@example.org>"],["Subject","Invoice"]])";

recorded_request mail(const std::string& fields) {
    recorded_request made;
    made.set_url("https://support.example.com/webhooks/case/inbound");
    made.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    made.body = fields;
    return made;
}

std::string mail_fields(const std::string& recipient = "help@in.example.net", const std::string& text = "hello") {
    return field("recipient", recipient) + field("sender", "olga@example.org") + field("message-headers", headers) +
           field("body-plain", text);
}

recorded_request event(const std::string& data, const std::string& stamp = "1789999990",
                       const std::string& some_token = token) {
    recorded_request made;
    made.set_url("https://support.example.com/webhooks/case/events");
    made.headers = {{"Content-Type", "application/json"}};
    made.body = R"({"signature":{"timestamp":")" + stamp + R"(","token":")" + some_token + R"(","signature":")" +
                signature_of(stamp, some_token) + R"("},"event-data":)" + data + "}";
    return made;
}

std::unique_ptr<channel::connector> inbox(std::vector<std::pair<std::string, std::string>> more = {}) {
    more.emplace_back("webhook_signing_key", key);
    return connector_with(connectors::mailgun::make, more);
}

TEST(Mailgun, WrongMailsAreRefusedWithTheirReason) {
    const auto replace = [](recorded_request& r, const std::string& body) { r = mail(body); };
    const auto multipart = [](recorded_request& r, const std::string& body) {
        r.body = body;
        set_header(r, "Content-Type", "multipart/form-data; boundary=zz");
    };
    expect_refused(
        *inbox(), mail(mail_fields() + proof_fields()), now,
        {
            {"a flipped bit in the signature", [](auto& r) { r.body[r.body.size() - 5] ^= 1; }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"another key",
             [&](auto& r) {
                 replace(r, mail_fields() + proof_fields() +
                                field("signature", signature_of("1789999990", token, "other")));
             },
             403, "wrong_signature"},
            {"no signature", [&](auto& r) { replace(r, mail_fields()); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { replace(r, mail_fields() + proof_fields() + "signature="); }, 401,
             "missing_signature", wrong::empty},
            {"a second token that is not signed",
             [&](auto& r) { replace(r, mail_fields() + proof_fields() + field("token", std::string(50, 'b'))); }, 403,
             "wrong_signature"},
            {"a short token", [&](auto& r) { replace(r, mail_fields() + proof_fields("1789999990", "short")); }, 403,
             "wrong_signature"},
            {"the boundary between time and token moved",
             [&](auto& r) {
                 replace(r, mail_fields() + field("timestamp", "178999999") + field("token", "0" + token) +
                                field("signature", signature_of("1789999990", token)));
             },
             403, "wrong_signature"},
            {"a time that is none", [&](auto& r) { replace(r, mail_fields() + proof_fields("now")); }, 403,
             "wrong_signature"},
            {"nine hours later", [](auto&) {}, 406, "stale", wrong::stale_time, now + std::chrono::hours{9}},
            {"an hour before its time", [](auto&) {}, 406, "stale", wrong::stale_time, now - std::chrono::hours{1}},
            {"JSON", [](auto& r) { set_header(r, "Content-Type", "application/json"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"no content type", [](auto& r) { remove_header(r, "Content-Type"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"a form without boundary", [](auto& r) { set_header(r, "Content-Type", "multipart/form-data"); }, 400,
             "malformed"},
            {"a form that is cut off",
             [&](auto& r) { multipart(r, "--zz\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc"); }, 400,
             "malformed", wrong::truncated},
            {"headers that are no list",
             [&](auto& r) { replace(r, mail_fields() + field("message-headers", "{\"From\"") + proof_fields()); }, 400,
             "malformed", wrong::shape},
            {"the bare address", [](auto& r) { r.subpath.clear(); }, 404, "unknown_path"},
            oversized(channel_kind::email),
            {"the signature twice, the last one wrong",
             [&](auto& r) { replace(r, mail_fields() + proof_fields() + field("signature", std::string(64, '0'))); },
             403, "wrong_signature", wrong::doubled},
            {"SHA-1",
             [&](auto& r) {
                 replace(r, mail_fields() + proof_fields() +
                                field("signature", to_hex(hmac_of(hash_kind::sha1, key, {"1789999990", token}))));
             },
             403, "wrong_signature", wrong::algorithm},
        },
        {{wrong::account, "a signing key belongs to one account"},
         {wrong::utf8, "a mail is in whatever charset it says, and bytes that are none become marks"}});
}

TEST(Mailgun, WrongEventsAreRefusedWithTheirReason) {
    const std::string data =
        R"({"event":"delivered","recipient":"o@example.org","message":{"headers":{"message-id":"x@y"}}})";
    expect_refused(
        *inbox(), event(data), now,
        {
            {"a flipped bit", [](auto& r) { r.body[30] ^= 1; }, 403, "wrong_signature", wrong::flipped_bit},
            {"no signature", [&](auto& r) { r.body = R"({"event-data":)" + data + "}"; }, 401, "missing_signature",
             wrong::missing},
            {"a list", [](auto& r) { r.body = "[]"; }, 401, "missing_signature", wrong::shape},
            {"a form by its content type",
             [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"no JSON", [](auto& r) { r.body = "event=delivered"; }, 400, "malformed"},
            {"truncated", [](auto& r) { r.body.resize(r.body.size() - 1); }, 400, "malformed", wrong::truncated},
            {"invalid UTF-8", [](auto& r) { r.body[r.body.size() - 4] = '\xFF'; }, 400, "malformed", wrong::utf8},
            {"no event-data", [](auto& r) { r = event("7"); }, 400, "malformed"},
            {"no event", [](auto& r) { r = event("{}"); }, 400, "malformed"},
            {"an event about nothing", [](auto& r) { r = event(R"({"event":"delivered"})"); }, 400, "malformed"},
            {"three days later", [](auto&) {}, 406, "stale", wrong::stale_time, now + std::chrono::hours{72}},
            oversized(channel_kind::email),
            {"an empty signature",
             [](auto& r) { r.body.replace(r.body.find(signature_of("1789999990", token)), 64, ""); }, 401,
             "missing_signature", wrong::empty},
            {"the signature twice", [](auto& r) { r.body.insert(r.body.size() - 1, R"(,"signature":{})"); }, 400,
             "malformed", wrong::doubled},
            {"SHA-1",
             [](auto& r) {
                 r.body.replace(r.body.find(signature_of("1789999990", token)), 64,
                                to_hex(hmac_of(hash_kind::sha1, key, {"1789999990", token})));
             },
             403, "wrong_signature", wrong::algorithm},
        },
        {{wrong::account, "a signing key belongs to one account"}});
}

TEST(Mailgun, AnEventRefersToTheMailThatWeSent) {
    const auto made = inbox()->receive(
        event(R"({"event":"complained","recipient":"o@example.org","message":{"headers":{"message-id":"x@y"}}})")
            .view(),
        now);
    ASSERT_EQ(made.records.size(), 1U);
    EXPECT_EQ(made.records[0].kind, channel::record_kind::complaint);
    EXPECT_EQ(made.records[0].references, std::vector<std::string>{"<x@y>"});
}

TEST(Mailgun, WithoutKeyNothingIsAccepted) {
    const auto connector = connector_with(connectors::mailgun::make, {});
    EXPECT_EQ(connector->receive(mail(mail_fields() + proof_fields()).view(), now).refused, "not_configured");
    EXPECT_EQ(connector->receive(event("{}").view(), now).refused, "not_configured");
}

channel::record received(const recorded_request& request,
                         const std::vector<std::pair<std::string, std::string>>& more = {}) {
    auto made = inbox(more)->receive(request.view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(Mailgun, UserVariablesInFrontDoNotReplaceMailgunsFields) {
    const auto made =
        received(mail(field("token", "mine") + field("body-plain", "forged") + mail_fields() + proof_fields()));
    EXPECT_EQ(made.text, "hello");
}

TEST(Mailgun, TheSameMailIsTheSameDeliveryAndAnotherBodyIsNot) {
    const auto id_of = [](const std::string& text) {
        return received(mail(mail_fields("h@x.example", text) + proof_fields())).event_id;
    };
    EXPECT_EQ(id_of("a"), id_of("a"));
    EXPECT_NE(id_of("a"), id_of("b"));
}

TEST(Mailgun, ASignedReplyAddressLeadsToTheTicket) {
    const auto address = connectors::mime::with_plus_part(
        "help@in.example.net", connectors::mime::make_reply_token(reply_secret, "4711", "olga@example.org"));
    const std::vector<std::pair<std::string, std::string>> ours{{"address", "help@in.example.net"},
                                                                {"reply_secret", reply_secret}};
    const auto made = received(mail(mail_fields(address) + proof_fields()), ours);
    EXPECT_EQ(made.ticket, "4711");
    EXPECT_EQ(made.to, "help@in.example.net");
    EXPECT_EQ(made.identities.at(0).proven, proof::proven);
    EXPECT_EQ(received(mail(mail_fields("help+t4711-x-y@in.example.net") + proof_fields()), ours).ticket, "");
}

TEST(Mailgun, AHeaderValueCannotBeginAnotherHeader) {
    const std::string forged =
        R"([["From","a@example.org"],["Subject","x\r\nFrom: boss@example.org\r\n\r\nbody"],["Bad Name: y","z"]])";
    const auto made = received(mail(field("message-headers", forged) + field("body-plain", "t") + proof_fields()));
    EXPECT_EQ(made.from, "a@example.org");
    EXPECT_EQ(made.text, "t");
}

TEST(Mailgun, RepeatedKeysInTheContentIdMapLoseNoFile) {
    auto request = mail("");
    set_header(request, "Content-Type", "multipart/form-data; boundary=zz");
    const auto part = [](const std::string& name, const std::string& value) {
        return "--zz\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    };
    request.body = part("message-headers", headers) + part("body-plain", "") + part("timestamp", "1789999990") +
                   part("token", token) + part("signature", signature_of("1789999990", token)) +
                   part("content-id-map", R"({"": "attachment-1", "": "attachment-1", "<i>": "attachment-2"})") +
                   part("attachment-1\"; filename=\"a.txt", "A") + part("attachment-2\"; filename=\"b.png", "B") +
                   "--zz--";
    const auto made = received(request);
    ASSERT_EQ(made.attachments.size(), 2U);
    EXPECT_EQ(made.attachments[0].content, "A");
    EXPECT_EQ(made.attachments[0].inline_id, "");
    EXPECT_EQ(made.attachments[1].inline_id, "i");
    EXPECT_EQ(made.attachments[1].name, "b.png");
}

const std::vector<std::pair<std::string, std::string>> account{
    {"domain", "mg.example.net"},       {"api_key", "key-1"},          {"api_base", "http://127.0.0.1:9"},
    {"address", "help@in.example.net"}, {"from_name", "The \"Desk\""}, {"reply_secret", reply_secret}};

channel::outgoing answer_to(std::string address) {
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.ticket = "4711";
    message.text = "Here it is.";
    message.from = std::move(address);
    message.to = "help@in.example.net";
    message.subject = "Invoice\r\nBcc: all@example.org";
    message.provider_message_id = "<m2@example.org>";
    message.references = {"<m0@example.org>", "<m1@example.org>"};
    return message;
}

std::string field_of(const channel::provider_call& call, const std::string& name) {
    std::string found;
    for (const auto& each : parse_form(call.body))
        if (each.name == name) found += each.value;
    return found;
}

TEST(Mailgun, AnAnswerStaysInTheThreadAndCanBeAnswered) {
    const auto call = inbox(account)->deliver(answer_to("olga@example.org"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/v3/mg.example.net/messages");
    EXPECT_EQ(call->user, "api");
    EXPECT_EQ(call->password, "key-1");
    EXPECT_EQ(field_of(*call, "from"), "\"The \\\"Desk\\\"\" <help@in.example.net>");
    EXPECT_EQ(field_of(*call, "to"), "olga@example.org");
    EXPECT_EQ(field_of(*call, "subject"), "Re: Invoice  Bcc: all@example.org");
    EXPECT_EQ(field_of(*call, "h:In-Reply-To"), "<m2@example.org>");
    EXPECT_EQ(field_of(*call, "h:References"), "<m0@example.org> <m1@example.org> <m2@example.org>");
    const auto reply_to = field_of(*call, "h:Reply-To");
    const auto read =
        connectors::mime::read_reply_token({reply_secret}, connectors::mime::plus_part(reply_to), "olga@example.org");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->ticket, "4711");
    EXPECT_EQ(field_of(*call, "h:Message-Id"),
              field_of(*inbox(account)->deliver(answer_to("olga@example.org")), "h:Message-Id"));
    EXPECT_EQ(field_of(*call, "h:Auto-Submitted"), "");
}

TEST(Mailgun, AutomaticMailSaysSo) {
    auto message = answer_to("olga@example.org");
    message.automatic = true;
    const auto call = inbox(account)->deliver(message);
    ASSERT_TRUE(call);
    EXPECT_EQ(field_of(*call, "h:Auto-Submitted"), "auto-replied");
    EXPECT_TRUE(field_of(*call, "subject").starts_with("Auto: Re: "));
}

TEST(Mailgun, WhatCannotBeSentIsRefusedBeforeItIsTried) {
    for (const std::string address : {"", "nobody", "a@example.org, b@example.org", "a@example.org>"})
        EXPECT_FALSE(inbox(account)->deliver(answer_to(address))) << address;
    auto empty = answer_to("olga@example.org");
    empty.text = " ";
    EXPECT_FALSE(inbox(account)->deliver(empty));
    EXPECT_FALSE(inbox()->deliver(answer_to("olga@example.org")));
}

TEST(Mailgun, TheProvidersAnswerIsRead) {
    EXPECT_EQ(
        inbox()->judge({200, {}, R"({"id":"<x@mg.example.net>","message":"Queued. Thank you."})"}).provider_message_id,
        "<x@mg.example.net>");
    EXPECT_EQ(inbox()->judge({401, {}, "Forbidden"}).outcome, delivery::state::failed);
    EXPECT_EQ(inbox()->judge({400, {}, R"({"message":"to parameter is not a valid address"})"}).reason,
              "Mailgun: to parameter is not a valid address");
    EXPECT_EQ(inbox()->judge({500, {}, ""}).outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
