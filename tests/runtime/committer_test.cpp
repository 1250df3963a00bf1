#include "engine/runtime/committer.hpp"
#include "engine/store/memory/memory.hpp"
#include "tests/runtime/support/site_run.hpp"
#include "tests/store/support/faulty_store.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using store::commit_state;
using store::store_fault;
using namespace std::chrono_literals;

/// Says which batches it was given together; while it is held, a call lasts until it is let go on.
class attentive_store final : public store::faulty_store {
public:
    attentive_store() : faulty_store(kindred::store::make_memory_store()) {}

    kindred::store::commits_outcome commit_in_turn(
        std::span<const std::shared_ptr<const kindred::store::batch>> batches) override {
        std::vector<std::uint64_t> numbers;
        for (const auto& each : batches) numbers.push_back(each->id.number);
        {
            std::unique_lock hold(mutex_);
            calls_.push_back(std::move(numbers));
            goes_on_.wait_for(hold, patience, [&] { return goes_on_now_; });
        }
        return faulty_store::commit_in_turn(batches);
    }
    void hold_on() { set(false); }
    void go_on() { set(true); }
    std::vector<std::vector<std::uint64_t>> calls() const {
        const std::lock_guard hold(mutex_);
        return calls_;
    }

private:
    void set(bool goes_on) {
        {
            const std::lock_guard hold(mutex_);
            goes_on_now_ = goes_on;
        }
        goes_on_.notify_all();
    }

    mutable std::mutex mutex_;
    std::condition_variable goes_on_;
    bool goes_on_now_ = true;
    std::vector<std::vector<std::uint64_t>> calls_;
};

class deaf_sink final : public effect_sink {
    void publish(const desk_frame&) override {}
    void send(store::outbox_row) override {}
    void withdraw(const withdrawal&) override {}
    void fetch(const file_wish&) override {}
    void deliver_events() override {}
};

class committing : public testing::Test {
protected:
    using numbers = std::vector<std::uint64_t>;

    void hand_over(std::uint64_t number) {
        effects then;
        then.answers.emplace_back([this, number] {
            const std::lock_guard hold(mutex_);
            answered_.push_back(number);
            EXPECT_TRUE(store_.ticket(ticket_id{number})) << "it is told of before it is durable";
        });
        store::batch changes;
        changes.id.incarnation.fill(1);
        changes.id.number = number;
        changes.tickets.emplace_back().id = ticket_id{number};
        commits_.hand_over(std::move(changes), std::move(then));
    }
    /// What changes nothing and has something to say, in its turn.
    void hand_over_words(std::uint64_t number) {
        effects then;
        then.answers.emplace_back([this, number] {
            const std::lock_guard hold(mutex_);
            answered_.push_back(number);
        });
        commits_.hand_over({}, std::move(then));
    }
    numbers answered() {
        const std::lock_guard hold(mutex_);
        return answered_;
    }
    void begin_with_the_first_on_its_way() {
        store_.hold_on();
        hand_over(1);
        ASSERT_TRUE(eventually([&] { return store_.calls().size() == 1; }));
    }

    attentive_store store_;
    deaf_sink sink_;
    std::mutex mutex_;
    numbers answered_;
    committer commits_{store_, sink_, {.retry_every = 1ms, .give_up_after = 1s}, {}, {}, [] {}};
};

TEST_F(committing, WhatWaitsGoesTogetherAndIsToldInItsOrder) {
    begin_with_the_first_on_its_way();
    EXPECT_TRUE(commits_.has_room());
    for (std::uint64_t number = 2; number <= 4; ++number) hand_over(number);
    store_.go_on();
    ASSERT_TRUE(commits_.settle(patience));
    EXPECT_EQ(answered(), (numbers{1, 2, 3, 4}));
    EXPECT_EQ(store_.calls(), (std::vector<numbers>{{1}, {2, 3, 4}}));
}

TEST_F(committing, NoMoreWaitThanTheStoreTakesAtOnce) {
    begin_with_the_first_on_its_way();
    for (std::uint64_t number = 2; commits_.has_room(); ++number) hand_over(number);
    store_.go_on();
    ASSERT_TRUE(commits_.settle(patience));
    ASSERT_EQ(store_.calls().size(), 2U);
    EXPECT_EQ(store_.calls()[1].size(), store_.commits_at_once());
    EXPECT_TRUE(commits_.has_room());
}

