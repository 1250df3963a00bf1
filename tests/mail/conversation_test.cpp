#include "engine/mail/conversation.hpp"

#include "engine/tls/server_identity.hpp"
#include "support/certificate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace kindred::mail {
namespace {

/// Runs a conversation with a receiver that refuses recipients beginning with "no" and answers every mail as told.
class played {
public:
    explicit played(listener_settings settings, std::vector<reply> verdicts = {{250, "2.0.0 taken"}})
        : settings_(std::move(settings)), talk_(settings_), verdicts_(std::move(verdicts)) {}

    /// What the server says to these bytes.
    std::string operator()(std::string_view bytes) {
        talk_.take(bytes);
        for (auto wish = talk_.advance(); wish != conversation::want::bytes; wish = talk_.advance()) {
            if (wish == conversation::want::end) {
                ended = true;
                break;
            }
            if (wish == conversation::want::tls) {
                const auto said = talk_.take_output();
                talk_.secured();
                return said;
            }
            if (wish == conversation::want::recipient_verdict) {
                const bool unknown = talk_.recipient().starts_with("no");
                talk_.judge_recipient(unknown ? std::optional(reply{550, "5.1.1 unknown"}) : std::nullopt);
            } else {
                messages.push_back(talk_.take_message());
                auto verdicts = verdicts_;
                if (verdicts.size() == 1) verdicts.resize(messages.back().recipients.size(), reply(verdicts.front()));
                talk_.judge_delivery(verdicts);
            }
        }
        return talk_.take_output();
    }

