#include "engine/http/client.hpp"

#include "engine/base/digest.hpp"
#include "engine/http/address_guard.hpp"
#include "http/support/doubles.hpp"
#include "http/support/test_server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>

namespace kindred::http {
namespace {

using namespace test;

client_settings trusting_loopback() {
    client_settings settings;
    settings.threads = 1;
    settings.trusted_hosts = {"127.0.0.1"};
    return settings;
}

template <class Call>
result<client_response> outcome_of(client& calling, Call call) {
    std::promise<result<client_response>> told;
    EXPECT_TRUE(
        calling.submit(std::move(call), [&](result<client_response> outcome) { told.set_value(std::move(outcome)); }));
    return told.get_future().get();
}

http_call call_to(std::uint16_t port, std::string path = "/") {
    http_call call;
    call.url = "http://127.0.0.1:" + std::to_string(port) + path;
    return call;
}

TEST(Client, SendsEverythingAndTakesTheAnswer) {
    test_server server([](const request& asked, const responder& answer) {
        response told(201, std::string(asked.method) + " " + std::string(asked.target) + " " + std::string(asked.body));
        told.header("X-Auth", asked.header("authorization"));
        told.header("X-Custom", asked.header("x-custom"));
        told.header("X-Type", asked.header("content-type"));
        told.header("X-Has-Type", asked.count("content-type") > 0 ? "yes" : "no");
        answer.send(told);
    });
    client calling(trusting_loopback());
    auto call = call_to(server.port(), "/path?query=1");
    call.method = "PUT";
    call.body = "content";
    call.headers = {{"X-Custom", "value"}, {"Content-Type", "text/strange"}};
    call.user = "user";
    call.password = "pass";
    const auto got = outcome_of(calling, call);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->status, 201U);
    EXPECT_EQ(got->body, "PUT /path?query=1 content");
    const auto has = [&](const std::string& name, const std::string& value) {
        return std::ranges::find(got->headers, std::pair(name, value)) != got->headers.end();
    };
    EXPECT_TRUE(has("X-Auth", "Basic dXNlcjpwYXNz"));
    EXPECT_TRUE(has("X-Custom", "value"));
    EXPECT_TRUE(has("X-Type", "text/strange"));

    http_call bare = call_to(server.port());
    bare.body = "x";
    const auto second = outcome_of(calling, bare);
    EXPECT_EQ(second->body, "POST / x");
    EXPECT_TRUE(std::ranges::find(second->headers, std::pair<std::string, std::string>("X-Has-Type", "no")) !=
                second->headers.end());
    EXPECT_EQ(server.seen().seen("connection_opened"), 1U);
}

TEST(Client, DoesNotFollowRedirects) {
    test_server server([](const request& asked, const responder& answer) {
        if (asked.path == "/elsewhere") return answer.send(response(500));
        answer.send(response(302).header("Location", "/elsewhere"));
    });
    client calling(trusting_loopback());
    EXPECT_EQ(outcome_of(calling, call_to(server.port()))->status, 302U);
}

TEST(Client, RefusesWhatCannotBeSent) {
    client calling(trusting_loopback());
    const auto refused = [&](http_call call) {
        const auto got = outcome_of(calling, std::move(call));
        return got.has_error() ? got.error().code : errc{};
    };
    http_call call = call_to(1);
    for (const char* const url :
         {"", "nonsense", "ftp://127.0.0.1/", "file:///etc/passwd", "http://example.org/", "http://127.0.0.1/a b",
          "http://user:secret@127.0.0.1/", "http://127.0.0.1/\r\nX: y"}) {
        call.url = url;
        EXPECT_EQ(refused(call), errc::invalid) << url;
    }
    call = call_to(1);
    call.headers = {{"X", "a\r\nY: b"}};
    EXPECT_EQ(refused(call), errc::invalid);
    call = call_to(1);
    call.headers = {{"X: y\r\nZ", "a"}};
    EXPECT_EQ(refused(call), errc::invalid);
    call = call_to(1);
    call.method = "GET / HTTP/1.1\r\n";
    EXPECT_EQ(refused(call), errc::invalid);
}

TEST(Client, DoesNotCallPrivateAddresses) {
    client calling(client_settings{});
    for (const char* const host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"}) {
        http_call call;
        call.url = std::string("https://") + host + ":1/";
        EXPECT_EQ(outcome_of(calling, call).error().code, errc::forbidden) << host;
    }
}

TEST(Client, TellsNothingSentFromUnknown) {
    client calling(trusting_loopback());
    std::uint16_t nobody_listens = 0;
    {
        const test_server gone(echo);
        nobody_listens = gone.port();
    }
    EXPECT_EQ(outcome_of(calling, call_to(nobody_listens)).error().code, errc::unavailable);

    socket_double hangs_up([](int socket) {
        char asked[100];
        static_cast<void>(::recv(socket, asked, sizeof asked, 0));
    });
    EXPECT_EQ(outcome_of(calling, call_to(hangs_up.port())).error().code, errc::unknown);
}

TEST(Client, GivesUpAtTheDeadline) {
    std::promise<responder> held;
    test_server server([&](const request&, const responder& answer) { held.set_value(answer); });
    client calling(trusting_loopback());
    auto call = call_to(server.port());
    call.within = std::chrono::milliseconds{50};
    EXPECT_EQ(outcome_of(calling, call).error().code, errc::unknown);
    call.within = std::chrono::milliseconds{0};
    EXPECT_EQ(outcome_of(calling, call).error().code, errc::timed_out);
}

TEST(Client, CapsTheAnswer) {
    test_server server(
        [](const request&, const responder& answer) { answer.send(response(200, std::string(2000, 'x'))); });
    auto settings = trusting_loopback();
    settings.max_response_bytes = 1999;
    client calling(settings);
    EXPECT_EQ(outcome_of(calling, call_to(server.port())).error().code, errc::too_large);
}

TEST(Client, VerifiesCertificates) {
    https_double server;
    http_call call;
    call.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    client distrusting(trusting_loopback());
    EXPECT_EQ(outcome_of(distrusting, call).error().code, errc::unavailable);
    auto settings = trusting_loopback();
    settings.ca_file = server.ca_file();
    client knowing(settings);
    const auto got = outcome_of(knowing, call);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->body, "secret");
}

