// What becomes of customers who come in many at once.
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::runtime {
namespace {

customers::imported_row row(std::vector<std::string> identities, std::int64_t orders = 0,
                            const std::string& name = {}) {
    customers::imported_row made;
    for (auto& each : identities) made.identities.push_back({std::move(each), proof::proven});
    if (!name.empty()) made.name = name;
    if (orders > 0) made.stated.emplace_back("orders", fact_value(orders));
    return made;
}

class imported_customers : public testing::Test {
protected:
    customers::import_counts import(std::vector<customers::imported_row> rows) {
        auto promise = std::make_shared<std::promise<customers::import_counts>>();
        auto promised = promise->get_future();
        std::size_t line = 0;
        for (auto& each : rows) each.line = ++line;
        run_.submit(customer_import{std::move(rows), "crm:shop", [promise](customers::import_counts counts) {
                                        promise->set_value(std::move(counts));
                                    }});
        promise.reset();
        return value_of(std::move(promised));
    }
    customer with(const std::string& identity) {
        const auto stored = run_.durable().customer_with(identity).value();
        return customer_from_json(stored.id, stored.version, stored.json).value();
    }

    site_run run_;
};

std::vector<std::uint64_t> figures(const customers::import_counts& counts) {
    return {counts.created, counts.updated, counts.unchanged, counts.rejected.size()};
}

TEST_F(imported_customers, AreMadeOnceAndChangedByWhatDiffers) {
    const auto rows = std::vector{row({"email:a@b.example", "external:1"}, 3, "Ann"), row({"external:2"}, 0, "Ben")};
    EXPECT_EQ(figures(import(rows)), (std::vector<std::uint64_t>{2, 0, 0, 0}));
    const auto made = with("external:1");
    EXPECT_EQ(with("email:a@b.example").id, made.id);
    EXPECT_TRUE(made.known);
    EXPECT_EQ(made.declared.at("orders").source, "crm:shop");
    run_.clock().advance(std::chrono::hours{1});
    EXPECT_EQ(figures(import(rows)), (std::vector<std::uint64_t>{0, 0, 2, 0}));
    EXPECT_EQ(with("external:1").version, made.version) << "what is on record already is no change";
    EXPECT_EQ(with("external:1").declared.at("orders").at, made.declared.at("orders").at);
    EXPECT_EQ(figures(import({row({"external:1", "phone:+34600000001"}, 4)})),
              (std::vector<std::uint64_t>{0, 1, 0, 0}));
    const auto changed = with("phone:+34600000001");
    EXPECT_EQ(changed.id, made.id);
    EXPECT_EQ(changed.name, "Ann") << "what a row does not state stays";
    EXPECT_EQ(changed.declared.at("orders").value, fact_value(std::int64_t{4}));
}

TEST_F(imported_customers, TwoRowsOfOnePersonAreOneCustomer) {
    EXPECT_EQ(figures(import({row({"external:1"}, 1), row({"external:1", "email:a@b.example"}, 2),
                              row({"email:a@b.example"}, 3)})),
              (std::vector<std::uint64_t>{1, 2, 0, 0}));
    EXPECT_EQ(with("external:1").declared.at("orders").value, fact_value(std::int64_t{3})) << "the last one counts";
}

TEST_F(imported_customers, ARowOfTwoPeopleIsNotTaken) {
    ASSERT_EQ(import({row({"external:1"}), row({"external:2"})}).created, 2U);
    const auto counts = import({row({"external:1", "external:2"}, 9), row({"external:3"})});
    EXPECT_EQ(figures(counts), (std::vector<std::uint64_t>{1, 0, 0, 1}));
    EXPECT_EQ(counts.rejected.front().line, 1U);
    EXPECT_NE(counts.rejected.front().reason.find("merge them first"), std::string::npos);
    EXPECT_TRUE(with("external:1").declared.empty());
}

TEST_F(imported_customers, FollowMergesAndErasures) {
    ASSERT_EQ(import({row({"external:1"}), row({"external:2"})}).created, 2U);
    customer_change merge;
    merge.customer = with("external:1").id;
    merge.what = profile::merge{with("external:2").id, {}};
    merge.source = "agent:ann";
    ASSERT_TRUE(run_.answer_to(std::move(merge)));
    EXPECT_EQ(figures(import({row({"external:1", "external:2"}, 5)})), (std::vector<std::uint64_t>{0, 1, 0, 0}));
    customer_change erasure;
    erasure.customer = with("external:2").id;
    erasure.what = profile::erase{};
    ASSERT_TRUE(run_.answer_to(std::move(erasure)));
    EXPECT_EQ(figures(import({row({"external:1"})})), (std::vector<std::uint64_t>{1, 0, 0, 0}))
        << "who was erased is somebody new";
}

TEST_F(imported_customers, AnUnknownValueTakesAnAttributeAway) {
    ASSERT_EQ(import({row({"external:1"}, 7)}).created, 1U);
    auto without = row({"external:1"});
    without.stated.emplace_back("orders", fact_value{});
    EXPECT_EQ(import({without}).updated, 1U);
    EXPECT_TRUE(with("external:1").declared.empty());
    EXPECT_EQ(import({without}).unchanged, 1U);
}

TEST_F(imported_customers, TheirWaitingTicketsAreDecidedAgain) {
    auto read = rules::load({{"profile.yaml", "customer: { orders: { type: integer } }\n"},
                             {"queues.yaml", "queues: { general: {}, narrow: {} }\n"},
                             {"routing.yaml",
                              "routes:\n  - { name: buyers, when: { customer.orders: { at_least: 1 } }, queue: narrow "
                              "}\nfallback: { queue: general }\n"}});
    ASSERT_TRUE(read.rules) << settings::to_json(read.problems);
    ASSERT_TRUE(run_.answer_to(rules_change{*read.rules, "ann", {}, "activate", {}, {}, false, {}}));
    const auto ticket = run_.contact(message_of("v1", "m-1")).ticket;
    EXPECT_EQ(run_.durable().ticket(ticket).value().queue, "general");
    EXPECT_EQ(import({row({"webchat:v1"}, 2)}).updated, 1U);
    EXPECT_EQ(run_.durable().ticket(ticket).value().queue, "narrow");
}

}  // namespace
}  // namespace kindred::runtime