    std::vector<message> messages;
    bool ended = false;

private:
    listener_settings settings_;
    conversation talk_;
    std::vector<reply> verdicts_;
};

listener_settings lmtp() {
    listener_settings settings;
    settings.hostname = "here";
    return settings;
}

listener_settings smtp() {
    auto settings = lmtp();
    settings.speaks = protocol::smtp;
    return settings;
}

/// The reply codes in what the server said, continuation lines left out.
std::string codes(const std::string& said) {
    std::string found;
    for (std::size_t at = 0; at < said.size(); at = said.find('\n', at) + 1) {
        if (said[at + 3] == ' ') found += (found.empty() ? "" : " ") + said.substr(at, 3);
    }
    return found;
}

TEST(Conversation, TakesAMailOverLmtp) {
    played talk(lmtp());
    EXPECT_EQ(talk(""), "220 here LMTP\r\n");
    EXPECT_EQ(talk("LHLO there\r\n"),
              "250-here\r\n250-PIPELINING\r\n250-SIZE 26214400\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 "
              "ENHANCEDSTATUSCODES\r\n");
    EXPECT_EQ(codes(talk("MAIL FROM:<ann@example.org> SIZE=100 BODY=8BITMIME\r\n")), "250");
    EXPECT_EQ(codes(talk("RCPT TO:<desk@shop.example>\r\n")), "250");
    EXPECT_EQ(codes(talk("RCPT TO:<no@shop.example>\r\n")), "550");
    EXPECT_EQ(codes(talk("RCPT TO:<help@shop.example>\r\n")), "250");
    EXPECT_EQ(codes(talk("DATA\r\n")), "354");
    EXPECT_EQ(codes(talk("Subject: hi\r\n\r\n..dot\r\nbody\r\n.\r\n")), "250 250");
    EXPECT_EQ(codes(talk("QUIT\r\n")), "221");
    EXPECT_TRUE(talk.ended);
    ASSERT_EQ(talk.messages.size(), 1U);
    const auto& got = talk.messages.front();
    EXPECT_EQ(got.from, "ann@example.org");
    EXPECT_EQ(got.recipients, (std::vector<std::string>{"desk@shop.example", "help@shop.example"}));
    EXPECT_EQ(got.content, "Subject: hi\r\n\r\n.dot\r\nbody\r\n");
    EXPECT_EQ(got.hello, "there");
}

TEST(Conversation, AnswersForEachRecipientOverLmtpAndOnceOverSmtp) {
    const std::vector<reply> verdicts{{250, "2.0.0 a"}, {451, "4.0.0 b"}, {550, "5.0.0 c"}};
    const std::string mail = "MAIL FROM:<>\r\nRCPT TO:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n";
    played over_lmtp(lmtp(), verdicts);
    over_lmtp("LHLO there\r\n" + mail);
    EXPECT_EQ(over_lmtp("x\r\n.\r\n"), "250 2.0.0 a\r\n451 4.0.0 b\r\n550 5.0.0 c\r\n");
    played over_smtp(smtp(), verdicts);
    over_smtp("EHLO there\r\n" + mail);
    EXPECT_EQ(over_smtp("x\r\n.\r\n"), "550 5.0.0 c\r\n");
    EXPECT_EQ(over_smtp.messages.front().from, "");
}

TEST(Conversation, TriesAgainWhereTheReceiverGivesNoUsableVerdict) {
    played talk(lmtp(), {{250, "2.0.0 a"}, {99, "nonsense\r\n250 injected"}});
    talk("LHLO there\r\nMAIL FROM:<>\r\nRCPT TO:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n");
    EXPECT_EQ(codes(talk("x\r\n.\r\n")), "250 451 451");
}

TEST(Conversation, KeepsARepliesTextOnItsLine) {
    played talk(lmtp(), {{550, "5.0.0 a\r\n250 b"}});
    talk("LHLO there\r\nMAIL FROM:<>\r\nRCPT TO:<a@x>\r\nDATA\r\n");
    EXPECT_EQ(talk("x\r\n.\r\n"), "550 5.0.0 a  250 b\r\n");
}

struct exchange {
    const char* said;
    const char* codes;
};

class Commands : public testing::TestWithParam<exchange> {};

TEST_P(Commands, AreAnswered) {
    played talk(smtp());
    talk("");
    EXPECT_EQ(codes(talk(GetParam().said)), GetParam().codes) << GetParam().said;
    EXPECT_TRUE(talk.messages.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Sequences, Commands,
    testing::Values(
        exchange{"HELO there\r\n", "250"}, exchange{"ehlo there\r\n", "250"}, exchange{"LHLO there\r\n", "500"},
        exchange{"EHLO\r\n", "501"}, exchange{"EHLO a b\r\n", "501"}, exchange{"MAIL FROM:<a@b>\r\n", "503"},
        exchange{"RCPT TO:<a@b>\r\n", "503"}, exchange{"DATA\r\n", "503"}, exchange{"NOOP x\r\n", "250"},
        exchange{"VRFY a\r\n", "252"}, exchange{"HELP\r\n", "214"}, exchange{"STARTTLS\r\n", "500"},
        exchange{"BDAT 5 LAST\r\n", "500"}, exchange{"\r\n", "500"}, exchange{"EHLO a\r\nDATA\r\n", "250 503"},
        exchange{"EHLO a\r\nRCPT TO:<a@b>\r\n", "250 503"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b>\r\nMAIL FROM:<a@b>\r\n", "250 250 503"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b>\r\nDATA\r\n", "250 250 503"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<no@b>\r\nDATA\r\n", "250 250 550 503"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b>\r\nRSET\r\nRCPT TO:<a@b>\r\n", "250 250 250 503"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b>\r\nEHLO a\r\nRCPT TO:<a@b>\r\n", "250 250 250 503"},
        exchange{"EHLO a\r\nMAIL FROM:a@b\r\n", "250 501"}, exchange{"EHLO a\r\nMAIL FROM:<a@b\r\n", "250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<a>\r\n", "250 501"}, exchange{"EHLO a\r\nMAIL FROM:<@b>\r\n", "250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b>x\r\n", "250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b> NONSENSE=1\r\n", "250 555"},
        exchange{"EHLO a\r\nMAIL FROM: <a@b>\r\n", "250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b> SIZE=0 BODY=7BIT\r\n", "250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b> SIZE=x\r\n", "250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b> BODY=BINARYMIME\r\n", "250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b> SIZE=26214401\r\n", "250 552"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b> SIZE=26214400\r\n", "250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<\xc3\xa4@b>\r\n", "250 550"},
        exchange{"EHLO a\r\nMAIL FROM:<\xc3\xa4@b> SMTPUTF8\r\n", "250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<\xff@b> SMTPUTF8\r\n", "250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<> SMTPUTF8\r\nRCPT TO:<\xc3\xa4@b>\r\n", "250 250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<\xc3\xa4@b>\r\n", "250 250 553"},
        exchange{"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<>\r\n", "250 250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@b> X=1\r\n", "250 250 555"},
        exchange{"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n", "250 250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<\"a>b\"@c>\r\n", "250 250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<@x,@y:a@c>\r\n", "250 250 250"},
        exchange{"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a b@c>\r\n", "250 250 501"},
        exchange{"EHLO a\r\nMAIL FROM:<a@b\tc>\r\n", "250 501"}, exchange{"EHLO a\nMAIL FROM:<a@b>\r\n", "500"},
        exchange{"EHLO a\rNOOP\r\n", "500"}));

TEST(Conversation, RefusesNulInCommands) {
    played talk(smtp());
    talk("");
    EXPECT_EQ(codes(talk(std::string_view("NO\0OP\r\n", 7))), "500");
}

TEST(Conversation, AnswersPipelinedCommandsInOrder) {
    played talk(smtp());
    EXPECT_EQ(codes(talk("EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nx\r\n.\r\nMAIL FROM:<c@d>\r\nRCPT "
                         "TO:<c@d>\r\nDATA\r\ny\r\n.\r\nQUIT\r\nNOOP\r\n")),
              "220 250 250 250 354 250 250 250 354 250 221");
    ASSERT_EQ(talk.messages.size(), 2U);
    EXPECT_EQ(talk.messages.back().content, "y\r\n");
    EXPECT_EQ(talk.messages.back().from, "c@d");
}

TEST(Conversation, RefusesLinesThatAreTooLong) {
    played talk(smtp());
    talk("");
    EXPECT_EQ(codes(talk("NOOP " + std::string(3000, 'x') + "\r\nNOOP\r\n")), "500 250");
    for (int part = 0; part < 10; ++part) EXPECT_EQ(talk(std::string(1000, 'x')), "");
    EXPECT_EQ(codes(talk("\r")), "");
    EXPECT_EQ(codes(talk("\nNOOP\r\n")), "500 250");
}

TEST(Conversation, EndsWithThoseWhoMakeTooManyMistakes) {
    auto settings = smtp();
    settings.max_bad_commands = 2;
    played talk(settings);
    talk("");
    EXPECT_EQ(codes(talk("X\r\nX\r\n")), "500 500");
    EXPECT_FALSE(talk.ended);
    EXPECT_EQ(codes(talk("X\r\nNOOP\r\n")), "500 421");
    EXPECT_TRUE(talk.ended);
}

TEST(Conversation, CapsRecipientsAndSize) {
    auto settings = lmtp();
    settings.max_recipients = 2;
    settings.max_message_bytes = 10;
    played talk(settings);
    talk("LHLO a\r\n");
    EXPECT_EQ(codes(talk("MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\n")),
              "250 250 250 452 354");
    EXPECT_EQ(codes(talk("12345678\r\n3\r\n.\r\nNOOP\r\n")), "552 552 250");
    EXPECT_TRUE(talk.messages.empty());
    EXPECT_EQ(codes(talk("MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n12345678\r\n.\r\n")), "250 250 354 250");
    EXPECT_EQ(talk.messages.front().content.size(), 10U);
}

struct data {
    const char* name;
    std::string wire;
    std::string content;
};

class Data : public testing::TestWithParam<data> {};

TEST_P(Data, IsReadTheSameWhereverItIsCut) {
    const auto& given = GetParam();
    for (std::size_t cut = 0; cut <= given.wire.size(); ++cut) {
        data_reader reader(1000);
        const auto first = reader.take(std::string_view(given.wire).substr(0, cut));
        const auto second = reader.take(std::string_view(given.wire).substr(first));
        EXPECT_TRUE(reader.is_done());
        EXPECT_EQ(first + second, given.wire.size());
        EXPECT_EQ(reader.take_content(), given.content) << given.name << " cut at " << cut;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Bytes, Data,
    testing::Values(data{"empty", ".\r\n", ""}, data{"plain", "a\r\n.\r\n", "a\r\n"},
                    data{"stuffed", "..\r\n.\r\n", ".\r\n"},
                    data{"stuffed_text", "..a\r\n...b\r\n.\r\n", ".a\r\n..b\r\n"},
                    data{"dot_alone_is_dropped", ".a\r\n.\r\n", "a\r\n"},
                    data{"bare_line_feeds_do_not_end", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n"},
                    data{"line_feed_dot_crlf_does_not_end", "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n"},
                    data{"crlf_dot_line_feed_does_not_end", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n"},
                    data{"bare_carriage_returns_do_not_end", "a\r.\rb\r\n.\r\n", "a\r.\rb\r\n"},
                    data{"cr_cr_lf", "a\r\r\n.\r\n", "a\r\r\n"}, data{"dot_cr_cr_lf", ".\r\r\n.\r\n", "\r\r\n"},
                    data{"dot_cr_x", ".\rx\r\n.\r\n", "\rx\r\n"},
                    data{"nul", std::string("a\0b\r\n.\r\n", 8), std::string("a\0b\r\n", 5)},
                    data{"long_line", std::string(900, 'x') + "\r\n.\r\n", std::string(900, 'x') + "\r\n"},
                    data{"high_bytes", "\xff\xfe\r\n.\r\n", "\xff\xfe\r\n"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(DataReader, LeavesWhatFollowsTheMail) {
    data_reader reader(1000);
    EXPECT_EQ(reader.take("a\r\n.\r\nQUIT\r\n"), 6U);
}

/// What a sender does to a text whose lines end in CR LF.
std::string stuffed(const std::string& text) {
    std::string wire;
    bool at_line_start = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at_line_start && text[at] == '.') wire += '.';
        wire += text[at];
        at_line_start = at > 0 && text[at - 1] == '\r' && text[at] == '\n';
    }
    return wire + ".\r\n";
}

RC_GTEST_PROP(DataReader, GivesBackWhatWasSent, ()) {
    const auto piece = rc::gen::element<std::string>(".", "..", "a", "\r\n", "\n", "\r", "\r\n.", ".\r\n", "b c",
                                                     std::string(1, '\0'));
    std::string text;
    for (const auto& each : *rc::gen::container<std::vector<std::string>>(piece)) text += each;
    text += "\r\n";
    data_reader reader(1U << 20U);
    const auto wire = stuffed(text);
    std::size_t used = 0;
    while (!reader.is_done() && used < wire.size()) {
        const auto size = *rc::gen::inRange<std::size_t>(1, 8);
        used += reader.take(std::string_view(wire).substr(used, size));
    }
    RC_ASSERT(reader.is_done());
    RC_ASSERT(used == wire.size());
    RC_ASSERT(reader.take_content() == text);
}

class StartTls : public testing::Test {
protected:
    listener_settings offering(bool required = false) const {
        auto settings = smtp();
        settings.identity = *tls::server_identity::load({ours_.file(), ours_.key_file()});
        settings.tls_required = required;
        return settings;
    }
    const test::certificate ours_;
};

TEST_F(StartTls, IsOfferedWhereThereIsACertificateAndOnce) {
    played plain(smtp());
    plain("");
    EXPECT_EQ(plain("EHLO a\r\n").find("STARTTLS"), std::string::npos);
    EXPECT_EQ(codes(plain("STARTTLS\r\n")), "500");
    played server(offering());
    server("");
    EXPECT_NE(server("EHLO a\r\n").find("250-STARTTLS\r\n"), std::string::npos);
    EXPECT_EQ(codes(server("STARTTLS now\r\n")), "501");
    EXPECT_EQ(codes(server("STARTTLS\r\n")), "220");
    EXPECT_EQ(server("EHLO a\r\n").find("STARTTLS"), std::string::npos);
    EXPECT_EQ(codes(server("STARTTLS\r\n")), "503");
}

TEST_F(StartTls, ForgetsWhatWasSaidInTheOpen) {
    played server(offering());
    server("");
    server("EHLO a\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<desk@shop.example>\r\n");
    // What somebody in between has put behind STARTTLS must not be done in the name of who comes over TLS.
    EXPECT_EQ(codes(server("STARTTLS\r\nDATA\r\nForged.\r\n.\r\n")), "220");
    EXPECT_EQ(codes(server("MAIL FROM:<ann@example.org>\r\n")), "503") << "greet again";
    EXPECT_EQ(codes(server("EHLO a\r\nRCPT TO:<desk@shop.example>\r\n")), "250 503");
    EXPECT_TRUE(server.messages.empty());
}

TEST_F(StartTls, IsWaitedForWhereItIsRequired) {
    played server(offering(true));
    server("");
    EXPECT_EQ(codes(server("EHLO a\r\nMAIL FROM:<ann@example.org>\r\n")), "250 530");
    server("STARTTLS\r\n");
    EXPECT_EQ(codes(server("EHLO a\r\nMAIL FROM:<ann@example.org>\r\n")), "250 250");
}

}  // namespace
}  // namespace kindred::mail
