#include "engine/runtime/arrivals/at_hand.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

channel::record message_of(const std::string& phone, const std::string& conversation) {
    channel::record made;
    made.kind = channel::record_kind::message;
    made.event_id = "m1";
    made.identities = {{"phone:" + phone, proof::proven}};
    made.conversation = conversation;
    return made;
}

customer speaker(const std::string& phone, const std::string& language) {
    customer made;
    made.id = customer_id{1};
    made.language = language;
    made.identities = {{"phone:" + phone, proof::proven}};
    return made;
}

TEST(AtHand, WhoWroteLatelyNeedsNoLookUp) {
    at_hand known;
    const auto said = message_of("+1", "v1");
    EXPECT_EQ(known.language_of_sender("chat", said), std::nullopt);
    known.add("chat", said, speaker("+1", "es"));
    EXPECT_EQ(known.language_of_sender("chat", said), "es");
    EXPECT_EQ(known.language_of_sender("narrow", said), std::nullopt) << "the conversation is one of its channel";
    EXPECT_EQ(known.language_of_sender("chat", message_of("+1", "v2")), std::nullopt) << "another conversation";
    EXPECT_EQ(known.language_of_sender("chat", message_of("+2", "v1")), std::nullopt) << "another sender";
}

TEST(AtHand, WhatAsksForMoreIsLookedUp) {
    at_hand known;
    const auto said = message_of("+1", "v1");
    known.add("chat", said, speaker("+1", "es"));
    auto refers = said;
    refers.references = {"<earlier@example.com>"};
    auto named = said;
    named.ticket = "7";
    auto status = said;
    status.kind = channel::record_kind::status;
    auto two = said;
    two.identities.push_back({"email:ann@example.com", proof::claimed});
    auto nobody = said;
    nobody.identities.clear();
    auto apart = said;
    apart.conversation.clear();
    for (const auto& each : {refers, named, status, two, nobody, apart})
        EXPECT_EQ(known.language_of_sender("chat", each), std::nullopt);
}

TEST(AtHand, ACustomerMayHaveNoLanguageYet) {
    at_hand known;
    const auto said = message_of("+1", "v1");
    known.add("chat", said, speaker("+1", ""));
    EXPECT_EQ(known.language_of_sender("chat", said), "");
    known.add("chat", said, speaker("+1", "es"));
    EXPECT_EQ(known.language_of_sender("chat", said), "es");
}

TEST(AtHand, WhatIsForgottenIsLookedUp) {
    at_hand known;
    const auto said = message_of("+1", "v1");
    known.add("chat", said, speaker("+1", "es"));
    known.forget("chat", said);
    EXPECT_EQ(known.language_of_sender("chat", said), std::nullopt);
}

TEST(AtHand, TheLongestUnusedLeave) {
    at_hand known(20);
    const auto said = message_of("+1", "v1");
    const auto silent = message_of("+2", "v2");
    known.add("chat", said, speaker("+1", "es"));
    known.add("chat", silent, speaker("+2", "es"));
    for (int i = 10; i < 100; ++i) {
        const auto number = "+" + std::to_string(i);
        known.add("chat", message_of(number, number), speaker(number, "en"));
        ASSERT_EQ(known.language_of_sender("chat", said), "es") << "it is asked for again and again";
    }
    EXPECT_EQ(known.language_of_sender("chat", silent), std::nullopt);
}

}  // namespace
}  // namespace kindred::runtime
