#include "connectors/mime/reply_token.hpp"
#include "connectors/postmark/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;
using settings = std::vector<std::pair<std::string, std::string>>;

const std::string credentials = "hook:a good password";
const std::string reply_secret = "0123456789abcdef-reply";
const time_point now = from_millis(1'790'000'000'000);

std::string mail(const std::string& more = {}) {
    return R"({"FromFull":{"Email":"olga@example.org","Name":"Olga, \"the\" first"},"ToFull":[{"Email":"help@in.example.net"}],)"
           R"("OriginalRecipient":"help@in.example.net","Subject":"Grüße","MessageID":"22c74902-1","TextBody":"hello",)"
           R"("Headers":[{"Name":"Return-Path","Value":"<olga@example.org>"},{"Name":"Message-ID","Value":"<m1@example.org>"}])" +
           more + "}";
}

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.headers = {{"Content-Type", "application/json"}, {"Authorization", "Basic " + to_base64(credentials)}};
    made.body = body;
    return made;
}

std::unique_ptr<channel::connector> inbox(settings more = {}) {
    more.emplace_back("basic_auth", credentials);
    return connector_with(connectors::postmark::make, more);
}

channel::record received(const std::string& body, const settings& more = {}) {
    auto made = inbox(more)->receive(posted(body).view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

TEST(Postmark, WrongRequestsAreRefusedWithTheirReason) {
    const std::string header = "Authorization";
    expect_refused(
        *inbox(), posted(mail()), now,
        {
            {"no credentials", [&](auto& r) { remove_header(r, header); }, 401, "missing_signature", wrong::missing},
            {"empty credentials", [&](auto& r) { set_header(r, header, ""); }, 401, "missing_signature", wrong::empty},
            {"credentials twice", [&](auto& r) { double_header(r, header); }, 401, "missing_signature", wrong::doubled},
            {"another scheme", [&](auto& r) { set_header(r, header, "Bearer " + to_base64(credentials)); }, 401,
             "missing_signature", wrong::algorithm},
            {"another password", [&](auto& r) { set_header(r, header, "Basic " + to_base64("hook:x")); }, 401,
             "wrong_signature"},
            {"no colon", [&](auto& r) { set_header(r, header, "Basic " + to_base64("hook")); }, 401, "wrong_signature"},
            {"no base64", [&](auto& r) { set_header(r, header, "Basic %%%"); }, 401, "wrong_signature"},
            {"nothing after the scheme", [&](auto& r) { set_header(r, header, "Basic "); }, 401, "wrong_signature"},
            {"a form by its content type",
             [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
             "wrong_content_type", wrong::content_type},
            {"truncated", [](auto& r) { r.body.resize(40); }, 400, "malformed", wrong::truncated},
            {"empty", [](auto& r) { r.body.clear(); }, 400, "malformed"},
            {"a list", [](auto& r) { r.body = "[]"; }, 400, "malformed", wrong::shape},
            {"an empty object", [](auto& r) { r.body = "{}"; }, 400, "malformed"},
            {"invalid UTF-8", [](auto& r) { r.body = "{\"TextBody\":\"\xC3\"}"; }, 400, "malformed", wrong::utf8},
            {"a bounce of nothing", [](auto& r) { r.body = R"({"RecordType":"Bounce"})"; }, 400, "malformed"},
            {"an address below ours", [](auto& r) { r.subpath = "/menu"; }, 404, "unknown_path"},
            {"a flipped bit in the credentials", [&](auto& r) { r.headers[1].second[8] ^= 1; }, 401, "wrong_signature",
             wrong::flipped_bit},
            oversized(channel_kind::email),
        },
        {{wrong::stale_time, "Postmark signs nothing: credentials carry no time"},
         {wrong::account, "credentials belong to one server"}});
}

TEST(Postmark, WithoutCredentialsNothingIsAccepted) {
    const auto connector = connector_with(connectors::postmark::make, {});
    EXPECT_EQ(connector->receive(posted(mail()).view(), now).refused, "not_configured");
}

TEST(Postmark, AMailIsReadWithItsNamesAndFiles) {
    const auto made = received(mail(
        R"(,"Attachments":[{"Name":"a.txt","Content":"aGk=","ContentType":"text/plain","ContentLength":2,"ContentID":"<i1>"}])"));
    EXPECT_EQ(made.event_id, "22c74902-1");
    EXPECT_EQ(made.display_name, "Olga, \"the\" first");
    EXPECT_EQ(made.subject, "Grüße");
    EXPECT_EQ(made.provider_message_id, "<m1@example.org>");
    ASSERT_EQ(made.attachments.size(), 1U);
    EXPECT_EQ(made.attachments[0].content, "hi");
    EXPECT_EQ(made.attachments[0].inline_id, "i1");
}

TEST(Postmark, ANameCannotBeginAnotherHeader) {
    const auto made = received(
        R"({"FromFull":{"Email":"a@example.org","Name":"x\r\nSubject: forged"},"MessageID":"1","TextBody":"t","Subject":"real"})");
    EXPECT_EQ(made.subject, "real");
    EXPECT_EQ(made.from, "a@example.org");
}

TEST(Postmark, ASignedReplyAddressLeadsToTheTicket) {
    auto body = mail();
    const auto address = connectors::mime::with_plus_part(
        "help@in.example.net", connectors::mime::make_reply_token(reply_secret, "4711", "olga@example.org"));
    for (auto at = body.find("help@in.example.net"); at != std::string::npos;
         at = body.find("help@in.example.net", at + address.size()))
        body.replace(at, 19, address);
    EXPECT_EQ(received(body, {{"address", "help@in.example.net"}, {"reply_secret", reply_secret}}).ticket, "4711");
}

TEST(Postmark, EventsSayWhatBecameOfAMail) {
    struct row {
        std::string type, bounce;
        record_kind kind;
        std::string status;
    };
    for (const auto& each : std::vector<row>{{"Delivery", "", record_kind::status, "delivered"},
                                             {"Open", "", record_kind::status, "read"},
                                             {"Bounce", "HardBounce", record_kind::status, "bounced"},
                                             {"Bounce", "Transient", record_kind::status, "deferred"},
                                             {"Bounce", "SpamNotification", record_kind::complaint, "complained"},
                                             {"SpamComplaint", "SpamComplaint", record_kind::complaint, "complained"},
                                             {"Click", "", record_kind::ignored, ""}}) {
        const auto made = received(R"({"RecordType":")" + each.type + R"(","Type":")" + each.bounce +
                                   R"(","MessageID":"m1","Email":"o@example.org","Recipient":"o@example.org"})");
        EXPECT_EQ(made.kind, each.kind) << each.type;
        EXPECT_EQ(made.status, each.status) << each.type;
    }
}

channel::outgoing answer_to(std::string address) {
    channel::outgoing message;
    message.idempotency_key = "k1";
    message.ticket = "4711";
    message.text = "Here it is.";
    message.from = std::move(address);
    message.to = "help@in.example.net";
    message.subject = "Invoice\r\nBcc: all@example.org";
    message.provider_message_id = "<m2@example.org>";
    return message;
}

const settings account{{"server_token", "t"},
                       {"api_base", "http://127.0.0.1:9"},
                       {"from_name", "Desk"},
                       {"message_stream", "outbound"},
                       {"reply_secret", reply_secret}};

TEST(Postmark, AnAnswerStaysInTheThreadAndCanBeAnswered) {
    const auto call = inbox(account)->deliver(answer_to("olga@example.org"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->url, "http://127.0.0.1:9/email");
    EXPECT_EQ(call->headers[2], channel::header("X-Postmark-Server-Token", "t"));
    const auto body = json::document::parse(call->body);
    ASSERT_TRUE(body);
    EXPECT_EQ((*body)["From"].text(), "\"Desk\" <help@in.example.net>");
    EXPECT_EQ((*body)["To"].text(), "olga@example.org");
    EXPECT_EQ((*body)["Subject"].text(), "Re: Invoice  Bcc: all@example.org");
    EXPECT_EQ((*body)["Headers"].at(1)["Value"].text(), "<m2@example.org>");
    EXPECT_EQ((*body)["MessageStream"].text(), "outbound");
    const auto token = connectors::mime::read_reply_token(
        {reply_secret}, connectors::mime::plus_part((*body)["ReplyTo"].text()), "olga@example.org");
    ASSERT_TRUE(token);
    EXPECT_EQ(token->ticket, "4711");
}

TEST(Postmark, WhatCannotBeSentIsRefusedBeforeItIsTried) {
    for (const std::string address : {"", "nobody", "a@example.org, b@example.org"})
        EXPECT_FALSE(inbox(account)->deliver(answer_to(address))) << address;
    EXPECT_FALSE(inbox()->deliver(answer_to("olga@example.org")));
}

TEST(Postmark, TheProvidersAnswerIsRead) {
    EXPECT_EQ(inbox()->judge({200, {}, R"({"ErrorCode":0,"MessageID":"u1","Message":"OK"})"}).provider_message_id,
              "u1");
    EXPECT_EQ(inbox()->judge({200, {}, R"({"ErrorCode":406,"Message":"Inactive"})"}).outcome, delivery::state::failed);
    EXPECT_EQ(inbox()->judge({422, {}, R"({"ErrorCode":300,"Message":"Invalid 'To'"})"}).reason,
              "Postmark error 300: Invalid 'To'");
    EXPECT_EQ(inbox()->judge({503, {}, ""}).outcome, delivery::state::retry);
}

}  // namespace
}  // namespace kindred::testing
