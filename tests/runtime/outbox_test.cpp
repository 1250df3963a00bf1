#include "engine/runtime/sending/outbox.hpp"

#include "engine/runtime/tickets/reply_context.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;
using became = channel::delivery::state;

TEST(BackOff, DoublesFromASecondToTenMinutesAndNeverBeforeTheProviderSays) {
    struct row {
        std::uint32_t attempts;
        std::optional<duration> asked;
        duration wanted;
    };
    for (const auto& [attempts, asked, wanted] : std::initializer_list<row>{
             {1, {}, 1s},
             {2, {}, 2s},
             {3, {}, 4s},
             {10, {}, 512s},
             {11, {}, 10min},
             {60, {}, 10min},
             {UINT32_MAX, {}, 10min},
             {1, 0s, 1s},
             {1, 30s, 30s},
             {60, 1s, 10min},
             {60, 1h, 1h},
         })
        EXPECT_EQ(back_off(attempts, asked), wanted) << attempts;
}

TEST(WorthAnotherTry, UntilADayOrSixtyTries) {
    EXPECT_TRUE(worth_another_try(1, 0s));
    EXPECT_TRUE(worth_another_try(59, 24h - 1ms));
    EXPECT_FALSE(worth_another_try(60, 0s));
    EXPECT_FALSE(worth_another_try(1, 24h));
}

http::client_settings local_calls() {
    http::client_settings settings;
    settings.threads = 1;
    settings.trusted_hosts = {"127.0.0.1"};
    return settings;
}

/// An outbox whose reports are looked at one by one.
class sending : public testing::Test {
protected:
    sending() { outbox_.connect(chats_); }
    ~sending() override {
        outbox_.stop();
        calls_.stop(patience);
    }

    void add(std::uint64_t id, const std::string& text, ticket_id ticket = ticket_id{1},
             const std::string& channel = "chat") {
        channel::outgoing message;
        message.text = text;
        message.from = "v" + to_string(ticket);
        message.idempotency_key = "key-" + std::to_string(id);
        message.at = clock_.now();
        store::outbox_row row;
        row.id = outbox_id{id};
        row.ticket = ticket;
        row.channel = channel;
        row.due = clock_.now();
        row.json = to_json(message);
        outbox_.add(std::move(row));
    }
    /// The next report; it is on record only when the test calls done().
    delivery_report next() {
        std::unique_lock hold(mutex_);
        if (!came_.wait_for(hold, patience, [&] { return !reports_.empty(); }))
            throw std::runtime_error("no report came");
        auto report = std::move(reports_.front());
        reports_.pop_front();
        return report;
    }
    void refuse_reports(int times) {
        const std::lock_guard hold(mutex_);
        refuse_ = times;
    }
    /// Time passes, and the outbox hears of it.
    void advance(duration by) {
        clock_.advance(by);
        outbox_.visitor_arrived("chat", "nobody");
    }

    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<delivery_report> reports_;
    int refuse_ = 0;
    manual_clock clock_;
    const channel_directory channels_ = test_channels();
    http::client calls_{local_calls()};
    outbox outbox_{channels_, calls_, clock_, [this](delivery_report report) {
                       const std::lock_guard hold(mutex_);
                       const bool taken = refuse_ == 0;
                       if (!taken)
                           --refuse_;
                       else
                           reports_.push_back(std::move(report));
                       came_.notify_all();
                       return taken;
                   }};
    chat_hub chats_{
        [this](const std::string& channel, const std::string& visitor) { outbox_.visitor_arrived(channel, visitor); }};
};

TEST_F(sending, AMessageReachesAnOpenChat) {
    const auto chat = std::make_shared<listening_socket>();
    chats_.enter("chat", "v1", chat);
    add(1, "good day");
    const auto report = next();
    EXPECT_EQ(report.message, outbox_id{1});
    EXPECT_EQ(report.became.outcome, became::sent);
    EXPECT_EQ(report.attempts, 1U);
    EXPECT_EQ(chat->heard(), std::vector<std::string>{R"({"number":100000,"text":"good day","key":"key-1"})"});
    report.done();
    EXPECT_EQ(outbox_.pending(), 0U);
}

TEST_F(sending, TheNextOneOfATicketWaitsUntilTheOneBeforeIsOnRecord) {
    const auto chat = std::make_shared<listening_socket>();
    chats_.enter("chat", "v1", chat);
    chats_.enter("chat", "v2", std::make_shared<listening_socket>());
    add(1, "one");
    add(2, "two");
    const auto first = next();
    add(3, "elsewhere", ticket_id{2});
    EXPECT_EQ(next().message, outbox_id{3}) << "other tickets do not wait";
    EXPECT_EQ(chat->heard().size(), 1U);
    EXPECT_EQ(outbox_.pending(), 3U);
    first.done();
    EXPECT_EQ(next().message, outbox_id{2});
    EXPECT_EQ(chat->heard().size(), 2U);
}

TEST_F(sending, SettlingWaitsForWhatIsOnItsWayAndBeginsNothing) {
    const auto chat = std::make_shared<listening_socket>();
    chats_.enter("chat", "v1", chat);
    add(1, "one");
    add(2, "two");
    const auto first = next();
    EXPECT_FALSE(outbox_.settle(1ms)) << "what became of the first is not on record";
    add(3, "elsewhere", ticket_id{2});
    std::thread recorded([&first] { first.done(); });
    EXPECT_TRUE(outbox_.settle(patience));
    recorded.join();
    EXPECT_EQ(chat->heard().size(), 1U);
    EXPECT_EQ(outbox_.pending(), 2U) << "whoever goes on sends them";
}

