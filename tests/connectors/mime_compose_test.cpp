#include "connectors/mime/compose.hpp"
#include "connectors/mime/mime.hpp"
#include "engine/base/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::connectors::mime {
namespace {

draft example() {
    draft mail;
    mail.from_name = "Lumen Help";
    mail.from = "help@shop.example";
    mail.to = "ann@example.org";
    mail.subject = "Re: Lámpara";
    mail.text = "Sí.\nBis morgen";
    mail.message_id = "<ours@shop.example>";
    mail.in_reply_to = "<m2@example.org>";
    mail.references = {"<m1@example.org>", "<m2@example.org>"};
    mail.at = *parse_time("2026-11-22T12:00:00Z");
    return mail;
}

TEST(MimeCompose, WritesAReplyInTheThread) {
    EXPECT_EQ(
        compose(example()),
        "From: \"Lumen Help\" <help@shop.example>\r\nTo: <ann@example.org>\r\nSubject: =?UTF-8?B?UmU6IEzDoW1wYXJh?=\r\n"
        "Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <ours@shop.example>\r\nIn-Reply-To: <m2@example.org>\r\n"
        "References: <m1@example.org> <m2@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
        "charset=UTF-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nS=C3=AD.\r\nBis morgen\r\n");
}

TEST(MimeCompose, AnAutomaticMailSaysSo) {
    auto mail = example();
    EXPECT_EQ(compose(mail).find("Auto-Submitted"), std::string::npos);
    mail.automatic = true;
    const auto written = compose(mail);
    EXPECT_NE(written.find("Auto-Submitted: auto-replied\r\n"), std::string::npos);
    EXPECT_NE(written.find("X-Auto-Response-Suppress: All\r\n"), std::string::npos);
    EXPECT_FALSE(parse(written)->answer_automatically);
}

TEST(MimeCompose, NoFieldCanAddAHeader) {
    auto mail = example();
    for (auto* field :
         {&mail.from_name, &mail.from, &mail.to, &mail.subject, &mail.message_id, &mail.in_reply_to, &mail.reply_to})
        *field = "x@y.example>\r\nBcc: eve@evil.example\r\n\r\nbody";
    mail.references = {"<a@b>\r\nBcc: eve@evil.example"};
    const auto written = compose(mail);
    EXPECT_EQ(written.find("\r\nBcc:"), std::string::npos) << written;
    const auto read = parse(written);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text, "Sí.\nBis morgen");
}

TEST(MimeCompose, SubjectsAreAnsweredOnce) {
    EXPECT_EQ(reply_subject("Lamp"), "Re: Lamp");
    EXPECT_EQ(reply_subject("RE: Lamp"), "RE: Lamp");
    EXPECT_EQ(reply_subject("AW: Lampe"), "AW: Lampe");
    EXPECT_EQ(reply_subject("Re[2]: Lamp"), "Re[2]: Lamp");
    EXPECT_EQ(reply_subject(""), "Re:");
    EXPECT_EQ(reply_subject("a\r\nb"), "Re: a  b");
    channel::outgoing message;
    message.subject = "Your lamp";
    EXPECT_EQ(subject_of(message), "Re: Your lamp");
    message.first = true;
    EXPECT_EQ(subject_of(message), "Your lamp");
    message.subject = "Your lamp\r\nBcc: x@y.example";
    EXPECT_EQ(subject_of(message), "Your lamp  Bcc: x@y.example");
    message.automatic = true;
    EXPECT_EQ(subject_of(message), "Auto: Your lamp  Bcc: x@y.example");
}

TEST(MimeCompose, ReferencesGrowByTheParentAndKeepTheRoot) {
    EXPECT_EQ(reply_references({"<a>", "<b>"}, "<b>"), (std::vector<std::string>{"<a>", "<b>"}));
    EXPECT_EQ(reply_references({"<a>"}, "<b>"), (std::vector<std::string>{"<a>", "<b>"}));
    EXPECT_EQ(reply_references({}, ""), std::vector<std::string>{});
    std::vector<std::string> many;
    for (int i = 0; i < 60; ++i) many.push_back("<" + std::to_string(i) + ">");
    const auto kept = reply_references(many, "<parent>");
    EXPECT_EQ(kept.size(), 20U);
    EXPECT_EQ(kept.front(), "<0>");
    EXPECT_EQ(kept.back(), "<parent>");
}

RC_GTEST_PROP(MimeCompose, WhatIsWrittenIsReadAgain, ()) {
    auto mail = example();
    mail.text = to_utf8(*rc::gen::arbitrary<std::string>());
    mail.subject = to_utf8(*rc::gen::arbitrary<std::string>());
    std::string printable;  // what parsing is to give back: no control characters, no white space at the end
    for (const char c : mail.text)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) printable.push_back(c);
    mail.text = printable;
    while (printable.ends_with(' ')) printable.pop_back();
    const auto written = compose(mail);
    for (const auto line : split(written, '\n')) RC_ASSERT(line.size() <= 998U);
    const auto read = parse(written);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->text == printable);
    std::string subject;
    for (const char c : mail.subject) subject.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    RC_ASSERT(read->subject == std::string(trim(subject)));
}

RC_GTEST_PROP(ReplyToken, OnlyGenuineOnesAreRead, (std::uint64_t ticket, std::string customer)) {
    const std::vector<std::string> secrets = {"a secret of enough length"};
    const auto number = std::to_string(ticket % 1'000'000'000);
    auto token = make_reply_token(secrets[0], number, customer);
    const auto read = read_reply_token(secrets, token, customer);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->ticket == number);
    RC_ASSERT(read->names_the_sender);
    const auto at = *rc::gen::inRange<std::size_t>(0, token.find('-') + 17);
    token[at] = token[at] == 'z' ? 'y' : 'z';
    RC_ASSERT(!read_reply_token(secrets, token, customer).has_value());
}

TEST(ReplyToken, SurvivesFoldingAndFitsALocalPart) {
    const auto token = make_reply_token("a secret of enough length", "1234567890", "ann@example.org");
    EXPECT_LE(("support+" + token).size(), 64U);
    std::string upper = token;
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    EXPECT_TRUE(read_reply_token({"a secret of enough length"}, upper, "ANN@example.org")->names_the_sender);
    EXPECT_EQ(plus_part("a+b+c@d.example"), "b+c");
    EXPECT_EQ(without_plus_part("a+b+c@d.example"), "a@d.example");
    EXPECT_EQ(without_plus_part("a@d+x.example"), "a@d+x.example");
    EXPECT_EQ(plus_part("+x@y.example"), "");
}

}  // namespace
}  // namespace kindred::connectors::mime
