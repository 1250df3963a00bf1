#include "engine/customers/consent.hpp"

#include <gtest/gtest.h>

namespace kindred::customers {
namespace {

using namespace std::chrono_literals;

constexpr time_point noon{duration{1'795'000'000'000}};
const std::string number = "phone:+34612345678";

do_not_contact stop(std::optional<channel_kind> kind = channel_kind::social) {
    return {number, kind, false, "customer", "STOP", noon, {}};
}
wish_to_send answer(channel_kind kind = channel_kind::social) {
    return {{number, "customer:7"}, kind, false, noon - 1h};
}

TEST(Consent, ForbidsTheKindOfChannelInWhichItWasSaidAndNoOther) {
    consent_book book;
    EXPECT_EQ(book.forbids(answer(), noon), nullptr);
    book.put(stop());
    ASSERT_NE(book.forbids(answer(), noon), nullptr);
    EXPECT_EQ(book.forbids(answer(), noon)->reason, "STOP");
    EXPECT_EQ(book.forbids(answer(channel_kind::email), noon), nullptr);
    EXPECT_EQ(book.forbids({{"phone:+3461234567"}, channel_kind::social, false, {}}, noon), nullptr);
    EXPECT_TRUE(book.lift(key_of(stop())));
    EXPECT_FALSE(book.lift(key_of(stop())));
    EXPECT_EQ(book.forbids(answer(), noon), nullptr);
}

TEST(Consent, OneForEveryKindHoldsEverywhere) {
    consent_book book;
    book.put({"customer:7", {}, false, "agent:ann", {}, noon, {}});
    for (const auto kind : all_channel_kinds) EXPECT_NE(book.forbids(answer(kind), noon), nullptr);
}

TEST(Consent, EndsWhenItSays) {
    consent_book book;
    auto ends = stop();
    ends.until = noon + 1h;
    book.put(ends);
    EXPECT_NE(book.forbids(answer(), noon + 1h - 1ms), nullptr);
    EXPECT_EQ(book.forbids(answer(), noon + 1h), nullptr);
}

TEST(Consent, WhereAnswersAreAllowedOnlyAPersonMayAnswerWhatCameAfterwards) {
    consent_book book;
    auto complaint = stop();
    complaint.answers_allowed = true;
    book.put(complaint);
    auto later = answer();
    EXPECT_NE(book.forbids(later, noon), nullptr);
    later.answers = noon + 1ms;
    EXPECT_EQ(book.forbids(later, noon + 1h), nullptr);
    later.automatic = true;
    EXPECT_NE(book.forbids(later, noon + 1h), nullptr);
}

TEST(Consent, IsReadAsItWasWritten) {
    auto all = stop({});
    all.until = noon + 1h;
    for (const auto& each : {stop(), all}) EXPECT_EQ(do_not_contact_from_json(to_json(each)).value(), each);
    EXPECT_EQ(do_not_contact_from_json("{}").error().code, errc::corrupt);
    EXPECT_EQ(do_not_contact_from_json("x").error().code, errc::corrupt);
}

}  // namespace
}  // namespace kindred::customers
