#include "tests/runtime/support/site_run.hpp"
#include "tests/runtime/support/stored_state.hpp"
#include "tests/store/support/faulty_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;
using state = outcome::state;
using store::store_fault;
using texts = std::vector<std::string>;

constexpr std::size_t for_long = 1'000'000;

class restart : public testing::Test {
protected:
    void begin() { run_ = std::make_unique<site_run>(store::make_memory_store(disk_), now_); }
    void end() {
        now_ = run_->clock().now();
        run_.reset();
    }

    const std::shared_ptr<store::memory_disk> disk_ = store::make_memory_disk();
    time_point now_ = test_start;
    std::unique_ptr<site_run> run_;
};

TEST_F(restart, WhatWasOpenGoesOn) {
    begin();
    const auto desk = run_->open_desk(site_run::ann);
    ASSERT_TRUE(run_->set_presence(site_run::ann, dispatch::presence::available));
    const auto held = run_->contact(message_of("v1", "m1"));
    ASSERT_TRUE(run_->answer(site_run::ann, offer_on(*desk), true));
    ASSERT_TRUE(run_->act(site_run::ann, held.ticket, action::reply{"for when you are back"}, "k1"));
    const auto resolved = run_->contact(message_of("v2", "m2")).ticket;
    ASSERT_TRUE(run_->answer(site_run::ann, offer_on(*desk), true));
    ASSERT_TRUE(run_->act(site_run::ann, resolved, action::resolve{}));
    const auto offered = run_->contact(message_of("v3", "m3")).ticket;
    const auto offer = offer_on(*desk);
    const auto waiting = run_->contact(message_of("v4", "m4"), "narrow").ticket;
    end();
    const auto before = hash_on(disk_, now_);

    begin();
    const auto status_of = [&](ticket_id ticket) { return run_->durable().ticket(ticket).value().status; };
    EXPECT_EQ(status_of(held.ticket), store::ticket_status::held);
    EXPECT_EQ(status_of(resolved), store::ticket_status::resolved);
    EXPECT_EQ(status_of(offered), store::ticket_status::offered);
    EXPECT_EQ(status_of(waiting), store::ticket_status::waiting);
    EXPECT_EQ(run_->site().people()->all().size(), 2U);

    const auto chat = run_->open_chat("v1");
    ASSERT_TRUE(run_->delivered(held.ticket));
    ASSERT_EQ(chat->heard().size(), 1U) << "what was not delivered leaves now, once";
    EXPECT_NE(chat->heard()[0].find("for when you are back"), std::string::npos);

    const auto again = run_->contact(message_of("v1", "m1"));
    EXPECT_EQ(again.what, state::duplicate);
    EXPECT_EQ(again.entry, held.entry);
    const auto repeated = run_->act(site_run::ann, held.ticket, action::reply{"for when you are back"}, "k1");
    ASSERT_TRUE(repeated);
    EXPECT_TRUE(json::document::parse(*repeated).value()["repeated"].boolean().value_or(false));
    EXPECT_EQ(run_->contact(message_of("v1", "m5")).ticket, held.ticket);
    EXPECT_EQ(run_->contact(message_of("v5", "m6")).ticket, ticket_id{waiting.value + 1}) << "numbers go on";
    EXPECT_TRUE(run_->answer(site_run::ann, offer, true)) << "an offer outlives the process that made it";
    EXPECT_TRUE(run_->act(site_run::ann, held.ticket, action::resolve{}));
    EXPECT_NE(hash_on(disk_, now_), before) << "the hash sees such things";
}

TEST_F(restart, ChangesNothing) {
    begin();
    const auto desk = run_->open_desk(site_run::ann);
    ASSERT_TRUE(run_->set_presence(site_run::ann, dispatch::presence::available));
    run_->contact(message_of("v1", "m1"));
    run_->contact(message_of("v2", "m2"));
    ASSERT_TRUE(run_->answer(site_run::ann, offer_on(*desk), true));
    end();
    const auto before = hash_on(disk_, now_);
    for (int i = 0; i < 3; ++i) {
        begin();
        end();
        EXPECT_EQ(hash_on(disk_, now_), before) << i;
    }
}