TEST(Client, RefusesWorkBeyondItsQueueAndAfterItStopped) {
    std::promise<responder> held;
    test_server server([&](const request&, const responder& answer) { held.set_value(answer); });
    auto settings = trusting_loopback();
    settings.max_waiting = 1;
    client calling(settings);
    std::promise<errc> first;
    std::promise<errc> second;
    ASSERT_TRUE(calling.submit(call_to(server.port()), [&](const auto& got) { first.set_value(got.error().code); }));
    const auto answer = held.get_future().get();
    ASSERT_TRUE(calling.submit(call_to(server.port()), [&](const auto& got) { second.set_value(got.error().code); }));
    EXPECT_FALSE(calling.submit(call_to(server.port()), [](const auto&) { FAIL(); }));
    calling.stop(std::chrono::milliseconds{0});
    EXPECT_EQ(first.get_future().get(), errc::unknown);
    EXPECT_EQ(second.get_future().get(), errc::unavailable);
    EXPECT_FALSE(calling.submit(call_to(server.port()), [](const auto&) { FAIL(); }));
}

TEST(AddressGuard, KnowsWhatIsPublic) {
    for (const char* const text :
         {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.169.0.1", "223.255.255.255",
          "2606:4700::1", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
        EXPECT_TRUE(is_public_address(text)) << text;
    }
    for (const char* const text : {"0.0.0.0",
                                   "10.1.2.3",
                                   "100.64.0.1",
                                   "127.0.0.1",
                                   "127.255.255.255",
                                   "169.254.169.254",
                                   "172.16.0.1",
                                   "172.31.255.255",
                                   "192.168.1.1",
                                   "198.18.0.1",
                                   "224.0.0.1",
                                   "255.255.255.255",
                                   "::",
                                   "::1",
                                   "fe80::1",
                                   "fc00::1",
                                   "fd12:3456::1",
                                   "ff02::1",
                                   "::ffff:10.0.0.1",
                                   "64:ff9b::a00:1",
                                   "2002:7f00:1::1",
                                   "2001::1",
                                   "2001:db8::1",
                                   "100::1",
                                   "nonsense",
                                   ""}) {
        EXPECT_FALSE(is_public_address(text)) << text;
    }
}

smtp_call mail_to(std::uint16_t port) {
    smtp_call call;
    call.url = "smtp://127.0.0.1:" + std::to_string(port);
    call.from = "desk@shop.example";
    call.recipients = {"ann@example.org", "bo@example.org"};
    call.message = "Subject: hello\r\n\r\n.dots\r\n..more\r\nend\r\n";
    call.starttls = smtp_call::tls::never;
    return call;
}

TEST(MailSubmission, HandsAMailOver) {
    smtp_double server(std::vector<smtp_double::line>{{"END", "250 2.0.0 queued as 42"}});
    client calling(trusting_loopback());
    const auto got = outcome_of(calling, mail_to(server.port()));
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->status, 250U);
    EXPECT_EQ(got->body, "250 2.0.0 queued as 42");
    EXPECT_EQ(server.message(), "Subject: hello\r\n\r\n..dots\r\n...more\r\nend\r\n");
    const auto commands = server.commands();
    EXPECT_TRUE(commands.at(0).starts_with("EHLO "));
    EXPECT_TRUE(commands.at(1).starts_with("MAIL FROM:<desk@shop.example>"));
    EXPECT_EQ(commands.at(2), "RCPT TO:<ann@example.org>");
    EXPECT_EQ(commands.at(3), "RCPT TO:<bo@example.org>");
}

