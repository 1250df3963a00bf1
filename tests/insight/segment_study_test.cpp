#include "engine/insight/segment_study.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace kindred::insight {
namespace {

/// Tells a study the histories of made-up tickets.
class segment_studies : public testing::Test {
protected:
    struct told {
        std::uint64_t customer = 0;
        std::string value;
        std::string region;
        double handling_s = 60;
        std::string channel = "mail";
        std::string intent = {};
    };
    void tell(const told& of) {
        const ticket_id ticket{++tickets_};
        auto at = from_millis(1'790'000'000'000);
        std::uint32_t number = 0;
        const auto line = [&](std::string_view kind, const std::string& json = "{}") {
            study_.take({ticket, ++number, kind, at, json, of.channel, customer_id{of.customer}});
        };
        line("contact", of.intent.empty() ? "{}" : R"({"understood":{"intent":")" + of.intent + "\"}}");
        line("decision", R"({"segments":{"value":")" + of.value + R"(","region":")" + of.region + "\"}}");
        line("queued");
        at += std::chrono::seconds{10};
        line("accepted");
        at += duration{static_cast<std::int64_t>(of.handling_s * 1000)};
        line("resolved");
    }
    const group_comparison& compared(const segment_report& made, const std::string& dimension,
                                     const std::string& outcome) {
        return *std::find_if(made.comparisons.begin(), made.comparisons.end(),
                             [&](const auto& each) { return each.dimension == dimension && each.outcome == outcome; });
    }

    segment_study study_;
    std::uint64_t tickets_ = 0;
};

TEST_F(segment_studies, FindADimensionThatTellsCustomersApartAndOneThatDoesNot) {
    std::mt19937_64 random(1);
    const auto spread = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53 * 60; };
    for (std::uint64_t each = 1; each <= 600; ++each) {
        const bool vip = each % 3 == 0;
        tell({each, vip ? "vip" : "regular", random() % 2 == 0 ? "north" : "south", (vip ? 300 : 100) + spread()});
    }
    const auto made = study_.finish({});
    EXPECT_EQ(made.customers, 600);
    EXPECT_EQ(made.tickets, 600);
    const auto& value = compared(made, "value", "handling_s");
    EXPECT_TRUE(is_difference(value, {}));
    EXPECT_GT(value.differs.low, 0.9);
    const auto& region = compared(made, "region", "handling_s");
    EXPECT_FALSE(is_difference(region, {}));
    EXPECT_TRUE(std::any_of(made.findings.begin(), made.findings.end(), [](const finding& each) {
        return each.kind == finding_kind::tells_apart && each.dimension == "value" && each.outcome == "handling_s";
    }));
    EXPECT_FALSE(std::any_of(made.findings.begin(), made.findings.end(), [](const finding& each) {
        return each.kind == finding_kind::tells_apart && each.dimension == "region";
    }));
}

TEST_F(segment_studies, CountACustomerOnceHoweverOftenThatOneWrote) {
    for (int each = 0; each < 50; ++each) tell({1, "vip", "north", 100});
    tell({1, "vip", "north", 200});
    tell({2, "regular", "north", 60});
    const auto made = study_.finish({});
    EXPECT_EQ(made.customers, 2);
    EXPECT_EQ(made.tickets, 52);
    const auto& handling = compared(made, "value", "handling_s");
    EXPECT_EQ(handling.answers, 2);
    const auto vip = std::find_if(handling.groups.begin(), handling.groups.end(),
                                  [](const auto& each) { return each.name == "vip"; });
    EXPECT_NEAR(vip->mean, (50 * 100 + 200) / 51.0, 1e-9);
}

TEST_F(segment_studies, CompareWhatEachSegmentWritesAbout) {
    for (std::uint64_t each = 1; each <= 200; ++each)
        tell({each, each % 2 == 0 ? "vip" : "regular", "north", 60, "mail", each % 2 == 0 ? "refund" : "delivery"});
    const auto& intents = compared(study_.finish({}), "value", "intent");
    EXPECT_EQ(intents.of, measure::cramers_v);
    EXPECT_GT(intents.differs.size, 0.95);
}