/// A site on a store that fails as it is told.
class struggling_store : public testing::TestWithParam<store_fault> {
protected:
    store::faulty_store* faults_ = nullptr;
    std::unique_ptr<site_run> run_ = make_run();
    std::shared_ptr<listening_socket> desk_ = available_ann();

    std::unique_ptr<site_run> make_run() {
        auto faulty = std::make_unique<store::faulty_store>(store::make_memory_store());
        faults_ = faulty.get();
        return std::make_unique<site_run>(std::move(faulty));
    }
    std::shared_ptr<listening_socket> available_ann() {
        auto desk = run_->open_desk(site_run::ann);
        EXPECT_TRUE(run_->set_presence(site_run::ann, dispatch::presence::available));
        return desk;
    }
    bool becomes(store_health health) const {
        return eventually([&] { return run_->site().health() == health; });
    }
};

TEST_P(struggling_store, NothingIsSaidBeforeItIsDurableAndThenAllOfItOnce) {
    faults_->then(GetParam(), for_long);
    const auto heard = desk_->heard();
    auto promised = run_->bring({message_of("v1", "m1")});
    ASSERT_TRUE(becomes(store_health::struggling));
    EXPECT_NE(promised.wait_for(0s), std::future_status::ready) << "an acknowledgement is a promise";
    EXPECT_EQ(desk_->heard(), heard) << "an offer of a ticket that may never have been";
    EXPECT_FALSE(run_->site().submit(board_question{})) << "what cannot be made durable is not taken in";

    faults_->heal();
    const auto became = value_of(std::move(promised));
    EXPECT_EQ(became.at(0).what, state::accepted);
    EXPECT_EQ(became.at(0).ticket, ticket_id{1});
    ASSERT_TRUE(becomes(store_health::good));
    run_->settle();
    EXPECT_EQ(run_->kinds_of(ticket_id{1}), (texts{"contact", "decision", "queued", "offered"}));
    EXPECT_EQ(run_->tickets(), 1U);
    EXPECT_EQ(frames_of(*desk_, "offer").size(), 1U);
    EXPECT_EQ(run_->contact(message_of("v1", "m1")).what, state::duplicate);
    EXPECT_TRUE(run_->answer(site_run::ann, offer_on(*desk_), true));
}

