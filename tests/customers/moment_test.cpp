#include "engine/customers/merged_over_time.hpp"

#include <gtest/gtest.h>

namespace kindred::customers {
namespace {

TEST(moments, AreReadAsTheyWereWritten) {
    moment happened;
    happened.about = customer_id{7};
    happened.version = 12;
    happened.at = from_millis(1'790'000'000'123);
    happened.what = "event";
    happened.by = "crm:shop";
    happened.name = "order_placed \"x\"";
    happened.value = "vip";
    happened.reason = "said so\n";
    happened.changed = {"customer.orders", "customer.tags"};
    happened.moves = {{"value", "newcomer", "regular"}, {"stage", "considering", "onboarding"}};
    const auto read = moment_from_json(to_json(happened));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, happened);
    const auto nothing = moment_from_json(to_json({.about = customer_id{1}}));
    ASSERT_TRUE(nothing);
    EXPECT_EQ(*nothing, (moment{.about = customer_id{1}}));
    for (const auto* wrong : {"", "{}", "[]", R"({"about":"x"})"})
        EXPECT_EQ(moment_from_json(wrong).error().code, errc::corrupt) << wrong;
}

// The report of flows passes over what moved nobody without reading it.
TEST(moments, SayAtTheirEndWhetherTheyMovedAnybody) {
    moment happened{.about = customer_id{1}, .what = "facts", .changed = {"customer.tags"}};
    EXPECT_TRUE(to_json(happened).ends_with(R"("moves":[]})"));
    happened.moves = {{"value", "a", "b"}};
    EXPECT_FALSE(to_json(happened).ends_with(R"("moves":[]})"));
}

TEST(moments, AreInTheOrderOfVersions) {
    EXPECT_LT(key_of_moment(customer_id{2}, 9), key_of_moment(customer_id{2}, 10));
    EXPECT_LT(key_of_moment(customer_id{2}, 99), key_of_moment(customer_id{10}, 1));
    EXPECT_TRUE(key_of_moment(customer_id{2}, 9).starts_with(key_prefix_of_moments(customer_id{2})));
    EXPECT_FALSE(key_of_moment(customer_id{21}, 9).starts_with(key_prefix_of_moments(customer_id{2})));
}

TEST(merges, AreFollowedInTheOrderOfTime) {
    merged_over_time all;
    const auto said = [](const char* what, std::uint64_t about, const char* name) {
        return moment{.about = customer_id{about}, .what = what, .name = name};
    };
    const auto goes_on = [&](std::uint64_t who) { return all.goes_on_as(customer_id{who}).value; };
    EXPECT_EQ(goes_on(2), 2U);
    all.take(said("merged", 1, "2"));
    all.take(said("merged", 3, "1"));
    all.take(said("event", 9, "3"));
    all.take(said("merged", 9, "nobody"));
    EXPECT_EQ(goes_on(2), 3U);
    EXPECT_EQ(goes_on(1), 3U);
    EXPECT_EQ(goes_on(3), 3U);
    all.take(said("unmerged", 3, "1"));
    all.take(said("unmerged", 1, "3"));
    EXPECT_EQ(goes_on(2), 1U);
    all.take(said("merged", 2, "1"));  // damaged rows: it ends all the same
    EXPECT_TRUE(goes_on(1) == 1U || goes_on(1) == 2U);
}

}  // namespace
}  // namespace kindred::customers