TEST_F(segment_studies, LeaveOutTicketsWhoseBeginningIsNotKnown) {
    study_.take({ticket_id{1}, 9, "resolved", from_millis(0), "{}", "", {}});
    const auto made = study_.finish({});
    EXPECT_EQ(made.tickets, 0);
    EXPECT_TRUE(made.comparisons.empty());
    EXPECT_EQ(to_text(made), "0 customers with 0 resolved tickets\n");
}

TEST_F(segment_studies, LeaveOutWhatNobodyWorkedOnAndWhatWentOnInAnotherTicket) {
    const auto line = [&](std::uint64_t ticket, std::uint32_t number, std::string_view kind, const char* json = "{}") {
        study_.take({ticket_id{ticket}, number, kind, from_millis(number), json, "mail", customer_id{ticket}});
    };
    for (const std::uint64_t ticket : {1, 2, 3}) {
        line(ticket, 1, "contact");
        line(ticket, 2, "decision", R"({"segments":{"value":"vip"}})");
        line(ticket, 3, "queued");
        if (ticket > 1) line(ticket, 4, "accepted");
        if (ticket == 2) line(ticket, 5, "merged", R"({"into":"3"})");
        if (ticket == 3) line(ticket, 5, "merged", R"({"from":"2"})");
        line(ticket, 6, "resolved");
    }
    EXPECT_EQ(study_.finish({}).tickets, 1) << "the third";
}

TEST_F(segment_studies, TakeSatisfactionFromTheRecordOfCustomers) {
    tell({1, "vip", "north"});
    tell({2, "regular", "north"});
    study_.note_satisfaction(customer_id{1}, 5);
    study_.note_satisfaction(customer_id{2}, 3);
    study_.note_satisfaction(customer_id{3}, 1);
    const auto made = study_.finish({});
    EXPECT_EQ(compared(made, "value", "satisfaction").answers, 2);
    EXPECT_NE(to_json(made).find("\"outcome\":\"satisfaction\""), std::string::npos);
}

TEST_F(segment_studies, CompareWhatSurveysWereAnswered) {
    std::mt19937_64 random(4);
    for (std::uint64_t each = 1; each <= 400; ++each) {
        const bool vip = each % 2 == 0;
        tell({each, vip ? "vip" : "regular", "north"});
        const auto satisfied = std::to_string((vip ? 4 : 1) + static_cast<int>(random() % 2));
        const std::string loves = (random() % 10 < (vip ? 9U : 1U)) ? "design" : "price";
        study_.take(
            {ticket_id{each}, 7, "survey_answer", from_millis(1'790'000'900'000),
             R"({"answers":[{"question":"csat","kind":"csat","value":)" + satisfied +
                 R"(},{"question":"nps","kind":"nps","value":7},{"question":"loves","kind":"preference","choice":")" +
                 loves + R"(","text":"x"},{"question":"why","kind":"text","text":"y"}]})",
             "mail", customer_id{each}});
        study_.note_satisfaction(customer_id{each}, 3);  // of one who answered: on record, and not counted twice
    }
    const auto made = study_.finish({});
    const auto& satisfaction = compared(made, "value", "satisfaction");
    EXPECT_EQ(satisfaction.answers, 400);
    EXPECT_TRUE(is_difference(satisfaction, {}));
    EXPECT_NEAR(satisfaction.groups.front().mean, 1.5, 0.1);  // regular
    const auto& loves = compared(made, "value", "preference.loves");
    EXPECT_EQ(loves.of, measure::cramers_v);
    EXPECT_TRUE(is_difference(loves, {}));
    EXPECT_FALSE(is_difference(compared(made, "value", "nps"), {}));
    EXPECT_EQ(study_.outcomes(), (std::vector<std::string>{"wait_s", "handling_s", "contacts", "satisfaction", "nps"}));
}

TEST_F(segment_studies, TakeSatisfactionFromTheRecordOfWhoAnsweredNothing) {
    for (std::uint64_t each = 1; each <= 4; ++each) {
        tell({each, "vip", "north"});
        study_.note_satisfaction(customer_id{each}, 4);
    }
    EXPECT_EQ(compared(study_.finish({}), "value", "satisfaction").answers, 4);
}

}  // namespace
}  // namespace kindred::insight