TEST_P(struggling_store, AMessageLeavesOnceAfterItsReplyIsDurable) {
    run_->contact(message_of("v1", "m1"));
    ASSERT_TRUE(run_->answer(site_run::ann, offer_on(*desk_), true));
    const auto chat = run_->open_chat("v1");
    faults_->then(GetParam(), for_long);
    ticket_action wanted;
    wanted.by = site_run::ann;
    wanted.ticket = ticket_id{1};
    wanted.what = action::reply{"good day"};
    std::promise<bool> sent;
    wanted.done = [&](const result<std::string>& said) { sent.set_value(said.has_value()); };
    run_->submit(std::move(wanted));
    ASSERT_TRUE(becomes(store_health::struggling));
    EXPECT_TRUE(chat->heard().empty());
    faults_->heal();
    EXPECT_TRUE(value_of(sent.get_future()));
    ASSERT_TRUE(becomes(store_health::good));
    ASSERT_TRUE(run_->delivered(ticket_id{1}));
    EXPECT_EQ(chat->heard().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(every_way, struggling_store,
                         testing::Values(store_fault::refuse, store_fault::unknown_applied, store_fault::unknown_lost),
                         [](const auto& given) {
                             switch (given.param) {
                                 case store_fault::refuse: return "refused";
                                 case store_fault::unknown_applied: return "applied_and_not_said";
                                 default: return "lost";
                             }
                         });

/// Providers who bring everything again that was not acknowledged, and some of what was, while the store stumbles.
TEST(StumblingStore, EveryContactIsThereOnceAndAnsweredTheSameEachTime) {
    std::mt19937 random(7);
    const auto any = [&](std::uint64_t most) { return random() % most; };
    auto faulty = std::make_unique<store::faulty_store>(store::make_memory_store());
    auto& faults = *faulty;
    site_run run(std::move(faulty));
    constexpr std::size_t contacts = 60;
    std::vector<std::pair<std::size_t, std::future<std::vector<outcome>>>> brought;
    for (std::size_t i = 0; i < 4 * contacts; ++i) {
        const auto which = i < contacts ? i : any(contacts);
        if (any(4) == 0)
            faults.then(
                std::array{store_fault::refuse, store_fault::unknown_applied, store_fault::unknown_lost}[any(3)],
                1 + any(3));
        ASSERT_TRUE(eventually([&] { return run.site().accepting(); }));
        try {
            brought.emplace_back(
                which, run.bring({message_of("v" + std::to_string(which % 17), "m" + std::to_string(which))}));
        } catch (const std::runtime_error&) {
            --i;  // not taken just now: comes again
        }
    }
    std::map<std::size_t, std::vector<outcome>> answers;
    for (auto& [which, promised] : brought) answers[which].push_back(value_of(std::move(promised)).at(0));
    ASSERT_EQ(answers.size(), contacts);
    for (const auto& [which, same] : answers) {
        EXPECT_EQ(
            std::count_if(same.begin(), same.end(), [](const auto& each) { return each.what == state::accepted; }), 1)
            << which;
        for (const auto& each : same)
            EXPECT_EQ(std::pair(each.ticket, each.entry), std::pair(same[0].ticket, same[0].entry)) << which;
    }
    EXPECT_EQ(run.tickets(), 17U) << "one for each conversation";
    std::size_t entries = 0;
    for (std::uint64_t ticket = 1; ticket <= 17; ++ticket) {
        const auto rows = run.durable().entries(ticket_id{ticket}, 0, 1000).value();
        for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].number, i + 1);
        entries += static_cast<std::size_t>(
            std::count_if(rows.begin(), rows.end(), [](const auto& each) { return each.kind == "contact"; }));
    }
    EXPECT_EQ(entries, contacts);
}

using given_up_store = struggling_store;

/// The contact's promise is broken: whoever brought it is told nothing and brings it again.
bool is_dropped(std::future<std::vector<outcome>> promised) {
    try {
        value_of(std::move(promised));
        return false;
    } catch (const std::future_error& broken) {
        return broken.code() == std::future_errc::broken_promise;
    }
}

TEST_P(given_up_store, StartsOverFromWhatIsDurable) {
    ASSERT_EQ(run_->contact(message_of("v1", "m1")).ticket, ticket_id{1});
    faults_->then(store_fault::refuse, for_long);
    EXPECT_TRUE(is_dropped(run_->bring({message_of("v2", "m2"), message_of("v1", "m3")})));
    faults_->heal();
    ASSERT_TRUE(becomes(store_health::good));
    EXPECT_EQ(run_->tickets(), 1U);
    EXPECT_EQ(run_->kinds_of(ticket_id{1}), (texts{"contact", "decision", "queued", "offered"}));
    EXPECT_EQ(frames_of(*desk_, "offer").size(), 1U) << "what was given up is not on any desk";

    const auto again = value_of(run_->bring({message_of("v2", "m2"), message_of("v1", "m3")}));
    EXPECT_EQ(again.at(0).what, state::accepted);
    EXPECT_EQ(again.at(0).ticket, ticket_id{2});
    EXPECT_EQ(again.at(1).what, state::accepted);
    EXPECT_EQ(again.at(1).ticket, ticket_id{1});
    EXPECT_EQ(run_->contact(message_of("v1", "m1")).what, state::duplicate);
    EXPECT_TRUE(run_->answer(site_run::ann, offer_on(*desk_), true));
}

