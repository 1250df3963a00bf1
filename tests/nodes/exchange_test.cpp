#include "engine/nodes/exchange.hpp"

#include "engine/nodes/arrival_turns.hpp"
#include "engine/nodes/forwarder.hpp"
#include "engine/nodes/pass.hpp"
#include "tests/nodes/support/remembered_inbox.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace kindred::nodes {
namespace {

using std::chrono::milliseconds;

/// A site that keeps everybody waiting until a test says otherwise.
class slow_site final : public http::handler {
public:
    std::size_t body_limit(const http::request&) override { return 0; }
    void handle(const http::request& asked, http::responder answer) override {
        const std::lock_guard hold(mutex_);
        paths_.emplace_back(asked.path);
        waiting_.push_back(std::move(answer));
    }
    std::vector<std::string> paths() {
        const std::lock_guard hold(mutex_);
        return paths_;
    }
    void answer_all(unsigned status) {
        for (const auto& each : take()) each.send(http::response(status, "said\n"));
    }
    void forget_all() { take().clear(); }

private:
    std::vector<http::responder> take() {
        const std::lock_guard hold(mutex_);
        return std::exchange(waiting_, {});
    }
    std::mutex mutex_;
    std::vector<std::string> paths_;
    std::vector<http::responder> waiting_;
};

class at_a_node : public testing::Test {
protected:
    void lead() {
        exchange_.lead({}, site_, [] { return true; });
    }
    /// Its answer, once there is one.
    std::shared_ptr<std::optional<http::response>> ask(std::string_view path) {
        auto answer = std::make_shared<std::optional<http::response>>();
        http::request asked;
        asked.method = "POST";
        asked.target = path;
        asked.path = path;
        exchange_.handle(asked, http::responder([answer](http::response said) { *answer = std::move(said); }));
        return answer;
    }
    void wait_for_site(std::size_t requests) const {
        const auto until = std::chrono::steady_clock::now() + milliseconds{20'000};
        while (site_->paths().size() < requests && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(milliseconds{1});
        ASSERT_EQ(site_->paths().size(), requests);
    }

    runtime::channel_directory channels_;
    std::shared_ptr<slow_site> site_ = std::make_shared<slow_site>();
    exchange exchange_{{false, "here", milliseconds{100}},
                       channels_,
                       http::static_files(std::map<std::string, std::string, std::less<>>{}),
                       std::make_shared<figures>()};
};

TEST_F(at_a_node, who_is_not_answered_because_the_site_goes_is_told_so) {
    lead();
    const auto answer = ask("/api/v1/tickets/1/replies");
    exchange_.stop_leading();
    site_->forget_all();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->status(), 503U);
    EXPECT_NE((*answer)->body().find("may or may not have been done"), std::string::npos);
}

TEST_F(at_a_node, who_is_not_answered_though_the_site_stays_has_met_a_bug) {
    lead();
    const auto answer = ask("/api/v1/tickets/1/replies");
    site_->forget_all();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->status(), 500U);
    EXPECT_TRUE((*answer)->body().empty());
}

TEST_F(at_a_node, what_the_site_says_is_passed_on_though_it_goes) {
    lead();
    const auto answer = ask("/api/v1/tickets/1/replies");
    exchange_.stop_leading();
    site_->answer_all(201);
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->status(), 201U);
    EXPECT_EQ((*answer)->body(), "said\n");
}

TEST_F(at_a_node, a_request_whose_pass_is_not_believed_is_turned_away_and_may_go_elsewhere) {
    leader here;
    here.key = "ours";
    here.here = true;
    exchange_.lead(here, site_, [] { return true; });
    const system_clock now;
    back_door door(exchange_, now);
    const auto asked_with = [&](std::string_view key) {
        const auto pass = write_pass(key, {"other", "203.0.113.7"}, "POST", "/api/v1/contacts", "", now.now());
        http::request asked;
        asked.method = "POST";
        asked.target = asked.path = "/api/v1/contacts";
        asked.headers = {{pass_header, pass}};
        std::optional<http::response> answer;
        door.handle(asked, http::responder([&answer](http::response said) { answer = std::move(said); }));
        site_->answer_all(401);
        return http::client_response{answer->status(), answer->headers(), std::string(answer->body())};
    };
    const auto stranger = asked_with("theirs");
    EXPECT_EQ(stranger.status, 401U);
    EXPECT_TRUE(is_turned_away(stranger));
    EXPECT_TRUE(site_->paths().empty());
    const auto other_node = asked_with("ours");
    EXPECT_EQ(other_node.status, 401U);
    EXPECT_FALSE(is_turned_away(other_node)) << "what the site itself refuses";
    EXPECT_EQ(site_->paths().size(), 1U);
}

TEST_F(at_a_node, messages_wait_for_their_turn_and_nothing_else_does) {
    remembered_inbox inbox;
    figures shown;
    inbox_reader reader(
        inbox, [](const auto&, const auto& done) { done(true); }, shown);
    lead();
    std::shared_ptr<std::optional<http::response>> refused;
    {
        arrival_turns turns(inbox, reader);
        exchange_.let_in_by(&turns);
        (void)ask("/webhooks/shop");
        wait_for_site(1);
        (void)ask("/api/v1/contacts");
        wait_for_site(2);
        // Nobody reads any more what others have taken in: a message cannot go in before it, and this node has nothing
        // that would take it in instead.
        reader.stop();
        inbox.put(7, "of another node");
        refused = ask("/webhooks/shop");
        (void)ask("/api/v1/tickets");
        exchange_.let_in_by(nullptr);
        wait_for_site(3);
        EXPECT_EQ(site_->paths().back(), "/api/v1/tickets");
    }
    EXPECT_EQ(site_->paths().size(), 3U);
    ASSERT_TRUE(*refused);
    EXPECT_EQ((*refused)->status(), 503U);
    site_->answer_all(200);
}

TEST_F(at_a_node, who_waits_for_a_turn_while_the_site_goes_is_answered_by_whoever_leads_next) {
    remembered_inbox inbox;
    figures shown;
    inbox_reader reader(
        inbox, [](const auto&, const auto& done) { done(true); }, shown);
    lead();
    reader.stop();
    inbox.put(7, "of another node");
    std::shared_ptr<std::optional<http::response>> passed_on = std::make_shared<std::optional<http::response>>();
    {
        arrival_turns turns(inbox, reader);
        exchange_.let_in_by(&turns);
        inbox.is_away = true;  // nobody's turn comes
        (void)ask("/webhooks/shop");
        http::request asked;
        asked.method = "POST";
        asked.target = asked.path = "/webhooks/other";
        exchange_.handle_passed_on(asked,
                                   http::responder([passed_on](http::response said) { *passed_on = std::move(said); }));
        exchange_.let_in_by(nullptr);
        exchange_.stop_leading();
    }
    ASSERT_TRUE(*passed_on);
    EXPECT_EQ((*passed_on)->status(), 503U);
    lead();
    wait_for_site(1);
    EXPECT_EQ(site_->paths().front(), "/webhooks/shop");
    site_->answer_all(200);
}

TEST_F(at_a_node, what_waits_for_a_node_to_lead_is_answered_once_one_does) {
    const auto answer = ask("/api/v1/tickets");
    EXPECT_FALSE(*answer);
    lead();
    wait_for_site(1);
    site_->answer_all(200);
    EXPECT_EQ(site_->paths().size(), 1U) << "and not once more when its time is over";
}

}  // namespace
}  // namespace kindred::nodes
