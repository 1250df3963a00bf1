#include "http/support/raw_client.hpp"
#include "http/support/test_server.hpp"
#include "http/support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace kindred::http {
namespace {

using namespace test;

/// Echoes, and remembers what happened.
class echoing_events final : public websocket_events {
public:
    void on_open(const std::shared_ptr<websocket>& session) override {
        const std::lock_guard hold(mutex_);
        session_ = session;
        changed_.notify_all();
    }
    void on_message(std::string_view text) override {
        if (text == "throw") throw std::runtime_error("bug");
        EXPECT_TRUE(session_->send("echo " + std::string(text)));
    }
    void on_close(close_code code, std::string_view) override {
        const std::lock_guard hold(mutex_);
        closes_.push_back(code);
        changed_.notify_all();
    }
    std::shared_ptr<websocket> session() {
        std::unique_lock hold(mutex_);
        changed_.wait_for(hold, std::chrono::seconds(20), [&] { return session_ != nullptr; });
        return session_;
    }
    std::vector<close_code> closes() {
        std::unique_lock hold(mutex_);
        changed_.wait_for(hold, std::chrono::seconds(20), [&] { return !closes_.empty(); });
        return closes_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<websocket> session_;
    std::vector<close_code> closes_;
};

class WebSocket : public testing::Test {
protected:
    static server_settings small_outbox() {
        server_settings limits;
        limits.websocket_outbox_messages = 4;
        return limits;
    }
    std::shared_ptr<echoing_events> events_ = std::make_shared<echoing_events>();
    test_server server_{[this](const request& asked, const responder& answer) {
                            if (asked.path == "/no") return answer.send(response(403));
                            answer.accept(events_, asked.header("sec-websocket-protocol").empty() ? "" : "kindred");
                        },
                        small_outbox()};
    websocket_client client_{server_.port()};
};

TEST_F(WebSocket, OpensTalksAndCloses) {
    ASSERT_EQ(client_.open("/ws", "kindred, other"), 101U);
    EXPECT_EQ(client_.answer()["Sec-WebSocket-Protocol"], "kindred");
    client_.send("hello");
    EXPECT_EQ(client_.receive(), "echo hello");
    client_.close(1000);
    EXPECT_EQ(events_->closes(), std::vector{close_code::normal});
    EXPECT_TRUE(server_.seen().wait_for("websocket_closed"));
    EXPECT_FALSE(events_->session()->send("too late"));
}

TEST_F(WebSocket, IsRefusedByTheHandler) { EXPECT_EQ(client_.open("/no"), 403U); }

TEST_F(WebSocket, RefusesWhatIsNoHandshake) {
    for (const std::string_view fields :
         {"", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: "
          "dGhlIHNhbXBsZSBub25jZQ==\r\n",
          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
          "c2hvcnQ=\r\n"}) {
        raw_client client(server_.port());
        EXPECT_EQ(client.ask("GET /ws HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n")->status, 400U) << fields;
        EXPECT_TRUE(client.ends());
    }
    EXPECT_EQ(server_.seen().seen("refused bad_upgrade"), 4U);
}

TEST_F(WebSocket, SendsFromOtherThreadsInOrder) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    const auto session = events_->session();
    for (int number = 0; number < 50; ++number) {
        ASSERT_TRUE(session->send(std::to_string(number)));
        ASSERT_EQ(client_.receive(), std::to_string(number));
    }
    session->close(close_code::service_restart, "back soon");
    EXPECT_EQ(client_.receive(), std::nullopt);
    EXPECT_EQ(client_.closed_with(), 1012);
    EXPECT_EQ(events_->closes(), std::vector{close_code::service_restart});
}

TEST_F(WebSocket, ClosesAReaderThatIsTooSlow) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    const auto session = events_->session();
    const auto large = std::make_shared<const std::string>(200'000, 'x');
    std::size_t sent = 0;
    while (session->send(large)) ++sent;
    EXPECT_GT(sent, 0U);
    while (client_.receive()) {
    }
    EXPECT_EQ(client_.closed_with(), 1013);
    EXPECT_EQ(events_->closes(), std::vector{close_code::try_again_later});
    EXPECT_EQ(server_.seen().seen("refused slow_websocket"), 1U);
}

TEST_F(WebSocket, SendsWhatIsLargerThanTheOutboxToWhoeverReads) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    const std::string large(server_settings{}.websocket_outbox_bytes + 1, 'x');
    ASSERT_TRUE(events_->session()->send("first"));
    ASSERT_TRUE(events_->session()->send(large));
    EXPECT_EQ(client_.receive(), "first");
    EXPECT_EQ(client_.receive(), large);
}

TEST_F(WebSocket, RefusesTooBigAndBinaryMessages) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    client_.send(std::string(65537, 'x'));
    EXPECT_EQ(client_.receive(), std::nullopt);
    EXPECT_EQ(client_.closed_with(), 1009);

    websocket_client other(server_.port());
    ASSERT_EQ(other.open("/ws"), 101U);
    other.send("bytes", true);
    EXPECT_EQ(other.receive(), std::nullopt);
    EXPECT_EQ(other.closed_with(), 1003);
}

TEST_F(WebSocket, TakesTheLargestMessage) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    client_.send(std::string(65536, 'x'));
    EXPECT_EQ(client_.receive()->size(), 65536U + 5);
}

TEST_F(WebSocket, RefusesTextThatIsNotUtf8) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    client_.send("\xff\xfe");
    EXPECT_EQ(client_.receive(), std::nullopt);
    EXPECT_EQ(client_.closed_with(), 1007);
}

TEST_F(WebSocket, RefusesAnUnmaskedFrame) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    client_.send_raw(std::string("\x81\x02hi", 4));
    EXPECT_EQ(client_.receive(), std::nullopt);
    EXPECT_EQ(client_.closed_with(), 1002);
    EXPECT_EQ(events_->closes(), std::vector{close_code::protocol_error});
}

TEST_F(WebSocket, NoticesAPeerThatVanishes) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    events_->session();
    client_.vanish();
    EXPECT_EQ(events_->closes(), std::vector{close_code::abnormal});
}

TEST_F(WebSocket, ClosesTheSessionOfACallbackThatThrows) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    client_.send("throw");
    EXPECT_EQ(client_.receive(), std::nullopt);
    EXPECT_EQ(client_.closed_with(), 1011);
}

TEST_F(WebSocket, IsToldWhenTheServerStops) {
    ASSERT_EQ(client_.open("/ws"), 101U);
    const auto session = events_->session();
    std::thread stopping([&] { server_.running().stop(std::chrono::seconds(20)); });
    EXPECT_EQ(client_.receive(), std::nullopt);
    EXPECT_EQ(client_.closed_with(), 1001);
    stopping.join();
    EXPECT_EQ(events_->closes(), std::vector{close_code::going_away});
    EXPECT_FALSE(session->send("after the end"));
}

}  // namespace
}  // namespace kindred::http