TEST_P(given_up_store, StillKnowsDuplicatesAndCustomersThatNoReadShowsYet) {
    for (int i = 0; i < 20; ++i) run_->contact(message_of("v1", "early " + std::to_string(i)));
    faults_->then(store_fault::refuse, for_long);
    EXPECT_TRUE(is_dropped(run_->bring({message_of("v2", "lost")})));
    faults_->heal();
    ASSERT_TRUE(becomes(store_health::good));
    auto elsewhere = message_of("v3", "m2");
    elsewhere.conversation = "another window of v3";
    const auto became = value_of(run_->bring({message_of("v3", "m1"), message_of("v3", "m1"), elsewhere}));
    EXPECT_EQ(became.at(0).what, state::accepted);
    EXPECT_EQ(became.at(1).what, state::duplicate);
    ASSERT_EQ(became.at(2).what, state::accepted);
    EXPECT_EQ(run_->durable().ticket(became[2].ticket).value().customer,
              run_->durable().ticket(became[0].ticket).value().customer);
}

TEST_P(given_up_store, LooksUpWhomItHadAtHand) {
    const auto ticket = run_->contact(message_of("v1", "m1")).ticket;
    ASSERT_EQ(run_->contact(message_of("v1", "m2")).ticket, ticket);
    faults_->then(store_fault::refuse, for_long);
    EXPECT_TRUE(is_dropped(run_->bring({message_of("v2", "lost")})));
    faults_->heal();
    ASSERT_TRUE(becomes(store_health::good));
    const auto further = run_->contact(message_of("v1", "m3"));
    EXPECT_EQ(further.what, state::accepted);
    EXPECT_EQ(further.ticket, ticket);
    EXPECT_EQ(run_->contact(message_of("v1", "m4")).ticket, ticket);
    EXPECT_EQ(run_->durable().customer_with("webchat:v1").value().id, run_->durable().ticket(ticket).value().customer);
    EXPECT_EQ(run_->tickets(), 1U);
}

TEST_P(given_up_store, AsksAgainAboutWhatWasAskedForBeforeItStartedOver) {
    const auto before = run_->durable().commits();
    const auto ticket = run_->contact(message_of("v1", "m1")).ticket;
    faults_->then(store_fault::refuse, for_long);
    EXPECT_TRUE(is_dropped(run_->bring({message_of("v2", "lost")})));
    faults_->heal();
    ASSERT_TRUE(becomes(store_health::good));
    ASSERT_EQ(run_->contact(message_of("v1", "m2")).ticket, ticket) << "customer and ticket are at hand again";
    faults_->call_unused(before);
    EXPECT_EQ(run_->contact(message_of("v1", "m1")).what, state::duplicate);
    EXPECT_EQ(run_->contact(message_of("v1", "m3")).what, state::accepted);
}

TEST_P(given_up_store, FindsWhatWasAppliedWithoutSayingSo) {
    faults_->then(store_fault::unknown_applied, for_long);
    EXPECT_TRUE(is_dropped(run_->bring({message_of("v1", "m1")})));
    faults_->heal();
    ASSERT_TRUE(becomes(store_health::good));
    const auto again = run_->contact(message_of("v1", "m1"));
    EXPECT_EQ(again.what, state::duplicate);
    EXPECT_EQ(again.ticket, ticket_id{1});
    EXPECT_EQ(again.entry, 1U);
    EXPECT_EQ(run_->tickets(), 1U);
}

