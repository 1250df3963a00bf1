#include "engine/runtime/sending/events.hpp"

#include "engine/base/json.hpp"
#include "tests/runtime/support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;

ticket some_ticket() {
    ticket made;
    made.id = ticket_id{7};
    made.queue = "general";
    made.channel = "chat";
    made.customer = customer_id{3};
    return made;
}
store::entry_row entry(const char* kind, std::uint32_t number) {
    return {ticket_id{7}, number, kind, test_start, R"({"text":"x"})"};
}

TEST(Events, GoToThoseWhoWantTheType) {
    const std::vector<event_subscription> all{{"all", "https://a", {}, {}},
                                              {"some", "https://b", {}, {"ticket.resolved", "ticket.call_*"}},
                                              {"wild", "https://c", {}, {"ticket.*"}}};
    const auto names = [&](const char* kind) {
        std::vector<std::string> found;
        for (const auto& row : events_of(all, "key", some_ticket(), entry(kind, 1)))
            found.push_back(event_from(row).value().subscription);
        return found;
    };
    EXPECT_EQ(names("contact"), (std::vector<std::string>{"all", "wild"}));
    EXPECT_EQ(names("resolved"), (std::vector<std::string>{"all", "some", "wild"}));
    EXPECT_EQ(event_type_of("call-status"), "ticket.call_status");
}

TEST(Events, SayWhatHappenedUnderAnIdOfTheirOwn) {
    const std::vector<event_subscription> one{{"crm", "https://a", {}, {}}};
    const auto rows = events_of(one, "key", some_ticket(), entry("note", 12));
    ASSERT_EQ(rows.size(), 1U);
    const auto event = event_from(rows[0]).value();
    EXPECT_EQ(event.id, "evt_key_7-12");
    EXPECT_EQ(due_of(rows[0]), test_start);
    const auto body = json::document::parse(event.body).value();
    EXPECT_EQ(body["type"].text(), "ticket.note");
    EXPECT_EQ(body["timestamp"].text(), to_rfc3339(test_start));
    EXPECT_EQ(body["data"]["ticket"].text(), "7");
    EXPECT_EQ(body["data"]["queue"].text(), "general");
    EXPECT_EQ(body["data"]["entry"]["number"].integer(), 12);
    EXPECT_EQ(body["data"]["entry"]["text"].text(), "x");
}

TEST(Events, ARowIsReadAsItWasWrittenAndSortsByWhenItIsDue) {
    outgoing_event event{"crm", "evt_key_7-12", "ticket.note", R"({"a":1})", 3, test_start, "answered 500"};
    const auto later = to_row(event, event_retry_rows, test_start + 5s);
    const auto sooner = to_row(event, event_retry_rows, test_start + 4s);
    EXPECT_LT(sooner.id, later.id);
    EXPECT_EQ(due_of(later), test_start + 5s);
    const auto read = event_from(later).value();
    EXPECT_EQ(read.attempts, 3U);
    EXPECT_EQ(read.reason, "answered 500");
    EXPECT_EQ(read.body, event.body);
    EXPECT_EQ(event_from({"event", "crm/1-1", test_start, "x"}).error().code, errc::corrupt);
    EXPECT_EQ(event_from({"event", "nonsense", test_start, later.bytes}).error().code, errc::corrupt);
}

TEST(Events, AreTriedTenTimesAsStandardWebhooksSays) {
    duration whole{0};
    for (unsigned attempts = 1; attempts <= 9; ++attempts) {
        const auto pause = next_attempt_after(attempts, 0).value();
        EXPECT_EQ(next_attempt_after(attempts, 1).value(), pause + pause / 10);
        whole += pause;
    }
    EXPECT_EQ(next_attempt_after(1, 0), 5s);
    EXPECT_EQ(next_attempt_after(9, 0), 24h);
    EXPECT_EQ(next_attempt_after(10, 0), std::nullopt);
    EXPECT_EQ(next_attempt_after(0, 0), std::nullopt);
    EXPECT_GT(whole, 72h);
}

TEST(Events, ABacklogIsBounded) {
    event_backlog backlog;
    for (std::size_t i = 0; i < event_backlog::most; ++i) {
        ASSERT_TRUE(backlog.has_room("crm"));
        backlog.follow({std::string(event_rows), "crm/" + std::to_string(i), test_start, {}});
    }
    EXPECT_FALSE(backlog.has_room("crm"));
    EXPECT_TRUE(backlog.has_room("other"));
    backlog.follow({"stop", "crm/1", test_start, {}, true});
    EXPECT_FALSE(backlog.has_room("crm"));
    backlog.follow({std::string(dead_event_rows), "crm/1", test_start, {}, true});
    EXPECT_TRUE(backlog.has_room("crm"));
}

}  // namespace
}  // namespace kindred::runtime