TEST(MailSubmission, SendsTheNullSender) {
    smtp_double server;
    client calling(trusting_loopback());
    auto call = mail_to(server.port());
    call.from.clear();
    EXPECT_EQ(outcome_of(calling, call)->status, 250U);
    EXPECT_TRUE(server.commands().at(1).starts_with("MAIL FROM:<>"));
}

TEST(MailSubmission, GivesRefusalsAsReplies) {
    const smtp_double::line refusals[] = {{"CONNECT", "554 5.7.1 not you"},
                                          {"MAIL", "451 4.3.0 later"},
                                          {"RCPT TO:<bo", "550 5.1.1 unknown"},
                                          {"DATA", "554 5.5.1 no"},
                                          {"END", "552 5.3.4 too large"}};
    client calling(trusting_loopback());
    for (std::size_t at = 1; at < std::size(refusals); ++at) {
        smtp_double server({refusals[at]});
        const auto got = outcome_of(calling, mail_to(server.port()));
        ASSERT_TRUE(got) << refusals[at].begins << ": " << got.error().message;
        EXPECT_EQ(got->status, std::stoul(refusals[at].reply.substr(0, 3)));
        EXPECT_EQ(got->body, refusals[at].reply);
    }
}

TEST(MailSubmission, DoesNotKnowWhenTheServerLeavesAfterTheMail) {
    smtp_double server(std::vector<smtp_double::line>{{"END", "hang up"}});
    client calling(trusting_loopback());
    EXPECT_EQ(outcome_of(calling, mail_to(server.port())).error().code, errc::unknown);
}

TEST(MailSubmission, InsistsOnTlsWhereItMust) {
    smtp_double server;
    client calling(trusting_loopback());
    auto call = mail_to(server.port());
    call.starttls = smtp_call::tls::required;
    EXPECT_EQ(outcome_of(calling, call).error().code, errc::unavailable);
    EXPECT_TRUE(server.message().empty());
    call = mail_to(server.port());
    call.starttls = smtp_call::tls::never;
    call.url = "smtp://example.org";
    EXPECT_EQ(outcome_of(calling, call).error().code, errc::invalid);
}

TEST(MailSubmission, LogsIn) {
    smtp_double server(
        {{"EHLO", "250-double\r\n250 AUTH PLAIN"}, {"AUTH", "334 "}, {"AHVzZXIAcGFzcw==", "235 2.7.0 welcome"}});
    client calling(trusting_loopback());
    auto call = mail_to(server.port());
    call.user = "user";
    call.password = "pass";
    const auto got = outcome_of(calling, call);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_TRUE(server.commands().at(1).starts_with("AUTH PLAIN"));
}

