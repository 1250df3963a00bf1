#include "engine/runtime/desks/desk_hub.hpp"

#include "engine/base/json.hpp"
#include "tests/runtime/support/manual_clock.hpp"
#include "tests/runtime/support/sockets.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;
using numbers = std::vector<std::int64_t>;

constexpr std::uint64_t first = 1'000;
constexpr agent_id ann{1};
constexpr agent_id ben{2};

numbers seqs_of(const listening_socket& desk) {
    numbers found;
    for (const auto& text : desk.heard()) found.push_back(json::document::parse(text).value()["seq"].integer().value());
    return found;
}

class desks : public testing::Test {
protected:
    std::shared_ptr<listening_socket> begin(agent_id agent) {
        auto desk = std::make_shared<listening_socket>();
        hub_.begin(agent, desk, R"("tickets":[])", false);
        return desk;
    }
    void publish(agent_id agent, std::size_t frames = 1, const std::string& members = R"("entry":{})") {
        for (std::size_t i = 0; i < frames; ++i) hub_.publish(agent, "entry", members, now_);
    }
    bool resume(agent_id agent, std::uint64_t after,
                const std::shared_ptr<listening_socket>& desk = std::make_shared<listening_socket>()) {
        return hub_.resume(agent, after, desk, now_);
    }

    desk_hub hub_{first};
    time_point now_ = test_start;
};

TEST_F(desks, ASnapshotThenEveryFrameWithoutGaps) {
    publish(ann, 2);
    const auto desk = begin(ann);
    publish(ann, 3);
    publish(ben, 5);
    EXPECT_EQ(seqs_of(*desk), (numbers{1002, 1003, 1004, 1005}));
    EXPECT_EQ(desk->heard()[0], R"({"seq":1002,"type":"snapshot","tickets":[]})");
    EXPECT_EQ(desk->heard()[1], R"({"seq":1003,"type":"entry","entry":{}})");
}

TEST_F(desks, ADeskThatStartsAgainIsToldThatWhatItHadIsVoid) {
    publish(ann, 2);
    const auto desk = std::make_shared<listening_socket>();
    hub_.begin(ann, desk, R"("tickets":[])", true);
    EXPECT_EQ(desk->heard()[0], R"({"seq":1002,"type":"reset"})");
    EXPECT_EQ(desk->heard()[1], R"({"seq":1002,"type":"snapshot","tickets":[]})");
}

TEST_F(desks, AllDesksOfAnAgentHearTheSame) {
    const auto one = begin(ann);
    const auto other = begin(ann);
    publish(ann, 2);
    EXPECT_EQ(one->heard(), other->heard());
    EXPECT_EQ(hub_.open_desks(), 2U);
}

TEST_F(desks, ResumeReplaysExactlyWhatWasMissedAndIsLiveAgain) {
    const auto gone = begin(ann);
    publish(ann, 2);
    EXPECT_TRUE(hub_.leave(ann, gone.get()));
    publish(ann, 3);
    const auto back = std::make_shared<listening_socket>();
    ASSERT_TRUE(resume(ann, 1002, back));
    publish(ann);
    EXPECT_EQ(seqs_of(*back), (numbers{1003, 1004, 1005, 1006}));
    EXPECT_EQ(gone->heard().size(), 3U) << "who left hears nothing more";
}

TEST_F(desks, ResumeWhereNothingWasMissedSendsNothing) {
    publish(ann, 2);
    const auto back = std::make_shared<listening_socket>();
    ASSERT_TRUE(resume(ann, 1002, back));
    EXPECT_TRUE(back->heard().empty());
    publish(ann);
    EXPECT_EQ(seqs_of(*back), numbers{1003});
}

