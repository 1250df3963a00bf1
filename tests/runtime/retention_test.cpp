// What goes when its time is over, and what stays of it.
#include "engine/runtime/people/retention.hpp"

#include "engine/customers/moment.hpp"
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

TEST_F(retention_walk, ForgetsWhatHappenedWithCustomersLongAgo) {
    const auto whose = run_.durable().ticket(closed("v1", "walnut"))->customer;
    const auto other = run_.durable().ticket(closed("v2", "hazel"))->customer;
    const auto change = [&](decltype(customer_change::what) what) {
        customer_change wanted;
        wanted.customer = whose;
        wanted.what = std::move(what);
        wanted.source = "agent:ann";
        ASSERT_TRUE(run_.answer_to(std::move(wanted)));
    };
    const auto moments = [&] {
        std::vector<std::string> told;
        for (const auto& row : run_.durable().kept(moment_rows, {}, {}, 100).value())
            told.push_back(customers::moment_from_json(row.bytes)->what);
        return told;
    };
    profile::set facts;
    facts.tags = {"early"};
    change(facts);
    change(profile::merge{other, "the same voice"});
    ASSERT_EQ(moments(), (std::vector<std::string>{"facts", "merged"}));
    run_.clock().advance(40 * day);
    retention_settings keep;
    keep.journeys = 50 * day;
    EXPECT_TRUE(walk(keep).empty()) << "younger";
    keep.journeys = 30 * day;
    EXPECT_EQ(walk(keep), (std::map<std::string, std::uint64_t>{{"journeys", 1}}));
    EXPECT_EQ(moments(), std::vector<std::string>{"merged"});
    EXPECT_EQ(audited().front(), "retention.journeys");
    EXPECT_TRUE(walk(keep).empty()) << "once";
}

TEST_F(retention_walk, TakesTheWordsOfClosedTicketsThatStay) {
    const auto ticket = run_.contact(message_of("v1", "m-1", "walnut")).ticket;
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::assign{site_run::ann}));
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::note{"mahogany"}));
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::resolve{"solved"}));
    run_.settle();
    const auto before = run_.durable().ticket(ticket).value();
    const auto lines = run_.durable().entries(ticket, 0, 100).value();
    run_.clock().advance(20 * day);
    const auto open = run_.contact(message_of("v2", "m-2", "hazel")).ticket;
    retention_settings keep;
    keep.contact_texts = 30 * day;
    EXPECT_TRUE(walk(keep).empty()) << "younger";
    keep.contact_texts = 15 * day;
    EXPECT_EQ(walk(keep), (std::map<std::string, std::uint64_t>{{"contact_texts", 1}}));
    EXPECT_EQ(audited().front(), "retention.contact_texts");

    const auto after = run_.durable().ticket(ticket).value();
    EXPECT_EQ(after.subject, "");
    EXPECT_EQ(after.updated_at, before.updated_at) << "its own time runs on";
    EXPECT_EQ(after.entries, before.entries);
    const auto left = run_.durable().entries(ticket, 0, 100).value();
    ASSERT_EQ(left.size(), lines.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
        EXPECT_EQ(left[i].kind, lines[i].kind);
        EXPECT_EQ(left[i].at, lines[i].at);
        EXPECT_EQ(left[i].json.find("walnut"), std::string::npos) << left[i].json;
        EXPECT_EQ(left[i].json.find("mahogany"), std::string::npos) << left[i].json;
    }
    EXPECT_NE(run_.durable().entries(open, 0, 100).value().front().json.find("hazel"), std::string::npos);
    EXPECT_TRUE(walk(keep).empty()) << "once";
    keep.closed_tickets = 15 * day;
    EXPECT_EQ(walk(keep), (std::map<std::string, std::uint64_t>{{"closed_tickets", 1}})) << "then all of it";
}

TEST_F(retention_walk, LeavesTheWordsOfATicketThatWasTouchedMeanwhile) {
    const auto ticket = closed("v1", "walnut");
    retirement wanted;
    wanted.kind = "contact_texts";
    const auto row = run_.durable().ticket(ticket).value();
    auto contact = run_.durable().entries(ticket, 0, 1).value().front();
    contact.json = "{}";
    wanted.words.push_back({ticket, row.updated_at - duration{1}, {contact}, {}, {}});
    EXPECT_EQ(run_.answer_to(wanted).value(), R"({"removed":0})");
    EXPECT_NE(run_.durable().entries(ticket, 0, 1).value().front().json.find("walnut"), std::string::npos);
    wanted.words.front().untouched_since = row.updated_at;
    EXPECT_EQ(run_.answer_to(wanted).value(), R"({"removed":1})");
    EXPECT_EQ(run_.answer_to(wanted).value(), R"({"removed":0})") << "once";
}

TEST_F(retention_walk, CutsTheBeginningOfTheAuditLogAndTheChainStillHolds) {
    const auto note = [&](const std::string& action) {
        ASSERT_TRUE(run_.answer_to(register_change{registers::audit_note{action, "test", "{}"}, {}, "agent:ann"}));
    };
    const auto verified = [&] {
        const auto opened = run_.durable().load([](store::ticket_row&&) {});
        for (const auto& [name, value] : opened->settings)
            if (name == audit_setting) return verify_audit(run_.durable(), audit_head_from_json(value).value());
        return result<audit_head>(fail(errc::not_found, "no head"));
    };
    for (int each = 0; each < 4; ++each) note("old");
    const auto known = audited().size();
    run_.clock().advance(40 * day);
    for (int each = 0; each < 3; ++each) note("new");
    retention_settings keep;
    keep.audit = 30 * day;
    EXPECT_EQ(walk(keep), (std::map<std::string, std::uint64_t>{{"audit", known}}));
    EXPECT_EQ(audited(), (std::vector<std::string>{"retention.audit", "new", "new", "new"}));
    const auto head = verified();
    ASSERT_TRUE(head) << head.error().message;
    EXPECT_EQ(head->number, known + 4);
    EXPECT_TRUE(walk(keep).empty()) << "once";
    // Pages end where the log begins now.
    const auto page = latest_audit_records(run_.durable(), known + 2, 100).value();
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page.front().number, known + 1);

    // A beginning that somebody took away shows all the same, and so does a trim that is not the chain's own.
    auto first = run_.durable().kept(audit_rows, {}, {}, 1).value().front();
    first.removed = true;
    ASSERT_TRUE(run_.answer_to(register_change{registers::row_change{{first}}, {}}));
    EXPECT_EQ(verified().error().code, errc::corrupt);
    first.removed = false;
    ASSERT_TRUE(run_.answer_to(register_change{registers::row_change{{first}}, {}}));
    EXPECT_TRUE(verified());
    run_.clock().advance(60 * day);
    EXPECT_EQ(walk(keep), (std::map<std::string, std::uint64_t>{{"audit", 3}})) << "all but the last record";
    EXPECT_TRUE(verified());
}

}  // namespace
}  // namespace kindred::runtime
