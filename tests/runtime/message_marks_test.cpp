#include "engine/runtime/arrivals/message_marks.hpp"

#include "tests/runtime/support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;

store::entry_row line(std::uint32_t number, const char* kind, std::string json) {
    return {ticket_id{1}, number, kind, test_start + std::chrono::minutes{number}, std::move(json)};
}
store::entry_row status(std::uint32_t number, const std::string& word) {
    return line(number, "status", R"({"record":{"kind":"status","status":")" + word + R"("},"about":1})");
}
message_mark mark(const std::vector<store::entry_row>& entries, std::uint32_t number = 1) {
    return marks_of(entries).at(number);
}

TEST(MessageMarks, ANewReplyIsPending) {
    EXPECT_EQ(mark({line(1, "reply", R"({"text":"x"})")}).state, message_state::pending);
}

TEST(MessageMarks, StatusesNeverGoBackwardsInWhateverOrderTheyCome) {
    std::vector<store::entry_row> news{line(2, "delivery", R"({"entry":1,"state":"sent","attempts":1})"),
                                       status(3, "sent"), status(4, "delivered"), status(5, "read")};
    std::sort(news.begin(), news.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    do {
        std::vector<store::entry_row> all{line(1, "reply", "{}")};
        all.insert(all.end(), news.begin(), news.end());
        auto highest = message_state::pending;
        for (std::size_t seen = 1; seen <= all.size(); ++seen) {
            const auto stands = mark({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(seen)}).state.value();
            EXPECT_GE(stands, highest);
            highest = stands;
        }
        EXPECT_EQ(highest, message_state::read);
        EXPECT_EQ(mark(all).delivered_at, test_start + 4min);
        EXPECT_EQ(mark(all).read_at, test_start + 5min);
    } while (std::next_permutation(news.begin(), news.end(),
                                   [](const auto& a, const auto& b) { return a.number < b.number; }));
}

TEST(MessageMarks, AFailureIsForgottenWhenTheMessageGoesAgain) {
    const auto reply = line(1, "reply", "{}");
    const auto failed = line(2, "delivery", R"({"entry":1,"state":"failed","attempts":1,"reason":"no"})");
    const auto again = line(3, "sent_again", R"({"entry":1,"agent":{"id":"1"}})");
    EXPECT_EQ(mark({reply, failed, again}).state, message_state::pending);
    EXPECT_TRUE(mark({reply, failed, again}).failed_because.empty());
    const auto sent = line(4, "delivery", R"({"entry":1,"state":"sent","attempts":2})");
    EXPECT_EQ(mark({reply, failed, again, sent}).state, message_state::sent);
    const auto other = line(3, "sent_again", R"({"entry":7})");
    EXPECT_EQ(mark({reply, failed, other}).state, message_state::failed);
}

TEST(MessageMarks, AFailureEndsAMessageUnlessItArrivedAfterAll) {
    const auto reply = line(1, "reply", "{}");
    const auto failed =
        line(2, "status", R"({"record":{"status":"failed","error":"131026","error_title":"Undeliverable"},"about":1})");
    EXPECT_EQ(mark({reply, failed}).state, message_state::failed);
    EXPECT_EQ(mark({reply, failed}).failed_because, "Undeliverable (131026)");
    EXPECT_EQ(mark({reply, failed, status(3, "sent")}).state, message_state::failed);
    EXPECT_EQ(mark({reply, failed, status(3, "delivered")}).state, message_state::delivered);
    EXPECT_EQ(mark({reply, status(3, "read"), failed}).state, message_state::read);
    EXPECT_EQ(mark({reply, line(2, "bounce", R"({"record":{"reason":"no such box"},"about":1})")}).state,
              message_state::failed);
    EXPECT_EQ(
        mark({reply, line(2, "delivery", R"({"entry":1,"state":"failed","attempts":0,"reason":"no"})")}).failed_because,
        "no");
}

TEST(MessageMarks, AWatermarkIsAboutEverythingUntilThen) {
    const auto until = std::to_string(to_millis(test_start + 2min));
    const std::vector<store::entry_row> all{
        line(1, "reply", "{}"), line(2, "reply", "{}"), line(3, "reply", "{}"),
        line(4, "status", R"({"record":{"status":"read","watermark_ms":)" + until + "}}")};
    const auto marks = marks_of(all);
    EXPECT_EQ(marks.at(1).state, message_state::read);
    EXPECT_EQ(marks.at(2).state, message_state::read);
    EXPECT_EQ(marks.at(3).state, message_state::pending);
}

TEST(MessageMarks, EditsDeletionsAndReactionsOfWhatTheCustomerWrote) {
    const auto edit = [](std::uint32_t number, const char* text, const char* at) {
        return line(number, "edit",
                    R"({"record":{"text":")" + std::string(text) + R"(","timestamp":")" + at + R"("},"about":1})");
    };
    const auto react = [](std::uint32_t number, const char* from, const char* more) {
        return line(number, "reaction", R"({"record":{"from":")" + std::string(from) + "\"" + more + R"(},"about":1})");
    };
    const auto edited = mark({edit(2, "second", "2026-11-23T10:02:00Z"), edit(3, "first", "2026-11-23T10:01:00Z")});
    EXPECT_EQ(edited.text, "second");
    EXPECT_EQ(edited.state, std::nullopt);
    EXPECT_EQ(mark({line(2, "delete", R"({"record":{},"about":1})")}).deleted_at, test_start + 2min);
    const auto reacted = mark({react(2, "a", R"(,"emoji":"+1")"), react(3, "b", R"(,"emoji":"ok")"),
                               react(4, "a", R"(,"emoji":"no")"), react(5, "b", R"(,"emoji":"ok","removed":true)")});
    ASSERT_EQ(reacted.reactions.size(), 1U);
    EXPECT_EQ(reacted.reactions[0].from, "a");
    EXPECT_EQ(reacted.reactions[0].emoji, "no");
}

TEST(MessageMarks, NonsenseIsPassedOver) {
    EXPECT_TRUE(marks_of({line(1, "status", "x"), line(2, "status", "[]"), line(3, "edit", "{}"),
                          line(4, "delivery", R"({"entry":9,"state":"sent"})")})
                    .empty());
}

}  // namespace
}  // namespace kindred::runtime
