#include "http/support/raw_client.hpp"
#include "http/support/test_server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <thread>
#include <vector>

namespace kindred::http {
namespace {

using namespace test;

constexpr std::string_view get_hello = "GET /hello?x=1 HTTP/1.1\r\nHost: here\r\n\r\n";

TEST(Server, AnswersARequest) {
    test_server server(echo);
    raw_client client(server.port());
    const auto got = client.ask(get_hello);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 200U);
    EXPECT_EQ(got->body, "GET /hello x=1 ");
    EXPECT_EQ(got->headers.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_TRUE(got->headers.at("date").ends_with(" GMT"));
    EXPECT_FALSE(got->headers.contains("connection"));
}

TEST(Server, KeepsTheConnectionForTheNextRequest) {
    test_server server(echo);
    raw_client client(server.port());
    for (int round = 0; round < 3; ++round) ASSERT_EQ(client.ask(get_hello)->status, 200U);
    EXPECT_EQ(server.seen().seen("connection_opened"), 1U);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    test_server server(echo);
    raw_client client(server.port());
    client.send(
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /3 "
        "HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.receive()->body, "GET /1  ");
    EXPECT_EQ(client.receive()->body, "POST /2  abc");
    EXPECT_EQ(client.receive()->body, "GET /3  ");
}

TEST(Server, TakesARequestByteByByte) {
    test_server server(echo);
    raw_client client(server.port());
    for (const char byte : std::string("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")) {
        client.send({&byte, 1});
    }
    EXPECT_EQ(client.receive()->body, "POST /x  body");
}

TEST(Server, TakesChunkedAndLargeBodies) {
    test_server server(echo);
    raw_client client(server.port());
    EXPECT_EQ(client
                  .ask("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n")
                  ->body,
              "POST /c  abcde");
    const std::string large(300'000, 'z');
    EXPECT_EQ(client.ask("POST /l HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + large)->body,
              "POST /l  " + large);
    EXPECT_EQ(client.ask(get_hello)->status, 200U);
}

TEST(Server, HonoursConnectionCloseAndHttp10) {
    test_server server(echo);
    raw_client closing(server.port());
    EXPECT_EQ(closing.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")->headers.at("connection"), "close");
    EXPECT_TRUE(closing.ends());

    raw_client old(server.port());
    EXPECT_EQ(old.ask("GET / HTTP/1.0\r\n\r\n")->headers.at("connection"), "close");
    EXPECT_TRUE(old.ends());

    raw_client old_but_kept(server.port());
    EXPECT_EQ(old_but_kept.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->headers.at("connection"),
              "keep-alive");
    EXPECT_EQ(old_but_kept.ask("GET / HTTP/1.0\r\n\r\n")->status, 200U);
}

TEST(Server, SendsNoBodyForHead) {
    test_server server(echo);
    raw_client client(server.port());
    client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.receive(false)->headers.at("content-length"), "9");
    EXPECT_EQ(client.ask(get_hello)->body, "GET /hello x=1 ");
}

TEST(Server, TellsTheClientToGoOnWithTheBody) {
    test_server server(echo);
    raw_client client(server.port());
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    ASSERT_TRUE(client.wait_for_interim());
    EXPECT_EQ(client.ask("body")->body, "POST /x  body");
}

TEST(Server, AnswersLaterFromAnotherThread) {
    std::vector<responder> waiting;
    std::mutex guard;
    std::latch arrived(3);
    test_server server([&](const request&, responder answer) {
        {
            const std::lock_guard hold(guard);
            waiting.push_back(std::move(answer));
        }
        arrived.count_down();
    });
    std::vector<std::unique_ptr<raw_client>> clients;
    for (int made = 0; made < 3; ++made) {
        clients.push_back(std::make_unique<raw_client>(server.port()));
        clients.back()->send(get_hello);
    }
    arrived.wait();
    std::thread([&] {
        const std::lock_guard hold(guard);
        for (const auto& each : waiting) each.send(response(202, "later"));
    }).join();
    for (const auto& client : clients) EXPECT_EQ(client->receive()->status, 202U);
}

TEST(Server, TheFirstAnswerCounts) {
    test_server server([](const request&, const responder& answer) {
        answer.send(response(201));
        answer.send(response(400));
    });
    raw_client client(server.port());
    EXPECT_EQ(client.ask(get_hello)->status, 201U);
    EXPECT_EQ(client.ask(get_hello)->status, 201U);
}

TEST(Server, AnswersForAHandlerThatDoesNot) {
    test_server server([](const request&, const responder&) {});
    raw_client client(server.port());
    EXPECT_EQ(client.ask(get_hello)->status, 500U);
    EXPECT_EQ(server.seen().seen("refused unanswered"), 1U);
    EXPECT_EQ(client.ask(get_hello)->status, 500U);
}

TEST(Server, SurvivesAHandlerThatThrows) {
    test_server server([](const request& asked, const responder& answer) {
        if (asked.path == "/bug") throw std::runtime_error("bug");
        answer.send(response(200));
    });
    raw_client client(server.port());
    EXPECT_EQ(client.ask("GET /bug HTTP/1.1\r\nHost: a\r\n\r\n")->status, 500U);
    EXPECT_EQ(client.ask(get_hello)->status, 200U);
}

TEST(Server, RefusesABodyThatTheRouteDoesNotAllow) {
    test_server server(echo, {}, 10);
    raw_client announced(server.port());
    EXPECT_EQ(announced.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")->status, 413U);
    EXPECT_TRUE(announced.ends());
    raw_client chunked(server.port());
    EXPECT_EQ(
        chunked.ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n")
            ->status,
        413U);
    EXPECT_TRUE(chunked.ends());
    EXPECT_EQ(server.seen().seen("refused body_too_large"), 2U);
}

TEST(Server, TellsTheHandlerWhoseBodyWasTooLarge) {
    class counting final : public handler {
    public:
        std::size_t body_limit(const request&) override { return 10; }
        void body_too_large(const request& head) noexcept override { refused += std::string(head.path) + ' '; }
        void handle(const request&, responder) override { refused += "handled "; }
        std::string refused;
    };
    const auto answering = std::make_shared<counting>();
    server one({});
    const auto port = one.listen("127.0.0.1", 0, answering);
    ASSERT_TRUE(port);
    one.start();
    raw_client announced(*port);
    EXPECT_EQ(announced.ask("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")->status, 413U);
    raw_client chunked(*port);
    EXPECT_EQ(chunked
                  .ask("POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n"
                       "5\r\nabcde\r\n")
                  ->status,
              413U);
    one.stop(std::chrono::seconds{1});
    EXPECT_EQ(answering->refused, "/a /b ");
}

TEST(Server, PushesBackWhenTooMuchIsInFlight) {
    server_settings limits;
    limits.max_in_flight = 1;
    std::promise<responder> held;
    test_server server(
        [&](const request& asked, const responder& answer) {
            if (asked.path == "/hold") return held.set_value(answer);
            answer.send(response(200));
        },
        limits);
    raw_client holding(server.port());
    holding.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = held.get_future().get();
    raw_client other(server.port());
    const auto refused = other.ask(get_hello);
    EXPECT_EQ(refused->status, 503U);
    EXPECT_EQ(refused->headers.at("retry-after"), "1");
    answer.send(response(200));
    EXPECT_EQ(holding.receive()->status, 200U);
    EXPECT_EQ(other.ask(get_hello)->status, 200U);
}

TEST(Server, CapsConnectionsPerPeer) {
    server_settings limits;
    limits.max_connections_per_peer = 2;
    test_server server(echo, limits);
    raw_client first(server.port());
    raw_client second(server.port());
    ASSERT_EQ(first.ask(get_hello)->status, 200U);
    ASSERT_EQ(second.ask(get_hello)->status, 200U);
    raw_client third(server.port());
    EXPECT_EQ(third.receive()->status, 503U);
    EXPECT_TRUE(third.ends());
    EXPECT_EQ(server.seen().seen("refused too_many_from_peer"), 1U);
}

TEST(Server, AcceptsListenErrorsAsValues) {
    server one({});
    class nothing final : public handler {
        std::size_t body_limit(const request&) override { return 0; }
        void handle(const request&, responder) override {}
    };
    const auto port = one.listen("127.0.0.1", 0, std::make_shared<nothing>());
    ASSERT_TRUE(port);
    EXPECT_EQ(one.listen("nowhere", 0, std::make_shared<nothing>()).error().code, errc::invalid);
    EXPECT_EQ(one.listen("127.0.0.1", *port, std::make_shared<nothing>()).error().code, errc::io);
}

}  // namespace
}  // namespace kindred::http