TEST_F(desks, WhatIsNotKnownNeedsABeginning) {
    publish(ann, 3);
    for (const std::uint64_t after : {std::uint64_t{0}, first - 1, first + 1'000, UINT64_MAX}) {
        const auto back = std::make_shared<listening_socket>();
        EXPECT_FALSE(resume(ann, after, back)) << after;
        publish(ann);
        EXPECT_TRUE(back->heard().empty()) << "a desk that was not taken back is not live";
    }
    EXPECT_TRUE(resume(ann, first));
    EXPECT_FALSE(resume(ben, first + 1)) << "ann's numbers are not ben's";
}

// A session's outbox holds 256 messages and a mebibyte: one frame more, and the desk would be cut off at each attempt.
TEST_F(desks, MoreThanASessionTakesAtOnceNeedsABeginning) {
    publish(ann, 201);
    EXPECT_FALSE(resume(ann, first));
    const auto back = std::make_shared<listening_socket>();
    ASSERT_TRUE(resume(ann, first + 1, back));
    EXPECT_EQ(back->heard().size(), 200U);
    publish(ben, 3, "\"x\":\"" + std::string(200'000, 'x') + '"');
    EXPECT_FALSE(resume(ben, first));
    EXPECT_TRUE(resume(ben, first + 1));
}

TEST_F(desks, ADayIsKept) {
    publish(ann);
    now_ += 24h;
    publish(ann);
    EXPECT_TRUE(resume(ann, first));
    now_ += 1ms;
    publish(ann);
    EXPECT_FALSE(resume(ann, first));
    EXPECT_TRUE(resume(ann, first + 1));
}

TEST_F(desks, ADeskThatIsTooSlowIsLetGo) {
    const auto slow = begin(ann);
    const auto quick = begin(ann);
    slow->leave_room_for(1);
    publish(ann, 3);
    EXPECT_EQ(seqs_of(*slow), (numbers{1000, 1001}));
    EXPECT_EQ(quick->heard().size(), 4U);
    EXPECT_EQ(hub_.open_desks(), 1U);
    const auto back = std::make_shared<listening_socket>();
    back->leave_room_for(1);
    EXPECT_TRUE(resume(ann, 1001, back)) << "too slow to catch up: its session closes it and it comes back";
    EXPECT_EQ(hub_.open_desks(), 1U);
}

TEST_F(desks, ABroadcastReachesWhoIsThereAndItsLatestWhoComesBack) {
    const auto desk = begin(ann);
    publish(ben);
    hub_.broadcast("queues", R"("queues":[1])", now_);
    hub_.broadcast("queues", R"("queues":[2])", now_);
    EXPECT_EQ(seqs_of(*desk), (numbers{1000, 1001, 1002}));
    const auto back = std::make_shared<listening_socket>();
    ASSERT_TRUE(resume(ben, first + 1, back));
    ASSERT_EQ(back->heard().size(), 1U) << "figures of the past are nobody's business";
    EXPECT_EQ(back->heard()[0], R"({"seq":1002,"type":"queues","queues":[2]})");
    EXPECT_TRUE(hub_.leave(ben, back.get()));
    const auto again = std::make_shared<listening_socket>();
    ASSERT_TRUE(resume(ben, 1002, again));
    EXPECT_TRUE(again->heard().empty()) << "once is enough";
}

TEST_F(desks, ASnapshotHasWhatWasBroadcast) {
    const auto gone = begin(ann);
    EXPECT_TRUE(hub_.leave(ann, gone.get()));
    hub_.broadcast("queues", R"("queues":[])", now_);
    const auto back = begin(ann);
    EXPECT_TRUE(hub_.leave(ann, back.get()));
    const auto again = std::make_shared<listening_socket>();
    ASSERT_TRUE(resume(ann, first, again));
    EXPECT_TRUE(again->heard().empty());
}

TEST_F(desks, TheLastOneToLeaveIsToldApart) {
    const auto one = begin(ann);
    const auto other = begin(ann);
    EXPECT_FALSE(hub_.leave(ann, one.get()));
    EXPECT_TRUE(hub_.leave(ann, other.get()));
    EXPECT_EQ(hub_.open_desks(), 0U);
}

TEST_F(desks, CloseEndsTheDesksOfOneAgent) {
    const auto anns = begin(ann);
    const auto bens = begin(ben);
    hub_.close(ann, http::close_code::policy, "logged out");
    EXPECT_EQ(anns->closed(), http::close_code::policy);
    EXPECT_EQ(bens->closed(), std::nullopt);
}

}  // namespace
}  // namespace kindred::runtime