TEST(StartingOver, KeepsTheOrderOfAConversationOfWhichItAsksAgain) {
    std::promise<void> go_on;
    writer_settings writing;
    writing.rehearse = [may = go_on.get_future().share()](const channel::record& each) {
        if (each.event_id == "slow") (void)may.wait_for(patience);
    };
    auto faulty = std::make_unique<store::faulty_store>(store::make_memory_store());
    auto& faults = *faulty;
    site_run run(std::move(faulty), test_start, writing);
    const auto before = run.durable().commits();
    const auto ticket = run.contact(message_of("v1", "m1")).ticket;
    faults.then(store_fault::refuse, for_long);
    EXPECT_TRUE(is_dropped(run.bring({message_of("v2", "lost")})));
    faults.heal();
    ASSERT_TRUE(eventually([&] { return run.site().health() == store_health::good; }));
    ASSERT_EQ(run.contact(message_of("v1", "m2")).ticket, ticket);
    // The writer is busy; behind that waits what it will have to ask about again, and then what was looked up already.
    auto slow = run.bring({message_of("v3", "slow")});
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    faults.call_unused(before);
    auto third = run.bring({message_of("v1", "m3")});
    faults.answer_again();
    auto fourth = run.bring({message_of("v1", "m4")});
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    go_on.set_value();
    EXPECT_EQ(value_of(std::move(slow)).at(0).what, state::accepted);
    EXPECT_EQ(value_of(std::move(third)).at(0).what, state::accepted);
    EXPECT_EQ(value_of(std::move(fourth)).at(0).what, state::accepted);
    texts said;
    for (const auto& each : run.durable().entries(ticket, 0, 100).value())
        for (const auto* id : {"m1", "m2", "m3", "m4"})
            if (each.kind == "contact" && each.json.find('"' + std::string(id) + '"') != std::string::npos)
                said.emplace_back(id);
    EXPECT_EQ(said, (texts{"m1", "m2", "m3", "m4"}));
}

TEST_P(given_up_store, SendsAWaitingMessageOnce) {
    const auto ticket = run_->contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(run_->answer(site_run::ann, offer_on(*desk_), true));
    ASSERT_TRUE(run_->act(site_run::ann, ticket, action::reply{"for when you are back"}));
    faults_->then(store_fault::refuse, for_long);
    EXPECT_TRUE(is_dropped(run_->bring({message_of("v2", "m2")})));
    faults_->heal();
    ASSERT_TRUE(becomes(store_health::good));
    run_->settle();
    const auto chat = run_->open_chat("v1");
    ASSERT_TRUE(run_->act(site_run::ann, ticket, action::reply{"welcome back"}));
    ASSERT_TRUE(run_->delivered(ticket));
    ASSERT_EQ(chat->heard().size(), 2U) << testing::PrintToString(chat->heard());
    EXPECT_NE(chat->heard()[0].find("for when you are back"), std::string::npos);
}

TEST_P(given_up_store, GoesOnSendingWhatItCouldNotRecordAsSent) {
    const auto ticket = run_->contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(run_->answer(site_run::ann, offer_on(*desk_), true));
    const auto chat = run_->open_chat("v1");
    faults_->then(store_fault::none);
    faults_->then(store_fault::refuse, for_long);
    ASSERT_TRUE(run_->act(site_run::ann, ticket, action::reply{"good day"}));
    ASSERT_TRUE(becomes(store_health::struggling));
    // Having given up may be over before anybody looks; that it no longer struggles shows that it did.
    ASSERT_TRUE(eventually([&] { return run_->site().health() != store_health::struggling; }));
    faults_->heal();
    ASSERT_TRUE(becomes(store_health::good));
    ASSERT_TRUE(run_->act(site_run::ann, ticket, action::reply{"still there?"}));
    EXPECT_TRUE(run_->delivered(ticket)) << "the lane of the ticket is stuck";
    EXPECT_NE(chat->heard().back().find("still there?"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(once, given_up_store, testing::Values(store_fault::refuse),
                         [](const auto&) { return "refused"; });

using broken_disk = struggling_store;

TEST_P(broken_disk, EndsTheProcessAndAcknowledgesNothing) {
    faults_->then(GetParam());
    auto promised = run_->bring({message_of("v1", "m1")});
    ASSERT_TRUE(eventually([&] { return run_->disk_is_broken(); }));
    EXPECT_EQ(run_->site().health(), store_health::broken);
    EXPECT_FALSE(run_->site().accepting());
    run_.reset();
    EXPECT_TRUE(is_dropped(std::move(promised)));
}

INSTANTIATE_TEST_SUITE_P(once, broken_disk, testing::Values(store_fault::broken),
                         [](const auto&) { return "sync_failed"; });

}  // namespace
}  // namespace kindred::runtime
