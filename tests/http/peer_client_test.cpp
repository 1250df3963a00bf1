#include "engine/http/peer_client.hpp"
#include "engine/http/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace kindred::http {
namespace {

using namespace std::chrono_literals;

/// Answers with what it was asked; at /chat it is an echo.
class echo final : public handler {
public:
    std::size_t body_limit(const request&) override { return 1U << 20U; }
    void handle(const request& asked, responder answer) override {
        ++asked_;
        if (asked.wants_websocket() && asked.path == "/chat") return answer.accept(std::make_shared<talk>());
        if (asked.path == "/never") return kept_.push_back(answer);
        response made(200, std::string(asked.method) + ' ' + std::string(asked.target) + ' ' + std::string(asked.body));
        made.header("X-Asked", asked.header("x-asking"));
        answer.send(std::move(made));
    }
    std::atomic<int> asked_{0};

private:
    class talk final : public websocket_events {
    public:
        void on_open(const std::shared_ptr<websocket>& session) override { session_ = session; }
        void on_message(std::string_view text) override {
            const auto open = session_.lock();
            if (text == "leave") return open->close(close_code::policy, "as you wish");
            ASSERT_TRUE(open->send("heard " + std::string(text)));
        }
        void on_close(close_code, std::string_view) override {}

    private:
        std::weak_ptr<websocket> session_;
    };
    std::vector<responder> kept_;
};

class PeerClient : public testing::Test {
protected:
    void SetUp() override {
        const auto port = server_.listen("127.0.0.1", 0, handler_);
        ASSERT_TRUE(port);
        address_ = "127.0.0.1:" + std::to_string(*port);
        server_.start();
    }
    result<client_response> ask(peer_request wanted) {
        std::promise<result<client_response>> told;
        client_.send(std::move(wanted), [&](result<client_response> said) { told.set_value(std::move(said)); });
        return told.get_future().get();
    }
    peer_request to(std::string target, std::string body = {}) const {
        peer_request made;
        made.to = address_;
        made.method = body.empty() ? "GET" : "POST";
        made.target = std::move(target);
        made.headers = {{"Host", "kindred"}, {"X-Asking", "somebody"}};
        made.body = std::move(body);
        return made;
    }

    const std::shared_ptr<echo> handler_ = std::make_shared<echo>();
    server server_{{}};
    std::string address_;
    peer_client client_;
};

TEST_F(PeerClient, asks_one_request_after_the_other_on_a_connection_that_stays) {
    for (int i = 0; i < 20; ++i) {
        const auto said = ask(to("/x?" + std::to_string(i), std::string(static_cast<std::size_t>(i) * 5000, 'b')));
        ASSERT_TRUE(said) << said.error().message;
        EXPECT_EQ(said->status, 200U);
        EXPECT_TRUE(said->body.starts_with(i == 0 ? "GET /x?0 " : "POST /x?"));
    }
    EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(PeerClient, asks_many_at_once_each_with_its_answer) {
    constexpr int many = 500;
    std::promise<void> all;
    std::atomic<int> right{0};
    std::atomic<int> left{many};
    for (int i = 0; i < many; ++i)
        client_.send(to("/" + std::to_string(i)), [&, i](result<client_response> said) {
            if (said && said->body == "GET /" + std::to_string(i) + " ") ++right;
            if (--left == 0) all.set_value();
        });
    all.get_future().wait();
    EXPECT_EQ(right, many);
    EXPECT_LE(server_.connections(), peer_settings{}.most_connections);
}

TEST_F(PeerClient, tells_what_was_surely_not_carried_out_from_what_may_have_been) {
    auto nowhere = to("/");
    nowhere.to = "127.0.0.1:1";
    EXPECT_EQ(ask(nowhere).error().code, errc::unavailable);
    nowhere.to = "no address";
    EXPECT_EQ(ask(nowhere).error().code, errc::unavailable);
    auto late = to("/never");
    late.within = 50ms;
    EXPECT_EQ(ask(late).error().code, errc::unknown);
    std::promise<result<client_response>> cut;
    client_.send(to("/never"), [&](result<client_response> said) { cut.set_value(std::move(said)); });
    while (handler_->asked_ < 2) std::this_thread::yield();
    client_.leave(address_);
    EXPECT_EQ(cut.get_future().get().error().code, errc::unknown);
    EXPECT_TRUE(ask(to("/again")));
    client_.stop();
    EXPECT_EQ(ask(to("/")).error().code, errc::unavailable);
}

/// Says what happens, one thing after the other.
class diary final : public peer_events {
public:
    void on_open(const std::shared_ptr<websocket>& session) override { open_.set_value(session); }
    void on_refused(result<client_response> why) override { refused_.set_value(std::move(why)); }
    void on_message(std::string_view text) override { heard_.set_value(std::string(text)); }
    void on_close(close_code code, std::string_view) override { closed_.set_value(code); }

    std::promise<std::shared_ptr<websocket>> open_;
    std::promise<result<client_response>> refused_;
    std::promise<std::string> heard_;
    std::promise<close_code> closed_;
};

TEST_F(PeerClient, opens_websockets) {
    const auto happened = std::make_shared<diary>();
    client_.open(to("/chat"), happened);
    const auto session = happened->open_.get_future().get();
    ASSERT_TRUE(session->send("one"));
    EXPECT_EQ(happened->heard_.get_future().get(), "heard one");
    ASSERT_TRUE(session->send("leave"));
    EXPECT_EQ(happened->closed_.get_future().get(), close_code::policy);
    EXPECT_FALSE(session->send("more"));
}

TEST_F(PeerClient, tells_how_a_websocket_was_refused_and_when_it_was_cut) {
    const auto refused = std::make_shared<diary>();
    client_.open(to("/no/socket"), refused);
    const auto said = refused->refused_.get_future().get();
    ASSERT_TRUE(said);
    EXPECT_EQ(said->status, 200U);
    const auto cut = std::make_shared<diary>();
    client_.open(to("/chat"), cut);
    (void)cut->open_.get_future().get();
    client_.leave(address_);
    EXPECT_EQ(cut->closed_.get_future().get(), close_code::abnormal);
    const auto nobody = std::make_shared<diary>();
    auto nowhere = to("/chat");
    nowhere.to = "127.0.0.1:1";
    client_.open(nowhere, nobody);
    EXPECT_EQ(nobody->refused_.get_future().get().error().code, errc::unavailable);
}

}  // namespace
}  // namespace kindred::http
