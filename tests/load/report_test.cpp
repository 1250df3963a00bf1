#include "engine/load/report.hpp"

#include "engine/base/json.hpp"

#include <gtest/gtest.h>

namespace kindred::load {
namespace {

using namespace std::chrono_literals;

report half_refused() {
    report made;
    made.target = "http://127.0.0.1:8080/webhooks/whatsapp";
    made.rate = 10;
    made.seconds = 2;
    made.connections = 4;
    made.due = 20;
    made.by_status = {{200, 8}, {503, 8}};
    made.timed_out = 1;
    made.lost = 1;
    made.not_sent = 2;
    made.held_up = 5;
    made.most_waiting = 3;
    for (int i = 0; i < 16; ++i) made.latency.add(2ms);
    made.lasted = 1900ms;
    return made;
}

TEST(report, counts_answers_and_success) {
    auto made = half_refused();
    EXPECT_EQ(made.answered(), 16U);
    EXPECT_DOUBLE_EQ(made.achieved_rate(), 8);
    EXPECT_FALSE(made.all_succeeded());
    made.by_status = {{200, 18}, {204, 2}};
    EXPECT_TRUE(made.all_succeeded());
    made.by_status = {{200, 19}, {302, 1}};
    EXPECT_FALSE(made.all_succeeded());
}

TEST(report, achieves_less_when_the_last_answer_is_late) {
    auto made = half_refused();
    made.lasted = 4s;
    EXPECT_DOUBLE_EQ(made.achieved_rate(), 4);
}

TEST(report, says_the_same_as_text_and_as_json) {
    const auto made = half_refused();
    const auto said = json::document::parse(to_json(made));
    ASSERT_TRUE(said);
    EXPECT_EQ((*said)["due"].integer(), 20);
    EXPECT_EQ((*said)["statuses"]["503"].integer(), 8);
    EXPECT_EQ((*said)["timed_out"].integer(), 1);
    EXPECT_EQ((*said)["lost"].integer(), 1);
    EXPECT_EQ((*said)["not_sent"].integer(), 2);
    EXPECT_EQ((*said)["held_up"].integer(), 5);
    EXPECT_EQ((*said)["most_waiting"].integer(), 3);
    EXPECT_DOUBLE_EQ((*said)["latency_ms"]["p99.9"].number().value_or(0), 2);
    EXPECT_DOUBLE_EQ((*said)["achieved_rate"].number().value_or(0), 8);

    const auto text = to_text(made);
    for (const char* part :
         {"503", "p99.9 2.00", "timed out", "lost", "5 found no connection free", "2 were never sent"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

}  // namespace
}  // namespace kindred::load
