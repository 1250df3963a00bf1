#include "tests/runtime/support/site_run.hpp"
#include "tests/store/support/faulty_store.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

namespace kindred::runtime {
namespace {

using state = outcome::state;

/// A site whose look-ups are counted.
class straight_on : public testing::Test {
protected:
    static std::unique_ptr<store::store> counted(store::faulty_store*& as) {
        auto made = std::make_unique<store::faulty_store>(store::make_memory_store());
        as = made.get();
        return made;
    }
    std::vector<std::string> messages_of(ticket_id ticket) {
        std::vector<std::string> ids;
        const auto entries = run_.durable().entries(ticket, 0, 10'000);
        for (const auto& each : entries.value())
            if (each.kind == "contact")
                ids.emplace_back((*json::document::parse(each.json))["provider_message_id"].text());
        return ids;
    }

    store::faulty_store* store_ = nullptr;
    site_run run_{counted(store_)};
};

TEST_F(straight_on, WhoWroteLatelyIsNotLookedUp) {
    const auto first = run_.contact(message_of("v1", "m1"));
    const auto before = store_->prefetches();
    const auto second = run_.contact(message_of("v1", "m2"));
    EXPECT_EQ(store_->prefetches(), before);
    EXPECT_EQ(second.ticket, first.ticket);
    EXPECT_TRUE(second.went_on);
    EXPECT_EQ(messages_of(first.ticket), (std::vector<std::string>{"m1", "m2"}));
}

TEST_F(straight_on, WhatCameBeforeIsStillRecognised) {
    const auto first = run_.contact(message_of("v1", "m1"));
    const auto second = run_.contact(message_of("v1", "m2"));
    for (const auto* id : {"m1", "m2"}) {
        const auto again = run_.contact(message_of("v1", id));
        EXPECT_EQ(again.what, state::duplicate) << id;
        EXPECT_EQ(again.ticket, first.ticket);
    }
    EXPECT_EQ(second.ticket, first.ticket);
}

TEST_F(straight_on, ACardsNumberIsMaskedOnThisWayToo) {
    const auto first = run_.contact(message_of("v1", "m1"));
    (void)run_.contact(message_of("v1", "m2", "my card is 4111 1111 1111 1111"));
    for (const auto& each : run_.durable().entries(first.ticket, 0, 100).value())
        EXPECT_EQ(each.json.find("4111 1111"), std::string::npos) << each.json;
}

TEST_F(straight_on, WhatIsOverIsLookedUpAgain) {
    const auto desk = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    const auto first = run_.contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desk), true));
    ASSERT_TRUE(run_.act(site_run::ann, first, action::resolve{}));
    (void)run_.contact(message_of("v2", "n1"));  // looking up for one forgets what has ended for all
    const auto before = store_->prefetches();
    EXPECT_EQ(run_.contact(message_of("v1", "m2")).ticket, first);
    EXPECT_GT(store_->prefetches(), before);
}

TEST_F(straight_on, ConversationsKeepTheirOrderAndNothingIsTakenTwice) {
    constexpr std::size_t threads = 4;
    constexpr std::size_t visitors = 3;  // of each thread
    constexpr std::size_t messages = 300;
    std::array<std::map<std::string, std::vector<std::string>>, threads> sent;
    std::array<std::vector<std::future<std::vector<outcome>>>, threads> promised;
    const auto write = [&](std::size_t thread) {
        for (std::size_t i = 0; i < messages; ++i) {
            const auto visitor = "v" + std::to_string(thread) + "-" + std::to_string(i % visitors);
            const auto id = visitor + "-" + std::to_string(i);
            auto message = message_of(visitor, id);
            // What brings a file is looked up: nothing written after it may overtake it.
            if (i % 7 == 3) message.attachments.emplace_back().name = "lamp.jpg";
            sent.at(thread)[visitor].push_back(id);
            promised.at(thread).push_back(run_.bring({message}));
            if (i % 5 == 0) promised.at(thread).push_back(run_.bring({message}));
        }
    };
    {
        std::vector<std::jthread> all;
        for (std::size_t thread = 0; thread < threads; ++thread) all.emplace_back(write, thread);
    }
    std::map<std::string, ticket_id> tickets;
    std::size_t accepted = 0;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        std::set<ticket_id> theirs;
        for (auto& each : promised.at(thread)) {
            const auto became = value_of(std::move(each)).at(0);
            accepted += became.what == state::accepted ? 1 : 0;
            theirs.insert(became.ticket);
        }
        ASSERT_EQ(theirs.size(), visitors);
        for (const auto ticket : theirs) {
            const auto ids = messages_of(ticket);
            ASSERT_FALSE(ids.empty());
            EXPECT_EQ(ids, sent.at(thread).at(ids.front().substr(0, 4)));
        }
    }
    EXPECT_EQ(accepted, threads * messages);
}

}  // namespace
}  // namespace kindred::runtime