TEST_F(committing, WhatOnlySaysSomethingWaitsForThoseBeforeIt) {
    begin_with_the_first_on_its_way();
    hand_over_words(100);
    hand_over(2);
    hand_over_words(101);
    hand_over_words(102);
    hand_over(3);
    store_.go_on();
    ASSERT_TRUE(commits_.settle(patience));
    EXPECT_EQ(answered(), (numbers{1, 100, 2, 101, 102, 3}));
}

class committing_with_a_fault : public committing, public testing::WithParamInterface<store_fault> {};

TEST_P(committing_with_a_fault, GoesOnFromTheOneThatFailed) {
    begin_with_the_first_on_its_way();
    for (std::uint64_t number = 2; number <= 5; ++number) hand_over(number);
    store_.then(store_fault::none, 2);
    store_.then(GetParam(), 2);
    store_.go_on();
    ASSERT_TRUE(commits_.settle(patience));
    EXPECT_EQ(commits_.health(), store_health::good);
    EXPECT_EQ(answered(), (numbers{1, 2, 3, 4, 5}));
    EXPECT_EQ(store_.calls(), (std::vector<numbers>{{1}, {2, 3, 4, 5}, {3, 4, 5}, {3, 4, 5}}));
    EXPECT_EQ(store_.commits(), 5U);
}

INSTANTIATE_TEST_SUITE_P(each, committing_with_a_fault,
                         testing::Values(store_fault::refuse, store_fault::unknown_applied, store_fault::unknown_lost),
                         [](const auto& given) { return "fault" + std::to_string(static_cast<int>(given.param)); });

TEST_F(committing, AfterABrokenDiskNothingBehindItIsTold) {
    begin_with_the_first_on_its_way();
    for (std::uint64_t number = 2; number <= 4; ++number) hand_over(number);
    store_.then(store_fault::none, 2);
    store_.then(store_fault::broken);
    store_.go_on();
    EXPECT_EQ(commits_.wait_until_idle(), store_health::broken);
    commits_.stop();
    EXPECT_EQ(answered(), (numbers{1, 2}));
}

TEST_F(committing, GivesUpWhatItCannotWriteAndWhatWaitsBehindIt) {
    begin_with_the_first_on_its_way();
    for (std::uint64_t number = 2; number <= 4; ++number) hand_over(number);
    store_.then(store_fault::none, 2);
    store_.then(store_fault::refuse, 1'000'000);
    store_.go_on();
    EXPECT_EQ(commits_.wait_until_idle(), store_health::gave_up);
    store_.heal();
    commits_.start_over();
    hand_over(9);
    ASSERT_TRUE(commits_.settle(patience));
    EXPECT_EQ(answered(), (numbers{1, 2, 9}));
}

TEST(busy_site, SealsAStepThatHasGrownWhileOthersAreBeingWritten) {
    auto made = std::make_unique<attentive_store>();
    auto& durable = *made;
    site_run run(std::move(made));
    const auto before = durable.calls().size();
    durable.hold_on();
    std::vector<std::future<std::vector<outcome>>> brought;
    const auto bring = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const auto number = std::to_string(brought.size());
            brought.push_back(run.bring({message_of("v" + number, "m" + number)}));
        }
        const auto all = "kindred_decision_seconds_count " + std::to_string(brought.size()) + "\n";
        return eventually([&] { return run.site().figures().text().find(all) != std::string::npos; });
    };
    ASSERT_TRUE(bring(1));
    ASSERT_TRUE(eventually([&] { return durable.calls().size() == before + 1; }));
    // Each of these steps is on its way once the next one has begun.
    for (const int count : {100, 100, 1}) ASSERT_TRUE(bring(count));
    durable.go_on();
    for (auto& each : brought) EXPECT_EQ(value_of(std::move(each)).at(0).what, outcome::state::accepted);
    run.settle();
    const auto calls = durable.calls();
    ASSERT_GT(calls.size(), before + 1);
    EXPECT_GE(calls[before + 1].size(), 2U);
}

}  // namespace
}  // namespace kindred::runtime