TEST_F(sending, WhatFailsForNowIsTriedAgainLaterBeforeItsFollowers) {
    chats_.enter("chat", "v1", std::make_shared<listening_socket>());
    add(1, "unreachable");
    add(2, "follows");
    duration wait = 1s;
    for (std::uint32_t attempts = 1; attempts <= 4; ++attempts, wait *= 2) {
        const auto report = next();
        EXPECT_EQ(report.message, outbox_id{1});
        EXPECT_EQ(report.became.outcome, became::retry);
        EXPECT_EQ(report.attempts, attempts);
        report.done();
        advance(wait);
    }
}

TEST_F(sending, ItIsGivenUpVisiblyAndTheRestGoesOn) {
    chats_.enter("chat", "v1", std::make_shared<listening_socket>());
    add(1, "unreachable");
    add(2, "follows");
    next().done();
    advance(24h);
    const auto last = next();
    EXPECT_EQ(last.became.outcome, became::failed);
    EXPECT_TRUE(last.became.reason.ends_with(" (given up after 2 tries)")) << last.became.reason;
    last.done();
    const auto follower = next();
    EXPECT_EQ(follower.message, outbox_id{2});
    EXPECT_EQ(follower.became.outcome, became::sent);
}

TEST_F(sending, WhatCanNeverBeSentFailsAtOnce) {
    add(1, "unsendable");
    const auto wrong = next();
    EXPECT_EQ(wrong.became.outcome, became::failed);
    EXPECT_EQ(wrong.became.reason, "text: cannot be sent");
    add(2, "good day", ticket_id{2}, "retired");
    const auto nowhere = next();
    EXPECT_EQ(nowhere.became.outcome, became::failed);
    EXPECT_EQ(nowhere.became.reason, "the channel is no longer configured");
}

TEST_F(sending, AVisitorWhoIsAwayGetsItWhenHeComesBack) {
    add(1, "good day");
    add(2, "for another", ticket_id{2});
    chats_.enter("chat", "v2", std::make_shared<listening_socket>());
    EXPECT_EQ(next().message, outbox_id{2});
    const auto chat = std::make_shared<listening_socket>();
    chats_.enter("chat", "v1", chat);
    EXPECT_EQ(next().became.outcome, became::sent);
    EXPECT_EQ(chat->heard().size(), 1U);
}

/// A chat that breaks while it is written to, and whose visitor is back before anybody could note that he left.
class reconnecting_socket final : public http::websocket {
public:
    explicit reconnecting_socket(std::function<void()> arrived) : arrived_(std::move(arrived)) {}
    [[nodiscard]] bool send(http::shared_text) override {
        if (std::exchange(back_, true)) return true;
        arrived_();
        return false;
    }
    using http::websocket::send;
    void close(http::close_code, std::string_view) override {}
    const std::string& peer() const override { return peer_; }

private:
    const std::function<void()> arrived_;
    const std::string peer_ = "192.0.2.1";
    bool back_ = false;
};

TEST_F(sending, AVisitorWhoComesBackWhileHeIsTriedGetsIt) {
    chats_.enter("chat", "v1",
                 std::make_shared<reconnecting_socket>([this] { outbox_.visitor_arrived("chat", "v1"); }));
    add(1, "still there?");
    EXPECT_EQ(next().became.outcome, became::sent);
}

TEST_F(sending, WhatCannotBeRecordedYetIsReportedAgain) {
    chats_.enter("chat", "v1", std::make_shared<listening_socket>());
    refuse_reports(1);
    add(1, "good day");
    ASSERT_TRUE(eventually([&] {
        const std::lock_guard hold(mutex_);
        return refuse_ == 0;
    }));
    EXPECT_EQ(outbox_.pending(), 1U);
    // Repeated until the outbox has noted when it is due again.
    ASSERT_TRUE(eventually([&] {
        advance(1s);
        const std::lock_guard hold(mutex_);
        return !reports_.empty();
    }));
    const auto report = next();
    EXPECT_EQ(report.message, outbox_id{1});
    report.done();
    EXPECT_EQ(outbox_.pending(), 0U);
}

TEST_F(sending, AfterAStopNothingLeaves) {
    outbox_.stop();
    add(1, "good day");
    const auto chat = std::make_shared<listening_socket>();
    chats_.enter("chat", "v1", chat);
    EXPECT_TRUE(chat->heard().empty());
    EXPECT_EQ(outbox_.pending(), 1U);
}

TEST(OutboxForm, IsReadBackWhole) {
    channel::outgoing message;
    message.idempotency_key = "k-1";
    message.text = "line\n\"quoted\"";
    message.ticket = "7";
    message.automatic = true;
    message.at = test_start;
    message.agent_name = "Ann";
    message.agent_address = "client:ann";
    message.from = "v1";
    message.to = "us";
    message.thread = "t";
    message.subject = "s";
    message.provider_message_id = "m1";
    message.references = {"a", "b"};
    message.details = R"({"topic":7})";
    const auto read = outgoing_from_json(to_json(message));
    EXPECT_EQ(to_json(read), to_json(message));
    EXPECT_EQ(read.text, message.text);
    EXPECT_EQ(read.references, message.references);
    EXPECT_EQ(read.at, message.at);
}

}  // namespace
}  // namespace kindred::runtime
