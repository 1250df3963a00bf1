// What becomes of tickets and messages when two customers turn out to be one, and when they do not after all.
#include "engine/runtime/people/customer_lookup.hpp"
#include "tests/runtime/support/site_run.hpp"
#include "tests/store/support/faulty_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::runtime {
namespace {

const char* const by_region =
    "routes:\n  - { name: north, when: { customer.region: north }, queue: narrow }\n"
    "fallback: { queue: general }\n";

class merged_customers : public testing::Test {
protected:
    ticket_id ticket_of(const std::string& visitor, const std::string& text = "hello") {
        return run_.contact(message_of(visitor, "m-" + std::to_string(++last_), text)).ticket;
    }
    customer_id whose(const std::string& visitor) {
        return run_.durable().customer_with("webchat:" + visitor).value().id;
    }
    template <class What>
    result<std::string> change(customer_id of, What what, const std::string& key = {}) {
        customer_change wanted;
        wanted.customer = of;
        wanted.what = std::move(what);
        wanted.source = "agent:ann";
        wanted.idempotency_key = key;
        return run_.answer_to(std::move(wanted));
    }
    result<std::string> merge(const std::string& from, const std::string& into) {
        return change(whose(from), profile::merge{whose(into), {}});
    }
    void activate(const char* routing) {
        auto read = rules::load({{"profile.yaml", "customer: { region: { type: text } }\n"},
                                 {"queues.yaml", "queues: { general: {}, narrow: {} }\n"},
                                 {"routing.yaml", routing}});
        ASSERT_TRUE(read.rules) << settings::to_json(read.problems);
        rules_change wanted{*read.rules, "ann", {}, "activate", {}, {}, false, {}};
        ASSERT_TRUE(run_.answer_to(std::move(wanted)));
    }
    store::ticket_row row(ticket_id ticket) { return run_.durable().ticket(ticket).value(); }
    customer profile_of(customer_id id) {
        const auto stored = run_.durable().customer(id).value();
        return customer_from_json(stored.id, stored.version, stored.json).value();
    }

    site_run run_;
    int last_ = 0;
};

TEST_F(merged_customers, WaitingTicketsOfBothFollowTheFactsOfTheOneThatGoesOn) {
    activate(by_region);
    const auto first = ticket_of("v1");
    const auto second = ticket_of("v2");
    ASSERT_TRUE(change(whose("v2"), profile::set{R"({"region":"north"})"}));
    EXPECT_EQ(row(first).queue, "general");
    EXPECT_EQ(row(second).queue, "narrow");
    const auto one = whose("v1");
    ASSERT_TRUE(merge("v1", "v2"));
    EXPECT_EQ(row(first).queue, "narrow") << "its customer is from the north now";
    EXPECT_EQ(row(second).queue, "narrow");
    ASSERT_TRUE(change(one, profile::unmerge{}));
    EXPECT_EQ(row(first).queue, "general");
    EXPECT_EQ(row(second).queue, "narrow");
}

TEST_F(merged_customers, ATicketThatNothingChangesForKeepsItsDecision) {
    activate(by_region);
    const auto first = ticket_of("v1");
    const auto second = ticket_of("v2");
    ASSERT_TRUE(merge("v1", "v2"));
    for (const auto ticket : {first, second}) {
        const auto kinds = run_.kinds_of(ticket);
        EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "decision"), 1);
    }
}

TEST_F(merged_customers, BothCountAsOneAndApartAsTwo) {
    (void)ticket_of("v1");
    const auto second = ticket_of("v2");
    const auto one = whose("v1");
    const auto two = whose("v2");
    ASSERT_TRUE(merge("v1", "v2"));
    EXPECT_EQ(profile_of(two).open_tickets, 2);
    ASSERT_TRUE(run_.act(site_run::ann, second, action::assign{site_run::ann}));
    ASSERT_TRUE(run_.act(site_run::ann, second, action::resolve{}));
    EXPECT_EQ(profile_of(two).open_tickets, 1);
    ASSERT_TRUE(change(one, profile::unmerge{}));
    EXPECT_EQ(profile_of(one).open_tickets, 1);
    EXPECT_EQ(profile_of(two).open_tickets, 0);
}

TEST_F(merged_customers, AContactOfEitherIsTheirs) {
    const auto ticket = ticket_of("v1");
    (void)ticket_of("v2");
    const auto two = whose("v2");
    ASSERT_TRUE(merge("v1", "v2"));
    EXPECT_EQ(whose("v1"), two);
    EXPECT_EQ(ticket_of("v1", "and more"), ticket) << "the conversation goes on";
    EXPECT_EQ(profile_of(two).contacts, 3);
}

TEST_F(merged_customers, WhoMustNotBeWrittenToIsNotWrittenToUnderAnotherNumber) {
    const auto first = ticket_of("v1");
    (void)ticket_of("v2");
    ASSERT_TRUE(merge("v1", "v2"));
    registers::consent_change stop;
    stop.stop.subject = "customer:" + to_string(whose("v2"));
    stop.stop.by = "agent:sam";
    ASSERT_TRUE(run_.answer_to(register_change{std::move(stop), {}}));
    ASSERT_TRUE(run_.act(site_run::ann, first, action::assign{site_run::ann}));
    ASSERT_TRUE(run_.act(site_run::ann, first, action::reply{"hello"}));
    const auto sent = run_.durable().outbox_of(first).value();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent.front().state, store::outbox_state::failed);
}

TEST_F(merged_customers, ANoteIsWrittenOnceForItsKey) {
    (void)ticket_of("v1");
    const auto one = whose("v1");
    const auto first = change(one, profile::note{"has a dog"}, "k1");
    const auto again = change(one, profile::note{"has a dog"}, "k1");
    ASSERT_TRUE(first);
    ASSERT_TRUE(again);
    EXPECT_NE(again->find("\"repeated\":true"), std::string::npos) << *again;
    EXPECT_EQ(profile_of(one).notes, 1);
}

TEST(CustomerLookup, SaysWhenItIsNotAllThatTheStoreHas) {
    const auto disk = store::make_memory_disk();
    {
        site_run run(store::make_memory_store(disk));
        (void)run.contact(message_of("v1", "m-1"));
        run.stop();
    }
    store::faulty_store from(store::make_memory_store(disk));
    customer_change wanted;
    wanted.customer = customer_id{1};
    wanted.what = profile::erase{};
    wanted.stored = from.customer(wanted.customer).value();
    auto whole = wanted;
    ASSERT_TRUE(look_up_customers(from, whole));
    EXPECT_EQ(std::get<profile::erase>(whole.what).tickets.size(), 1U);
    from.fail_lists();
    EXPECT_FALSE(look_up_customers(from, wanted)) << "what is left out would be kept for ever";
}

TEST_F(merged_customers, NobodyIsMergedIntoWhoIsNotThere) {
    (void)ticket_of("v1");
    const auto refused = change(whose("v1"), profile::merge{customer_id{999}, {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::not_found);
    EXPECT_FALSE(profile_of(whose("v1")).merged);
}

}  // namespace
}  // namespace kindred::runtime
