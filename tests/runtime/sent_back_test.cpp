#include "engine/runtime/arrivals/sent_back.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using std::chrono::seconds;

const channel_entry chat{"chat", "test", channel_kind::chat, nullptr};
const channel_entry other{"other", "test", channel_kind::chat, nullptr};

delivery of(const channel_entry& via, const std::vector<std::string>& conversations) {
    delivery made;
    made.via = &via;
    for (const auto& each : conversations) made.records.emplace_back().conversation = each;
    return made;
}

TEST(SentBack, HoldsUpItsOwnConversationUntilAllHasComeBack) {
    sent_back away;
    const sent_back::steady::time_point now;
    away.went(of(chat, {"v1", "v2"}), now);
    away.went(of(chat, {"v1"}), now);
    EXPECT_TRUE(away.concerns(of(chat, {"v3", "v2"}), now));
    EXPECT_FALSE(away.concerns(of(chat, {"v3"}), now));
    EXPECT_FALSE(away.concerns(of(other, {"v1"}), now)) << "a conversation is one of its channel";
    away.came(of(chat, {"v1", "v2"}));
    EXPECT_TRUE(away.concerns(of(chat, {"v1"}), now));
    EXPECT_FALSE(away.concerns(of(chat, {"v2"}), now));
    away.came(of(chat, {"v1"}));
    EXPECT_FALSE(away.concerns(of(chat, {"v1"}), now));
}

TEST(SentBack, HoldsNobodyUpForWhatWasLost) {
    sent_back away;
    const sent_back::steady::time_point now;
    away.went(of(chat, {"v1"}), now);
    EXPECT_TRUE(away.concerns(of(chat, {"v1"}), now + seconds{50}));
    away.went(of(chat, {"v1"}), now + seconds{50});
    away.came(of(chat, {"v1"}));
    EXPECT_FALSE(away.concerns(of(chat, {"v1"}), now + seconds{70})) << "though others went and came meanwhile";
    away.went(of(chat, {"v1"}), now + seconds{80});
    away.came(of(chat, {"v1"}));
    EXPECT_FALSE(away.concerns(of(chat, {"v1"}), now + seconds{81}));
    away.came(of(chat, {"v2"}));
}

TEST(SentBack, HasNothingToSayOfWhatIsInNoConversation) {
    sent_back away;
    const sent_back::steady::time_point now;
    away.went(of(chat, {""}), now);
    EXPECT_FALSE(away.concerns(of(chat, {""}), now));
}

}  // namespace
}  // namespace kindred::runtime
