#include "engine/api/journey.hpp"

#include <gtest/gtest.h>

namespace kindred::api {
namespace {

time_point at(int minute) { return from_millis(1'790'000'000'000) + std::chrono::minutes{minute}; }

store::ticket_row ticket(std::uint64_t id, std::uint64_t customer = 1) {
    store::ticket_row made;
    made.id = ticket_id{id};
    made.customer = customer_id{customer};
    made.channel = "mail";
    made.subject = "subject " + std::to_string(id);
    return made;
}

store::entry_row line(std::uint64_t of, std::uint32_t number, std::string kind, int minute, std::string json = "{}") {
    return {ticket_id{of}, number, std::move(kind), at(minute), std::move(json)};
}

std::string placed(const char* stage, const char* value, const char* ruleset = "r1", const char* more = "") {
    return std::string(R"({"stage":")") + stage + R"(","segments":{"value":")" + value + R"("},"ruleset":")" + ruleset +
           '"' + more + "}";
}

customers::moment event(int minute, std::vector<customers::group_move> moves) {
    return {.about = customer_id{1},
            .version = 1,
            .at = at(minute),
            .what = "event",
            .by = "crm:shop",
            .name = "order_placed",
            .changed = {"customer.orders"},
            .moves = std::move(moves)};
}

/// "what cause dimension:from>to ..."
std::vector<std::string> told(const std::vector<journey_step>& steps) {
    std::vector<std::string> texts;
    for (const auto& each : steps) {
        auto text = each.what;
        if (each.cause == move_cause::itself) text += " itself";
        if (each.cause == move_cause::facts) text += " facts";
        if (each.cause == move_cause::rules) text += " rules";
        if (each.cause == move_cause::contact) text += " contact";
        for (const auto& move : each.moves) text += ' ' + move.dimension + ':' + move.from + '>' + move.to;
        texts.push_back(text);
    }
    return texts;
}

using texts = std::vector<std::string>;

TEST(journeys, TellContactsEventsAndWhatTheyMoved) {
    journey_sources from;
    from.tickets = {ticket(1)};
    from.entries = {line(1, 1, "contact", 0), line(1, 2, "decision", 0, placed("considering", "newcomer")),
                    line(1, 3, "decision", 10,
                         placed("onboarding", "regular", "r1", R"(,"again":{"changed":["customer.orders"]})")),
                    line(1, 4, "contact", 20),
                    line(1, 5, "resolved", 30, R"({"disposition":"solved","agent":{"id":"7","name":"Ann"}})")};
    from.moments = {event(10, {{"value", "newcomer", "regular"}, {"stage", "considering", "onboarding"}})};
    const auto steps = journey_of(from);
    EXPECT_EQ(told(steps), (texts{"contact", "event itself value:newcomer>regular stage:considering>onboarding",
                                  "contact", "resolved"}));
    EXPECT_EQ(steps[0].subject, "subject 1");
    EXPECT_EQ(steps[1].name, "order_placed");
    EXPECT_EQ(steps[1].by, "crm:shop");
    EXPECT_EQ(steps[1].changed, texts{"customer.orders"});
    EXPECT_EQ(steps[2].subject, "") << "only the one that opened the ticket is about its subject";
    EXPECT_EQ(steps[3].value, "solved");
    EXPECT_EQ(steps[3].by, "Ann");
}

TEST(journeys, SayWhyADecisionFoundSomebodyElsewhere) {
    journey_sources from;
    from.tickets = {ticket(1), ticket(2), ticket(3)};
    from.entries = {line(1, 1, "contact", 0),
                    line(1, 2, "decision", 0, placed("onboarding", "regular")),
                    line(2, 1, "contact", 1000),
                    line(2, 2, "decision", 1000, placed("established", "regular")),
                    line(3, 1, "contact", 2000),
                    line(3, 2, "decision", 2000, placed("established", "vip", "r2")),
                    line(3, 3, "decision", 2001,
                         placed("established", "regular", "r2", R"(,"again":{"changed":["customer.tags"]})"))};
    EXPECT_EQ(told(journey_of(from)), (texts{"contact", "contact contact stage:onboarding>established",
                                             "contact rules value:regular>vip", "decision facts value:vip>regular"}));
}

TEST(journeys, KeepTheGroupsOfThoseWhoGoOnAsOneApart) {
    journey_sources from;
    from.tickets = {ticket(1, 1), ticket(2, 2), ticket(3, 1)};
    from.entries = {line(1, 1, "contact", 0), line(1, 2, "decision", 0, placed("considering", "newcomer")),
                    line(2, 1, "contact", 1), line(2, 2, "decision", 1, placed("established", "vip")),
                    line(3, 1, "contact", 2), line(3, 2, "decision", 2, placed("considering", "newcomer"))};
    EXPECT_EQ(told(journey_of(from)), (texts{"contact", "contact", "contact"}));
}

// A ticket of somebody who goes on as another one is decided by what is known of that one: nobody has moved.
TEST(journeys, DoNotTakeAMergeForAMove) {
    journey_sources from;
    from.tickets = {ticket(1, 1), ticket(2, 2)};
    from.entries = {
        line(1, 1, "contact", 0),
        line(1, 2, "decision", 0, placed("established", "vip")),
        line(2, 1, "contact", 1),
        line(2, 2, "decision", 1, placed("considering", "newcomer")),
        line(2, 3, "decision", 2, placed("established", "vip", "r1", R"(,"again":{"changed":["stage"]})")),
        line(2, 4, "decision", 3, placed("considering", "newcomer", "r1", R"(,"again":{"changed":["stage"]})"))};
    customers::moment merged{.about = customer_id{1}, .version = 2, .at = at(2), .what = "merged", .name = "2"};
    auto unmerged = merged;
    unmerged.at = at(3);
    unmerged.what = "unmerged";
    auto other = unmerged;
    other.about = customer_id{2};
    other.name = "1";
    from.moments = {merged, unmerged, other};
    EXPECT_EQ(told(journey_of(from)), (texts{"contact", "contact", "merged", "unmerged", "unmerged"}));
}

TEST(journeys, PassOverWhatCannotBeRead) {
    journey_sources from;
    from.tickets = {ticket(1)};
    from.entries = {line(1, 1, "contact", 0, "{"), line(9, 1, "contact", 0), line(1, 2, "decision", 0, "[]")};
    EXPECT_TRUE(journey_of(from).empty());
    EXPECT_TRUE(journey_of({}).empty());
}

}  // namespace
}  // namespace kindred::api
