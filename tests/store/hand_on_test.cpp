#include "tests/store/support/shared_site.hpp"

#include <future>
#include <thread>

/// How a site goes from the node that leads to one that follows, and with what that one begins.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

constexpr milliseconds long_enough{20'000};

class handing_on : public shared_site {
protected:
    /// It follows, and has told so.
    std::unique_ptr<shared_store> following(const std::string& node) const {
        auto made = open_redis(options(node)).value();
        EXPECT_FALSE(made->lead(shortly).value());
        return made;
    }
};

TEST_F(handing_on, who_follows_leads_at_once_and_who_led_writes_nothing_more) {
    auto first = leading("first");
    EXPECT_FALSE(first->is_followed());
    const auto second = following("second");
    EXPECT_TRUE(first->is_followed());
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    first->hand_on();
    EXPECT_TRUE(first->was_fenced());
    EXPECT_EQ(first->commit(contact(2)).state, commit_state::fenced);
    EXPECT_FALSE(first->successor(shortly).value()) << "nobody has begun";
    while (!second->lead(shortly).value()) {
    }
    const auto next = first->successor(shortly).value();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->node, "second");
    EXPECT_EQ(next->epoch, second->current_leader().epoch);
    EXPECT_EQ(load(*second).open.size(), 1U);
}

TEST_F(handing_on, who_waits_for_the_log_hears_that_nobody_leads_and_who_led_that_somebody_does) {
    auto first = leading("first");
    const auto second = following("second");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    EXPECT_FALSE(second->lead(shortly).value());
    auto led = std::async(std::launch::async, [&second] {
        const auto began = std::chrono::steady_clock::now();
        while (!second->lead(long_enough).value()) {
        }
        return std::chrono::steady_clock::now() - began;
    });
    std::this_thread::sleep_for(milliseconds{50});  // it waits by now; if not, the more easily it hears
    first->hand_on();
    const auto next = first->successor(long_enough).value();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->node, "second");
    EXPECT_LT(led.get(), long_enough / 2) << "it waited until its time was over";
}

TEST_F(handing_on, a_node_that_takes_its_own_lease_back_is_heard_of_when_it_hands_it_on_again) {
    auto first = leading("first");
    const auto second = following("second");
    end_lease();
    ASSERT_TRUE(first->load(nullptr)) << "under the same nonce it is its own";
    EXPECT_FALSE(second->lead(shortly).value());
    first->hand_on();
    while (!second->lead(shortly).value()) {
    }
    EXPECT_GT(second->current_leader().epoch, first->current_leader().epoch);
}

TEST_F(handing_on, who_comes_to_lead_has_every_open_ticket_as_its_copy_has_them) {
    auto first = leading("first");
    for (std::uint64_t number = 1; number <= 3; ++number)
        ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed);
    const auto second = following("second");  // from here on it knows them
    auto later = contact(4);
    later.tickets.push_back(ticket(1, ticket_status::resolved));
    later.tickets.push_back(ticket(2, ticket_status::held));
    later.tickets.back().entries = 7;
    ASSERT_EQ(first->commit(later).state, commit_state::committed);
    auto again = contact(5);
    again.tickets.push_back(ticket(1, ticket_status::waiting));
    again.tickets.push_back(ticket(3, ticket_status::resolved));
    ASSERT_EQ(first->commit(again).state, commit_state::committed);
    first->hand_on();
    while (!second->lead(shortly).value()) {
    }
    EXPECT_TRUE(second->load(nullptr)) << "which takes nothing from what the next one gives";
    const auto from_memory = load(*second).open;
    ASSERT_EQ(from_memory.size(), 4U);
    EXPECT_EQ(from_memory[1].entries, 7U);
    EXPECT_EQ(load(*second).open, from_memory) << "as the copy has them";
    auto more = contact(6, 2);
    more.id.number = 1;
    ASSERT_EQ(second->commit(more).state, commit_state::committed);
    EXPECT_EQ(load(*second).open.size(), 5U) << "and what was committed since";
}

}  // namespace
}  // namespace kindred::store
