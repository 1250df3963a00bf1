#include "http/support/raw_client.hpp"
#include "http/support/test_server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

namespace kindred::http {
namespace {

using namespace test;

TEST(Limits, EndAHeaderThatDoesNotCome) {
    test_server server(echo, impatient());
    raw_client client(server.port());
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost:")->status, 408U);
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server.seen().seen("refused slow_header"), 1U);
}

TEST(Limits, EndABodyThatDoesNotCome) {
    test_server server(echo, impatient());
    raw_client client(server.port());
    EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc")->status, 408U);
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server.seen().seen("refused slow_body"), 1U);
}

TEST(Limits, EndIdleConnectionsWithoutAWord) {
    test_server server(echo, impatient());
    raw_client silent(server.port());
    EXPECT_TRUE(silent.ends());
    raw_client idle(server.port());
    ASSERT_EQ(idle.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200U);
    EXPECT_TRUE(idle.ends());
}

TEST(Limits, AnswerForAHandlerThatTakesTooLong) {
    std::promise<responder> held;
    test_server server([&](const request&, const responder& answer) { held.set_value(answer); }, impatient());
    raw_client client(server.port());
    const auto got = client.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(got->status, 503U);
    EXPECT_TRUE(client.ends());
    held.get_future().get().send(response(200, "too late"));
}

TEST(Limits, EndAReaderThatDoesNotRead) {
    test_server server(
        [](const request&, const responder& answer) { answer.send(response(200, std::string(64U << 20U, 'x'))); },
        impatient());
    raw_client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(server.seen().wait_for("refused slow_reader"));
}

TEST(Limits, BoundTheMemoryOfAllBodies) {
    server_settings limits;
    limits.max_buffered_bytes = 300'000;
    test_server server(echo, limits, 10U << 20U);
    const auto post = [](std::size_t size) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
               std::string(size, 'x');
    };
    for (int round = 0; round < 3; ++round) {
        raw_client greedy(server.port());
        const auto refused = greedy.ask(post(2'500'000));
        EXPECT_EQ(refused->status, 503U);
        EXPECT_EQ(refused->headers.at("retry-after"), "1");
        raw_client modest(server.port());
        EXPECT_EQ(modest.ask(post(200'000))->status, 200U);
    }
    EXPECT_EQ(server.seen().seen("refused too_much_buffered"), 3U);
}

TEST(Drain, FinishesWhatIsInFlightAndEndsTheRest) {
    std::promise<responder> held;
    test_server server([&](const request&, const responder& answer) { held.set_value(answer); });
    raw_client idle(server.port());
    raw_client asking(server.port());
    asking.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = held.get_future().get();
    std::thread stopping([&] { server.running().stop(std::chrono::seconds(20)); });
    EXPECT_TRUE(idle.ends());
    answer.send(response(200, "in time"));
    const auto got = asking.receive();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->body, "in time");
    EXPECT_EQ(got->headers.at("connection"), "close");
    asking.finish_sending();
    stopping.join();
    EXPECT_EQ(server.running().connections(), 0U);
}

TEST(Drain, RefusesRequestsThatCompleteTooLate) {
    test_server server(echo);
    raw_client idle(server.port());
    ASSERT_EQ(idle.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200U);
    raw_client halfway(server.port());
    ASSERT_EQ(halfway.ask("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n")->status, 200U);
    std::thread stopping([&] { server.running().stop(std::chrono::seconds(20)); });
    EXPECT_TRUE(idle.ends());
    const auto got = halfway.ask("Host: a\r\n\r\n");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 503U);
    EXPECT_EQ(got->headers.at("retry-after"), "1");
    halfway.finish_sending();
    stopping.join();
    EXPECT_EQ(server.seen().seen("refused draining"), 1U);
}

TEST(Drain, CutsWhatDoesNotFinish) {
    std::promise<responder> held;
    test_server server([&](const request&, const responder& answer) { held.set_value(answer); });
    raw_client asking(server.port());
    asking.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = held.get_future().get();
    server.running().stop(std::chrono::milliseconds{0});
    EXPECT_TRUE(asking.ends());
    answer.send(response(200, "nobody hears it"));
}

TEST(Drain, TakesAnswersFromManyThreadsWhileItStops) {
    std::mutex guard;
    std::vector<responder> waiting;
    server_settings limits;
    limits.threads = 2;
    test_server server(
        [&](const request&, responder answer) {
            const std::lock_guard hold(guard);
            waiting.push_back(std::move(answer));
        },
        limits);
    std::vector<std::unique_ptr<raw_client>> clients;
    for (int made = 0; made < 16; ++made) {
        clients.push_back(std::make_unique<raw_client>(server.port()));
        clients.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    std::atomic<bool> stopped = false;
    std::thread answering([&] {
        while (!stopped) {
            const std::lock_guard hold(guard);
            for (const auto& each : waiting) each.send(response(200));
            waiting.clear();
        }
    });
    server.running().stop(std::chrono::milliseconds{1});
    stopped = true;
    answering.join();
    for (const auto& each : waiting) each.send(response(200));
    EXPECT_EQ(server.running().connections(), 0U);
}

}  // namespace
}  // namespace kindred::http