TEST(MailSubmission, AsksWhetherAMailWouldBeTaken) {
    smtp_double server(
        {{"EHLO", "250-double\r\n250 AUTH PLAIN"}, {"AUTH", "334 "}, {"AHVzZXIAcGFzcw==", "235 2.7.0 welcome"}});
    client calling(trusting_loopback());
    smtp_call question;
    question.url = mail_to(server.port()).url;
    question.starttls = smtp_call::tls::never;
    question.user = "user";
    question.password = "pass";
    const auto got = outcome_of(calling, question);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->status, 250U);
    const auto commands = server.commands();
    EXPECT_TRUE(commands.at(1).starts_with("AUTH PLAIN"));
    EXPECT_EQ(std::ranges::count(commands, "NOOP"), 1);
    for (const auto& each : commands) EXPECT_FALSE(each.starts_with("MAIL")) << each;
}

TEST(MailSubmission, IsToldWhenALogInIsRefused) {
    smtp_double server({{"EHLO", "250-double\r\n250 AUTH PLAIN"}, {"AUTH", "535 5.7.8 wrong"}});
    client calling(trusting_loopback());
    smtp_call question;
    question.url = mail_to(server.port()).url;
    question.starttls = smtp_call::tls::never;
    question.user = "user";
    question.password = "pass";
    const auto got = outcome_of(calling, question);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->status, 535U);
}

TEST(MailSubmission, LogsInWithTheTokenThatIsInTheFileNow) {
    const auto file = std::filesystem::temp_directory_path() / "kindred_client_test_token";
    client calling(trusting_loopback());
    const auto call_to = [&](std::uint16_t port) {
        auto call = mail_to(port);
        call.user = "user";
        call.token_file = file.string();
        return call;
    };
    for (const std::string token : {"one", "two"}) {
        std::ofstream(file) << token << '\n';
        smtp_double server({{"EHLO", "250-double\r\n250 AUTH PLAIN XOAUTH2"},
                            {"AUTH XOAUTH2", "334 "},
                            {"dXNlcj11c2Vy", "235 2.7.0 welcome"}});
        const auto got = outcome_of(calling, call_to(server.port()));
        ASSERT_TRUE(got) << got.error().message;
        EXPECT_EQ(std::ranges::count(server.commands(), to_base64("user=user\x01"
                                                                  "auth=Bearer " +
                                                                  token + "\x01\x01")),
                  1);
    }
    const auto problem = [&](const std::string& content) {
        std::ofstream(file) << content;
        return outcome_of(calling, call_to(1)).error().message;
    };
    EXPECT_EQ(problem(""), file.string() + ": the access token cannot be read");
    EXPECT_EQ(problem("two words"), file.string() + ": this is no access token");
    std::filesystem::remove(file);
    EXPECT_EQ(outcome_of(calling, call_to(1)).error().code, errc::unavailable) << "it may come back: to be tried again";
}

TEST(MailSubmission, GivesNoTokenToAServerThatTakesPasswordsAlone) {
    const auto file = std::filesystem::temp_directory_path() / "kindred_client_test_token_2";
    std::ofstream(file) << "secret-token";
    smtp_double server(std::vector<smtp_double::line>{{"EHLO", "250-double\r\n250 AUTH PLAIN LOGIN"}});
    client calling(trusting_loopback());
    auto call = mail_to(server.port());
    call.user = "user";
    call.token_file = file.string();
    EXPECT_EQ(outcome_of(calling, call).error().code, errc::unavailable);
    for (const auto& each : server.commands()) EXPECT_FALSE(each.starts_with("AUTH")) << each;
    std::filesystem::remove(file);
}

TEST(MailSubmission, RefusesWhatCouldSplitACommandOrAMail) {
    client calling(trusting_loopback());
    const auto refused = [&](const smtp_call& call) { return outcome_of(calling, call).error().code; };
    for (const char* const address : {"", "a@b\r\nRCPT TO:<c@d>", "a@b>", "<a@b", "a b@c"}) {
        auto call = mail_to(1);
        call.recipients = {address};
        EXPECT_EQ(refused(call), errc::invalid) << address;
        if (address[0] == '\0') continue;
        call = mail_to(1);
        call.from = address;
        EXPECT_EQ(refused(call), errc::invalid) << address;
    }
    for (const char* const message : {"a\nb\r\n", "a\r", "a\rb\r\n", "\n.\n"}) {
        auto call = mail_to(1);
        call.message = message;
        EXPECT_EQ(refused(call), errc::invalid);
    }
    auto call = mail_to(1);
    call.recipients.clear();
    EXPECT_EQ(refused(call), errc::invalid);
}

}  // namespace
}  // namespace kindred::http
