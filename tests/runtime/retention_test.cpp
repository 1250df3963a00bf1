// What goes when its time is over, and what stays of it.
#include "engine/runtime/people/retention.hpp"

#include "engine/runtime/people/audit.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/sending/files.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <map>

namespace kindred::runtime {
namespace {

constexpr duration day = std::chrono::days{1};

class retention_walk : public testing::Test {
protected:
    ticket_id closed(const std::string& visitor, const std::string& text) {
        const auto ticket = run_.contact(message_of(visitor, "m-" + visitor, text)).ticket;
        EXPECT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
        action::assign to_ann{site_run::ann};
        EXPECT_TRUE(run_.act(site_run::ann, ticket, to_ann));
        EXPECT_TRUE(run_.act(site_run::ann, ticket, action::resolve{"solved"}));
        run_.settle();
        return ticket;
    }
    std::map<std::string, std::uint64_t> walk(const retention_settings& keep) {
        std::map<std::string, std::uint64_t> counts;
        const auto done = retire_what_is_due(
            run_.durable(), keep, run_.clock().now(),
            [&](input wanted) {
                return std::visit(
                    [&](auto& each) -> result<std::string> {
                        if constexpr (requires { each.done = action_done{}; }) return run_.answer_to(std::move(each));
                        return fail(errc::invalid, "has no answer");
                    },
                    wanted);
            },
            [&](const std::string& kind, std::uint64_t count) { counts[kind] += count; }, [] { return false; });
        EXPECT_TRUE(done) << done.error().message;
        return counts;
    }
    std::vector<std::string> audited() {
        std::vector<std::string> actions;
        for (const auto& each : latest_audit_records(run_.durable(), 0, 100).value()) actions.push_back(each.action);
        return actions;
    }
    site_run run_;
};

TEST_F(retention_walk, LeavesEverythingThatIsYoungerOrAtWork) {
    const auto old = closed("v1", "walnut");
    run_.clock().advance(10 * day);
    const auto open = run_.contact(message_of("v2", "m-2", "hazel")).ticket;
    run_.clock().advance(10 * day);
    retention_settings keep;
    keep.closed_tickets = keep.customers = 30 * day;
    EXPECT_TRUE(walk(keep).empty());
    keep.closed_tickets = 15 * day;
    EXPECT_EQ(walk(keep), (std::map<std::string, std::uint64_t>{{"closed_tickets", 1}}));
    EXPECT_FALSE(run_.durable().ticket(old));
    EXPECT_TRUE(run_.durable().ticket(open));
    EXPECT_EQ(audited().front(), "retention.closed_tickets");
    EXPECT_TRUE(walk(keep).empty()) << "once";
}

TEST_F(retention_walk, WaitsForMessagesThatAreBeingSent) {
    const auto ticket = run_.contact(message_of("v1", "m-1", "walnut")).ticket;
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::assign{site_run::ann}));
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::reply{"nobody is there to read this"}));
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::resolve{"solved"}));
    run_.clock().advance(40 * day);
    retention_settings keep;
    keep.closed_tickets = 30 * day;
    EXPECT_TRUE(walk(keep).empty());
    EXPECT_TRUE(run_.durable().ticket(ticket));
}

TEST_F(retention_walk, LeavesTheFilesOfATicketThatIsAtWorkAgain) {
    const auto ticket = run_.contact(message_of("v1", "m-1", "walnut")).ticket;
    kept_file file;
    file.id = file_id(ticket, 2, 1);
    file.name = "lamp.png";
    ASSERT_TRUE(run_.answer_to(register_change{registers::row_change{{to_row(file)}}, {}}));
    retirement wanted;
    wanted.kind = "closed_tickets";
    wanted.tickets.push_back({ticket, {to_row(file)}});
    EXPECT_EQ(run_.answer_to(std::move(wanted)).value(), R"({"removed":0})");
    EXPECT_TRUE(run_.durable().kept_one(file_rows, file.id)) << "it was looked up while the ticket was closed";
}

TEST_F(retention_walk, ForgetsCustomersWithoutTickets) {
    const auto ticket = closed("v1", "walnut");
    const auto whose = run_.durable().ticket(ticket)->customer;
    run_.clock().advance(40 * day);
    retention_settings keep;
    keep.customers = 30 * day;
    EXPECT_TRUE(walk(keep).empty()) << "a ticket is kept";
    keep.closed_tickets = 30 * day;
    EXPECT_EQ(walk(keep), (std::map<std::string, std::uint64_t>{{"closed_tickets", 1}, {"customers", 1}}));
    const auto left = run_.durable().customer(whose).value();
    EXPECT_TRUE(customer_from_json(left.id, left.version, left.json)->erased_at);
    EXPECT_EQ(audited().front(), "customer.erased");
}

}  // namespace
}  // namespace kindred::runtime
