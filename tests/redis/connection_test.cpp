#include "engine/redis/client.hpp"
#include "engine/redis/refusal.hpp"
#include "support/certificate.hpp"
#include "tests/redis/support/redis_server.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace kindred::redis {
namespace {

using std::chrono::milliseconds;

connection_settings at(const redis_server& server) {
    connection_settings settings;
    settings.server.port = server.port();
    return settings;
}

errc problem_of(const connection_settings& settings) {
    const tls::stop_bell bell;
    const auto opened = connection::open(settings, bell);
    return opened ? errc{} : opened.error().code;
}

TEST(Connection, APipelineIsAnsweredInOrderWithAnyBytes) {
    const redis_server server;
    const tls::stop_bell bell;
    const auto opened = connection::open(at(server), bell);
    ASSERT_TRUE(opened) << opened.error().message;
    const std::string bytes("a\0\r\n\xFF$3", 7);
    const std::vector<command> said{
        {"SET", bytes, bytes},        {"GET", bytes}, {"INCR", bytes}, {"GET", "nothing"}, {"RPUSH", "list", "1", ""},
        {"LRANGE", "list", "0", "-1"}};
    const auto replies = (*opened)->call(said);
    ASSERT_TRUE(replies) << replies.error().message;
    ASSERT_EQ(replies->size(), 6U);
    EXPECT_EQ(replies->at(0).text, "OK");
    EXPECT_EQ(replies->at(1).text, bytes);
    EXPECT_EQ(refusal_of(replies->at(2).text), refusal::other);
    EXPECT_EQ(replies->at(3).kind, reply_kind::nothing);
    EXPECT_EQ(replies->at(4).number, 2);
    EXPECT_EQ(replies->at(5).list.size(), 2U);
    EXPECT_TRUE((*opened)->is_usable()) << "a refusal is an answer";
}

TEST(Connection, LargePipelinesComeThroughAndTooLargeOnesAreNotSent) {
    const redis_server server;
    const tls::stop_bell bell;
    const auto opened = connection::open(at(server), bell).value();
    const std::vector<command> large(8, command{"ECHO", std::string(std::size_t{4} << 20, 'x')});
    const auto replies = opened->call(large);
    ASSERT_TRUE(replies) << replies.error().message;
    EXPECT_EQ(replies->back().text.size(), std::size_t{4} << 20);
    EXPECT_EQ(opened->call(std::vector<command>(17, large[0])).error().code, errc::too_large);
    EXPECT_EQ(opened->call(std::vector<command>(most_commands + 1, command{"PING"})).error().code, errc::too_large);
    EXPECT_TRUE(opened->is_usable());
}

TEST(Connection, LogsInAsAUserOfTheAcl) {
    const redis_server server(
        {"--user", "kindred", "on", ">right", "~{site}*", "+ping", "+client", "--user", "default", "off"});
    auto settings = at(server);
    EXPECT_EQ(problem_of(settings), errc::unauthorized) << "nobody";
    settings.user = "kindred";
    settings.password = "wrong";
    EXPECT_EQ(problem_of(settings), errc::unauthorized);
    settings.password = "right";
    const tls::stop_bell bell;
    const auto opened = connection::open(settings, bell);
    ASSERT_TRUE(opened) << opened.error().message;
    const auto replies = (*opened)->call(std::vector<command>{{"PING"}, {"FLUSHALL"}}).value();
    EXPECT_EQ(replies[0].text, "PONG");
    EXPECT_EQ(refusal_of(replies[1].text), refusal::forbidden);
}

TEST(Connection, SpeaksTlsToAServerWhoseCertificateItTrusts) {
    const test::certificate ours;
    const test::certificate other;
    const redis_server server({"--port", "0", "--tls-port", "PORT", "--tls-cert-file", ours.file(), "--tls-key-file",
                               ours.key_file(), "--tls-ca-cert-file", ours.file(), "--tls-auth-clients", "no"});
    auto settings = at(server);
    settings.connect_within = milliseconds{1'000};
    EXPECT_EQ(problem_of(settings), errc::unavailable) << "without TLS";
    settings.tls = true;
    EXPECT_EQ(problem_of(settings), errc::unavailable) << "nobody vouches for it";
    settings.ca_file = other.file();
    EXPECT_EQ(problem_of(settings), errc::unavailable) << "somebody else's certificate";
    settings.ca_file = ours.file();
    const tls::stop_bell bell;
    const auto opened = connection::open(settings, bell);
    ASSERT_TRUE(opened) << opened.error().message;
    const std::string large(1'000'000, 'x');
    EXPECT_EQ((*opened)->call(std::vector<command>{{"ECHO", large}}).value()[0].text, large);
}

TEST(Connection, SaysWhatNobodyAnswersAsUnavailableAndWhatWasSentAsUnknown) {
    redis_server server;
    auto settings = at(server);
    settings.answer_within = milliseconds{100};
    const tls::stop_bell bell;
    const auto opened = connection::open(settings, bell).value();
    server.freeze();
    const auto unanswered = opened->call(std::vector<command>{{"INCR", "once"}});
    EXPECT_EQ(unanswered.error().code, errc::unknown);
    EXPECT_FALSE(opened->is_usable());
    EXPECT_EQ(opened->call(std::vector<command>{{"PING"}}).error().code, errc::unavailable) << "nothing is sent";
    server.thaw();
    // It had been carried out, and nobody was told.
    EXPECT_EQ(connection::open(settings, bell).value()->call(std::vector<command>{{"GET", "once"}}).value()[0].text,
              "1");
    server.kill();
    EXPECT_EQ(problem_of(settings), errc::unavailable);
}

TEST(Connection, AServerThatDiesInTheMiddleOfACommandLeavesItUnknown) {
    redis_server server;
    const tls::stop_bell bell;
    const auto opened = connection::open(at(server), bell).value();
    std::thread killing([&] {
        // Once the command has arrived, which another connection sees.
        const auto other = connection::open(at(server), bell).value();
        while (other->call(std::vector<command>{{"CLIENT", "LIST"}}).value()[0].text.find("cmd=blpop") ==
               std::string::npos)
            std::this_thread::yield();
        server.kill();
    });
    const auto lost =
        opened->call(std::vector<command>{{"INCR", "before"}, {"BLPOP", "nothing", "0"}}, milliseconds{20'000});
    killing.join();
    EXPECT_EQ(lost.error().code, errc::unknown);
    EXPECT_FALSE(opened->is_usable());
}

TEST(Connection, ABellEndsAWait) {
    const redis_server server;
    tls::stop_bell bell;
    const auto opened = connection::open(at(server), bell).value();
    std::thread ringing([&] { bell.ring(); });
    const auto ended = opened->call(std::vector<command>{{"BLPOP", "nothing", "0"}}, milliseconds{20'000});
    ringing.join();
    EXPECT_EQ(ended.error().code, errc::unknown);
}

TEST(Client, ConnectsAgainAfterTheServerWasAway) {
    redis_server server;
    client over(at(server));
    ASSERT_EQ(over.ask({"SET", "kept", "1"}).value().text, "OK");
    server.stop();
    EXPECT_FALSE(over.ask({"GET", "kept"}));
    EXPECT_EQ(over.ask({"GET", "kept"}).error().code, errc::unavailable);
    server.start();
    auto found = over.ask({"GET", "kept"});
    while (!found) found = over.ask({"GET", "kept"});  // until its pause is over
    EXPECT_EQ(found->text, "1");
    over.stop();
    for (int again = 0; again < 1'000; ++again) ASSERT_FALSE(over.ask({"GET", "kept"})) << again;
}

TEST(Client, AQuestionIsAskedAgainOnceAfterALostConnection) {
    redis_server server;
    client over(at(server));
    ASSERT_TRUE(over.ask({"PING"}));
    server.stop();
    server.start();
    // The connection of before is dead, which shows only when it is used.
    EXPECT_EQ(over.ask({"PING"}).value().text, "PONG");
    EXPECT_EQ(over.ask({"NO", "SUCH"}).error().code, errc::forbidden);
}

}  // namespace
}  // namespace kindred::redis
