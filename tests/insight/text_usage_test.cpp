#include "engine/insight/text_usage.hpp"

#include "engine/insight/placements.hpp"

#include <gtest/gtest.h>

namespace kindred::insight {
namespace {

constexpr duration day = std::chrono::days{1};

class texts_in_use : public testing::Test {
protected:
    void line(std::uint64_t ticket, std::string_view kind, std::string_view json = "{}", std::uint64_t customer = 0,
              std::string_view channel = {}) {
        used_.take({ticket_id{ticket}, ++numbers_[ticket], kind, at_, json, channel, customer_id{customer}});
    }
    /// A contact that the rules had this for.
    void contact(std::uint64_t ticket, std::uint64_t customer, std::string_view decision) {
        line(ticket, "contact", R"({"understood":{"language":"es","intent":"refund"}})", customer, "mail");
        line(ticket, "decision", decision);
    }
    text_figures of(const std::string& kind, const std::string& id) {
        for (const auto& each : used_.texts())
            if (each.kind == kind && each.id == id) return each;
        ADD_FAILURE() << "no " << kind << ' ' << id;
        return {};
    }

    text_usage used_;
    time_point at_ = from_millis(1'790'000'000'000);
    std::map<std::uint64_t, std::uint32_t> numbers_;
};

constexpr auto with_both = R"({"stage":"new","segments":{"value":"vip"},"script":{"id":"hello","language":"es"},)"
                           R"("articles":[{"id":"returns","language":""}]})";
constexpr auto with_neither = R"({"stage":"new","segments":{"value":"vip"},"script":null,"articles":[]})";

TEST_F(texts_in_use, AreFollowedFromShownToResolvedForGood) {
    contact(1, 7, with_both);
    line(1, "accepted");
    line(1, "resolved", R"({"agent":{"id":"3"}})");
    at_ += 8 * day;
    contact(2, 7, with_both);
    line(2, "accepted");
    line(2, "resolved", R"({"agent":{"id":"3"}})");
    at_ += 2 * day;
    contact(3, 7, with_both);
    used_.finish();
    used_.note_mark("script", "hello", "used");
    used_.note_mark("script", "hello", "helpful");
    used_.note_mark("article", "returns", "sent");
    const auto hello = of("script", "hello");
    EXPECT_EQ(hello.shown, 2) << "nobody held the third";
    EXPECT_EQ(hello.used, 1);
    EXPECT_EQ(hello.resolved, 2);
    EXPECT_EQ(hello.contacted_again, 1) << "eight days later is another matter";
    EXPECT_EQ(hello.helpful, 1);
    EXPECT_EQ(hello.not_helpful, 0);
    EXPECT_EQ(of("article", "returns").sent, 1);
    EXPECT_TRUE(used_.gaps().empty());
}

TEST_F(texts_in_use, CloseWithoutAnAgentIsNoSuccess) {
    contact(1, 7, with_both);
    line(1, "accepted");
    line(1, "resolved", R"({"disposition":"merged"})");
    used_.finish();
    EXPECT_EQ(of("script", "hello").shown, 1);
    EXPECT_EQ(of("script", "hello").resolved, 0);
}

TEST_F(texts_in_use, AreMissedByContacts) {
    contact(1, 7, with_neither);
    line(1, "contact", "{}", 7, "mail");
    contact(2, 8, with_neither);
    contact(3, 9, R"({"stage":"old","segments":{},"script":{"id":"hello"},"articles":[]})");
    // Decided again, with a script: no gap any more.
    contact(4, 9, with_neither);
    line(4, "decision", with_both);
    used_.finish();
    const auto gaps = used_.gaps();
    ASSERT_EQ(gaps.size(), 3U);
    EXPECT_EQ(gaps[0].contacts, 3);
    EXPECT_EQ(gaps[0].tickets, 2);
    EXPECT_EQ(gaps[0].segments, "value: vip");
    EXPECT_EQ(gaps[0].stage, "new");
    EXPECT_EQ(gaps[0].channel, "mail");
    EXPECT_EQ(gaps[0].language, "es");
    EXPECT_EQ(gaps[0].intent, "refund");
    EXPECT_EQ(gaps[2].missing, "article");
    EXPECT_EQ(gaps[2].stage, "old");
    EXPECT_EQ(gaps[2].contacts, 1);
}

TEST_F(texts_in_use, InAnotherLanguageAreMissedToo) {
    contact(1, 7, R"({"script":{"id":"hello","language":"en"},"articles":[{"id":"returns","language":"es"}]})");
    line(1, "accepted");
    used_.finish();
    ASSERT_EQ(used_.gaps().size(), 1U);
    EXPECT_EQ(used_.gaps()[0].missing, "script");
    EXPECT_EQ(of("script", "hello").shown, 1);
}

TEST_F(texts_in_use, OfEachTicketThatTheirCustomerHadInTheWeekWereNotEnough) {
    const auto resolve = [&](std::uint64_t ticket, std::uint64_t customer) {
        contact(ticket, customer, with_both);
        line(ticket, "accepted");
        line(ticket, "resolved", R"({"agent":{"id":"3"}})");
    };
    contact(1, 7, with_both);
    line(1, "accepted");
    resolve(2, 7);
    line(1, "resolved", R"({"agent":{"id":"3"}})");
    at_ += 6 * day;
    resolve(3, 8);
    at_ += day;
    contact(4, 7, with_both);
    EXPECT_EQ(of("script", "hello").contacted_again, 2) << "exactly a week, of the first two";
    at_ += 3 * day;
    contact(5, 7, with_both);
    contact(6, 8, with_both);
    EXPECT_EQ(of("script", "hello").contacted_again, 3) << "once each";
    resolve(7, 9);
    at_ += 9 * day;
    resolve(8, 10);
    contact(9, 9, with_both);
    EXPECT_EQ(of("script", "hello").contacted_again, 3) << "too late";
}

TEST_F(texts_in_use, AreReadFromBriefsAsFromWholeDecisions) {
    line(1, "contact", R"({"intent":"refund","locale":"es"})", 7, "mail");
    line(
        1, "decision",
        R"({"route":"r","script":{"id":"hello","language":"es"},"articles":[],"segments":{"value":"vip"},"stage":"new"})");
    line(1, "accepted");
    line(2, "contact", R"({"locale":"es-MX","text":"x","understood":{"language":"en","intent":"refund"}})", 8, "mail");
    line(
        2, "decision",
        R"({"route":"q","steps":[],"script":{"id":"hello","language":"es"},"articles":[],"segments":{"value":"vip"},"stage":"new","pinned":[],"facts":{"contact.text":{"value":"x"}}})");
    line(2, "assigned");
    used_.finish();
    EXPECT_EQ(of("script", "hello").shown, 2);
    ASSERT_EQ(used_.gaps().size(), 1U);
    EXPECT_EQ(used_.gaps()[0].missing, "article");
    EXPECT_EQ(used_.gaps()[0].contacts, 2);
    EXPECT_EQ(used_.gaps()[0].language, "es");
}

TEST(briefs_of_decisions, AreToldFromWholeOnes) {
    EXPECT_TRUE(
        is_brief_of_decision(R"({"route":"a\",\"queue","script":null,"articles":[],"segments":{},"stage":"new"})"));
    EXPECT_FALSE(is_brief_of_decision(
        R"({"route":"r","queue":"q","steps":[],"script":null,"articles":[],"segments":{},"pinned":[],"again":{"changed":["x"]}})"));
    for (const auto* other : {"", "{}", R"({"route":)", R"({"route":"r"})", R"({"segments":{},"stage":"new"})"})
        EXPECT_FALSE(is_brief_of_decision(other)) << other;
}

TEST_F(texts_in_use, HaveReadersAndRowsOfTheirOwn) {
    used_.know("script", "never");
    used_.note_readers("returns", "shown", 5);
    used_.note_readers("returns", "helped", 2);
    used_.finish();
    EXPECT_EQ(of("script", "never").shown, 0);
    EXPECT_EQ(of("article", "returns").read, 5);
    EXPECT_EQ(of("article", "returns").customers_helped, 2);
}

}  // namespace
}  // namespace kindred::insight
