#include "engine/http/client.hpp"
#include "engine/tls/server_identity.hpp"
#include "http/support/raw_client.hpp"
#include "http/support/test_server.hpp"
#include "http/support/tls_client.hpp"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace kindred::http {
namespace {

using namespace test;
using kindred::test::certificate;

class OverTls : public testing::Test {
protected:
    const certificate ours_;
    const std::shared_ptr<tls::server_identity> identity_ =
        *tls::server_identity::load({ours_.file(), ours_.key_file()});
};

/// What a client that believes this certificate alone gets.
result<client_response> fetched(const certificate& believed, const std::string& url, std::string body = {}) {
    client_settings settings;
    settings.trusted_hosts = {"127.0.0.1"};
    settings.ca_file = believed.file();
    settings.max_response_bytes = 64U << 20U;
    client calling(settings);
    http_call call;
    call.method = body.empty() ? "GET" : "POST";
    call.url = url;
    call.body = std::move(body);
    std::promise<result<client_response>> told;
    EXPECT_TRUE(calling.submit(std::move(call), [&](result<client_response> got) { told.set_value(std::move(got)); }));
    return told.get_future().get();
}

TEST_F(OverTls, AnswersAsInTheOpen) {
    test_server server(echo, {}, 8U << 20U, identity_);
    const auto base = "https://127.0.0.1:" + std::to_string(server.port());
    const auto got = fetched(ours_, base + "/a?b");
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->status, 200U);
    EXPECT_EQ(got->body, "GET /a b ");
    const std::string large(5U << 20U, 'x');
    const auto back = fetched(ours_, base + "/up", large);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->body, "POST /up  " + large);
    const certificate stranger;
    EXPECT_EQ(fetched(stranger, base + "/a").error().code, errc::unavailable);
}

TEST_F(OverTls, TakesPipelinedRequestsInOneRecordAndSaysGoodbye) {
    test_server server(echo, {}, 1U << 20U, identity_);
    tls_client client(server.port());
    ASSERT_TRUE(client.is_connected());
    client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const auto got = client.read_until("/two  ");
    EXPECT_NE(got.find("GET /one"), std::string::npos);
    EXPECT_NE(got.find("GET /two"), std::string::npos);
    EXPECT_TRUE(client.was_told_goodbye());
}

TEST_F(OverTls, SpeaksNothingOlderThan12) {
    test_server server(echo, {}, 1U << 20U, identity_);
    EXPECT_FALSE(tls_client(server.port(), TLS1_VERSION).is_connected());
    EXPECT_FALSE(tls_client(server.port(), TLS1_1_VERSION).is_connected());
    EXPECT_EQ(tls_client(server.port(), TLS1_2_VERSION).version(), "TLSv1.2");
    EXPECT_EQ(tls_client(server.port()).version(), "TLSv1.3");
    EXPECT_TRUE(server.seen().wait_for("refused failed_handshake", 2));
}

TEST_F(OverTls, EndsHandshakesThatDoNotEndThemselves) {
    test_server server(echo, impatient(), 1U << 20U, identity_);
    raw_client silent(server.port());
    raw_client half(server.port());
    half.send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));  // the beginning of a ClientHello
    EXPECT_TRUE(silent.ends());
    EXPECT_TRUE(half.ends());
    EXPECT_TRUE(server.seen().wait_for("refused slow_handshake", 2));
    EXPECT_TRUE(server.seen().wait_for("connection_closed", 2));
}

TEST_F(OverTls, CountsHandshakesAsConnections) {
    server_settings limits;
    limits.max_connections = 2;
    test_server server(echo, limits, 1U << 20U, identity_);
    const raw_client one(server.port());
    const raw_client two(server.port());
    ASSERT_TRUE(server.seen().wait_for("connection_opened", 2));
    EXPECT_FALSE(tls_client(server.port()).is_connected());
    EXPECT_TRUE(server.seen().wait_for("refused too_many_connections"));
}

TEST_F(OverTls, RefusesPlainHttpWithoutAnAnswer) {
    test_server server(echo, {}, 1U << 20U, identity_);
    raw_client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_FALSE(client.receive());
    EXPECT_TRUE(server.seen().wait_for("refused failed_handshake"));
}

TEST_F(OverTls, GoesOnWithOldConnectionsAndGivesNewOnesTheNewCertificate) {
    test_server server(echo, {}, 1U << 20U, identity_);
    tls_client old(server.port());
    ASSERT_TRUE(old.is_served_by(ours_));
    const certificate renewed;
    renewed.write_to(ours_.file(), ours_.key_file());
    ASSERT_TRUE(identity_->reload());
    tls_client fresh(server.port());
    EXPECT_TRUE(fresh.is_served_by(renewed));
    old.send("GET /still HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_NE(old.read_until("/still  ").find("200 OK"), std::string::npos);
}

TEST_F(OverTls, EndsAReaderThatDoesNotRead) {
    test_server server(
        [](const request&, const responder& answer) { answer.send(response(200, std::string(64U << 20U, 'x'))); },
        [] {
            auto limits = impatient();
            limits.handshake_within = std::chrono::seconds{20};
            return limits;
        }(),
        1U << 20U, identity_);
    tls_client client(server.port());
    ASSERT_TRUE(client.is_connected());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(server.seen().wait_for("refused slow_reader"));
}

TEST_F(OverTls, SendsALargeAnswerToASlowReader) {
    test_server server([](const request&,
                          const responder& answer) { answer.send(response(200, std::string(8U << 20U, 'x') + "end")); },
                       {}, 1U << 20U, identity_);
    tls_client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_GT(client.read_until("xend").size(), 8U << 20U);
}

}  // namespace
}  // namespace kindred::http
