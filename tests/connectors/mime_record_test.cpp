#include "connectors/mime/mime.hpp"
#include "engine/base/json.hpp"

#include <gtest/gtest.h>

namespace kindred::connectors::mime {
namespace {

const std::string secret = "a secret of enough length";

mailbox ours() { return {{"help@shop.example"}, {secret}, "mx.shop.example"}; }

channel::record record_of(std::string_view raw, const envelope& travelled = {}, const mailbox& own = ours()) {
    auto read = parse(raw);
    EXPECT_TRUE(read) << (read ? "" : read.error().message);
    return read ? to_record(std::move(*read), travelled, own) : channel::record{};
}

std::string mail(std::string_view headers, std::string_view body = "Hello") {
    return "From: Ann <ann@example.org>\r\nTo: help@shop.example\r\nMessage-ID: <m1@example.org>\r\n" +
           std::string(headers) + "\r\n" + std::string(body);
}

struct automatic_case {
    const char* header;
    bool answer;
};

TEST(MimeRecord, AnswersPeopleButNotMachines) {
    const automatic_case cases[] = {
        {"", true},
        {"Auto-Submitted: no\r\n", true},
        {"Auto-Submitted: auto-replied (vacation)\r\n", false},
        {"Auto-Submitted: auto-generated; type=x\r\n", false},
        {"X-Autoreply: yes\r\n", false},
        {"X-Autoreply: no\r\n", true},
        {"X-Autorespond: \r\n", false},
        {"X-Auto-Response-Suppress: DR, OOF\r\n", false},
        {"X-Auto-Response-Suppress: DR\r\n", true},
        {"Precedence: bulk\r\n", false},
        {"Precedence: list\r\n", false},
        {"X-Precedence: auto_reply\r\n", false},
        {"Precedence: first-class\r\n", true},
        {"List-Unsubscribe: <mailto:x@y>\r\n", false},
        {"Return-Path: <>\r\n", false},
        {"Return-Path: <ann@example.org>\r\n", true},
        {"Subject: Automatic reply: Lamp\r\n", false},
        {"Subject: Respuesta automática: Lamp\r\n", false},
        {"Subject: My automatic lamp\r\n", true},
        {"X-Amazon-Mail-Relay-Type: notification\r\n", false},
        {"X-Apple-Action: VACATION/out\r\n", false},
    };
    for (const auto& each : cases)
        EXPECT_EQ(record_of(mail(each.header)).answer_automatically, each.answer) << each.header;
    EXPECT_FALSE(record_of(mail(""), {std::string(), {"help@shop.example"}}).answer_automatically)
        << "null envelope sender";
    EXPECT_FALSE(record_of("From: no-reply@example.org\r\n\r\nx").answer_automatically);
    EXPECT_FALSE(record_of("Subject: nobody\r\n\r\nx").answer_automatically);
}

TEST(MimeRecord, EventIdsTellDeliveriesApart) {
    const auto id = [](std::string_view raw) { return record_of(raw).event_id; };
    EXPECT_EQ(id(mail("")), id(mail("Received: from elsewhere\r\n"))) << "the same mail over another way";
    EXPECT_NE(id(mail("")), id(mail("", "Goodbye"))) << "one id, two contents";
    EXPECT_NE(id("From: a@b.example\r\n\r\nHello"), id("From: c@d.example\r\n\r\nHello")) << "two people, no ids";
    EXPECT_EQ(id("From: a@b.example\r\n\r\nHello"), id("From: a@b.example\r\n\r\nHello"));
    const auto without = record_of("From: a@b.example\r\n\r\nHello");
    EXPECT_EQ(without.provider_message_id, "");
    EXPECT_NE(to_json(without).find("\"provider_message_id\":\"synthesised\""), std::string::npos);
}

TEST(MimeRecord, ASignedAddressNamesTheTicketWhoeverWrites) {
    const auto to = with_plus_part("help@shop.example", make_reply_token(secret, "4711", "Ann@example.org"));
    const auto by_ann = record_of("From: ann@example.org\r\nTo: " + to + "\r\n\r\nyes");
    EXPECT_EQ(by_ann.ticket, "4711");
    EXPECT_EQ(by_ann.to, "help@shop.example");
    ASSERT_EQ(by_ann.identities.size(), 1U);
    EXPECT_EQ(by_ann.identities[0], (identity{"email:ann@example.org", proof::proven}));
    const auto by_bo = record_of("From: bo@example.org\r\nTo: " + to + "\r\n\r\nyes");
    EXPECT_EQ(by_bo.ticket, "4711");
    EXPECT_EQ(by_bo.identities[0].proven, proof::claimed);
    const auto over_envelope = record_of(mail(""), {"ann@example.org", {to}});
    EXPECT_EQ(over_envelope.ticket, "4711");
}

TEST(MimeRecord, ASignedMessageIdNamesTheTicketToo) {
    const auto id = make_message_id(secret, "12", "ann@example.org", "key", "shop.example");
    EXPECT_EQ(record_of(mail("In-Reply-To: " + id + "\r\n")).ticket, "12");
    EXPECT_EQ(record_of(mail("References: <x@y> " + id + " <z@y>\r\n")).ticket, "12");
}

TEST(MimeRecord, AForgedTokenNamesNothing) {
    for (const auto& token : {std::string("t4711-aaaaaaaaaaaaaaaa-aaaaaaaaaa"),
                              make_reply_token("another secret", "4711", "ann@example.org"), std::string("4711"),
                              std::string("t4711"), std::string("t-a-b")}) {
        const auto made = record_of("From: ann@example.org\r\nTo: help+" + token + "@shop.example\r\n\r\nyes");
        EXPECT_EQ(made.ticket, "") << token;
        EXPECT_NE(to_json(made).find("\"thread_token\":\"" + token + "\""), std::string::npos) << token;
    }
}

TEST(MimeRecord, AnOldSecretIsGoodWhileItIsListed) {
    const auto to =
        with_plus_part("help@shop.example", make_reply_token("the secret before this", "9", "ann@example.org"));
    auto own = ours();
    own.reply_secrets.emplace_back("the secret before this");
    EXPECT_EQ(record_of("From: ann@example.org\r\nTo: " + to + "\r\n\r\nyes", {}, own).ticket, "9");
}

TEST(MimeRecord, AConversationBelongsToOneSender) {
    const auto first = record_of(mail("References: <root@x.example> <two@x.example>\r\n"));
    EXPECT_EQ(first.thread, "<root@x.example>");
    EXPECT_EQ(first.references, (std::vector<std::string>{"<root@x.example>", "<two@x.example>"}));
    const auto stranger = record_of("From: eve@example.net\r\nReferences: <root@x.example>\r\n\r\nhi");
    EXPECT_EQ(stranger.thread, first.thread);
    EXPECT_NE(stranger.conversation, first.conversation);
    EXPECT_EQ(record_of(mail("In-Reply-To: <root@x.example>\r\n")).conversation, first.conversation);
}

TEST(MimeRecord, TheOwnMailServersWordProvesAnAddress) {
    struct {
        const char* header;
        proof proven;
    } const cases[] = {
        {"Authentication-Results: mx.shop.example; spf=pass; dmarc=pass (p=none) header.from=example.org\r\n",
         proof::proven},
        {"Authentication-Results: mx.shop.example; dmarc=fail header.from=example.org\r\n", proof::claimed},
        {"Authentication-Results: mx.shop.example; dmarc=pass header.from=evil.example\r\n", proof::claimed},
        {"Authentication-Results: mx.evil.example; dmarc=pass header.from=example.org\r\n", proof::claimed},
        {"Authentication-Results: x.example; none\r\nAuthentication-Results: mx.shop.example; dmarc=pass "
         "header.from=example.org\r\n",
         proof::claimed},
        {"Authentication-Results: mx.shop.example; none (dmarc=pass header.from=example.org)\r\n", proof::claimed},
    };
    for (const auto& each : cases)
        EXPECT_EQ(record_of(mail(each.header)).identities.at(0).proven, each.proven) << each.header;
}

TEST(MimeRecord, OurOwnMailIsAnEcho) {
    const auto made = record_of("From: Help <HELP@shop.example>\r\nTo: help@shop.example\r\n\r\nloop");
    EXPECT_EQ(made.kind, channel::record_kind::echo);
    EXPECT_EQ(made.ignored_because, "own_message");
    EXPECT_TRUE(made.identities.empty());
}

std::string report(std::string_view action) {
    return "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; "
           "boundary=x\r\n\r\n"
           "--x\r\n\r\nSorry.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
           "mx.example\r\n\r\n"
           "Final-Recipient: rfc822; <ann@example.org>\r\nAction: " +
           std::string(action) +
           "\r\nStatus: 5.1.1 (no such user)\r\nDiagnostic-Code: smtp; 550\r\n  no such user\r\n--x\r\n"
           "Content-Type: text/rfc822-headers\r\n\r\nSubject: Re: Lamp\r\nMessage-ID: " +
           make_message_id(secret, "12", "ann@example.org", "key", "shop.example") + "\r\n--x--\r\n";
}

TEST(MimeRecord, ReportsSayWhatBecameOfOurMessage) {
    struct {
        const char* action;
        channel::record_kind kind;
        const char* status;
    } const cases[] = {{"failed", channel::record_kind::bounce, "failed"},
                       {"delayed", channel::record_kind::status, "delayed"},
                       {"delivered", channel::record_kind::status, "delivered"}};
    for (const auto& each : cases) {
        const auto made = record_of(report(each.action));
        EXPECT_EQ(made.kind, each.kind) << each.action;
        EXPECT_EQ(made.status, each.status);
        EXPECT_EQ(made.ticket, "12") << "found by our own Message-ID";
        EXPECT_EQ(made.reply_to, make_message_id(secret, "12", "ann@example.org", "key", "shop.example"));
        EXPECT_FALSE(made.answer_automatically);
        EXPECT_TRUE(made.identities.empty()) << "a mail server is no customer";
        EXPECT_NE(to_json(made).find(R"("recipient":"ann@example.org")"), std::string::npos);
        EXPECT_NE(to_json(made).find(R"("status":"5.1.1","diagnostic":"smtp; 550 no such user")"), std::string::npos)
            << to_json(made);
    }
}

TEST(MimeRecord, RecognisesBouncesInPlainText) {
    struct {
        const char* what;
        const char* raw;
        channel::record_kind kind;
        const char* recipient;
    } const cases[] = {
        {"qmail",
         "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\r\nHi. This is the "
         "qmail-send program at "
         "mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n<ann@example.org>:\nno mailbox here "
         "(#5.1.1)\n",
         channel::record_kind::bounce, "ann@example.org"},
        {"Exim",
         "From: Mailer-Daemon@mx.example\r\nX-Failed-Recipients: ann@example.org\r\nSubject: Mail delivery failed: "
         "returning "
         "message to sender\r\n\r\nA message that you sent could not be delivered.\n\n  bo@example.org\n    550 5.1.1 "
         "unknown\n",
         channel::record_kind::bounce, "ann@example.org"},
        {"a customer about a parcel",
         "From: ann@example.org\r\nSubject: Undeliverable parcel\r\n\r\nIt could not be delivered.",
         channel::record_kind::message, nullptr},
        {"a mail server about something else",
         "From: postmaster@mx.example\r\nSubject: Quota\r\n\r\nYour mailbox is nearly full.",
         channel::record_kind::message, nullptr},
    };
    for (const auto& each : cases) {
        const auto made = record_of(each.raw);
        EXPECT_EQ(made.kind, each.kind) << each.what;
        if (each.recipient == nullptr) continue;
        const auto wanted = "\"results\":[{\"recipient\":\"" + std::string(each.recipient) +
                            "\",\"action\":\"failed\",\"status\":\"5.1.1\"}]";
        EXPECT_NE(to_json(made).find(wanted), std::string::npos) << to_json(made);
    }
}

TEST(MimeRecord, AComplaintIsNoMessage) {
    const auto made = record_of(
        "From: fbl@isp.example\r\nContent-Type: multipart/report; report-type=feedback-report; "
        "boundary=x\r\n\r\n--x\r\n\r\nabuse\r\n"
        "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--x\r\nContent-Type: "
        "message/rfc822\r\n\r\n"
        "Message-ID: <ours@shop.example>\r\n\r\nhi\r\n--x--\r\n");
    EXPECT_EQ(made.kind, channel::record_kind::complaint);
    EXPECT_EQ(made.reply_to, "<ours@shop.example>");
}

TEST(MimeRecord, EveryRecordIsJson) {
    const auto made =
        record_of(mail("Subject: \xFF\"\\\r\nCc: \"q\\\"\" <c@d.example>\r\nReferences: <\xFF@x>\r\n", "\xFF\"\\"));
    EXPECT_TRUE(json::document::parse(to_json(made))) << to_json(made);
}

}  // namespace
}  // namespace kindred::connectors::mime
