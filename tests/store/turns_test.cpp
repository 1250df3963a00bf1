#include "engine/store/redis/turns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace kindred::store::redis {
namespace {

using candidates = std::vector<candidate>;

TEST(Turns, GoToWhoLeadsTheFewest) {
    EXPECT_EQ(whose_turn("s", "", candidates{{"a", 3}, {"b", 1}, {"c", 2}}, {}), "b");
    EXPECT_EQ(whose_turn("s", "a", candidates{{"a", 3}, {"b", 1}}, {}), "b") << "although another one led it";
    EXPECT_EQ(whose_turn("s", "", candidates{{"a", 7}}, {}), "a");
    EXPECT_EQ(whose_turn("s", "a", candidates{}, {}), std::nullopt);
}

TEST(Turns, AmongEqualsStayWithWhoLedItLast) {
    EXPECT_EQ(whose_turn("s", "a", candidates{{"a", 2}, {"b", 2}}, {}), "a");
    EXPECT_EQ(whose_turn("s", "b", candidates{{"a", 2}, {"b", 2}}, {}), "b");
    EXPECT_TRUE(whose_turn("s", "gone", candidates{{"a", 2}, {"b", 2}}, {}));
}

TEST(Turns, EndAtTheCap) {
    EXPECT_EQ(whose_turn("s", "a", candidates{{"a", 2}, {"b", 3}}, {2}), std::nullopt);
    EXPECT_EQ(whose_turn("s", "a", candidates{{"a", 2}, {"b", 1}}, {2}), "b");
    EXPECT_EQ(better_leader("s", "a", candidates{{"a", 9}, {"b", 2}}, {2}), std::nullopt);
}

TEST(Turns, MoveOnlyWhereItBringsNodesCloser) {
    EXPECT_EQ(better_leader("s", "a", candidates{{"a", 1}, {"b", 0}}, {}), "b") << "two and none: one each";
    EXPECT_EQ(better_leader("s", "a", candidates{{"a", 0}, {"b", 0}}, {}), std::nullopt) << "one and none stays so";
    EXPECT_EQ(better_leader("s", "a", candidates{{"a", 2}, {"b", 2}}, {}), std::nullopt);
    EXPECT_EQ(better_leader("s", "gone", candidates{{"a", 9}, {"b", 0}}, {}), std::nullopt);
}

/// Sites and nodes that follow the rules, one move at a time, whatever comes and goes.
class centre {
public:
    explicit centre(std::size_t sites, lead_cap cap) : cap_(cap) {
        for (std::size_t i = 0; i < sites; ++i) leaders_["site-" + std::to_string(i)];
    }

    void start(const std::string& node) { nodes_.push_back(node); }
    void end(const std::string& node) {
        std::erase(nodes_, node);
        for (auto& [site, leader] : leaders_)
            if (leader == node) {
                led_last_[site] = node;
                leader.clear();
            }
    }
    /// How many moves it takes until nothing moves any more.
    std::size_t settle() {
        std::size_t moves = 0;
        for (bool moved = true; moved; ++moves) {
            moved = false;
            for (auto& [site, leader] : leaders_) {
                const auto next = leader.empty() ? whose_turn(site, led_last_[site], seen_by(site), cap_)
                                                 : better_leader(site, leader, seen_by(site), cap_);
                if (!next) continue;
                EXPECT_NE(*next, leader);
                leader = *next;
                moved = true;
            }
            if (moves > 1000) break;
        }
        return moves;
    }
    std::map<std::string, std::size_t> led() const {
        std::map<std::string, std::size_t> counts;
        for (const auto& each : nodes_) counts[each] = 0;
        for (const auto& [site, leader] : leaders_)
            if (!leader.empty()) ++counts[leader];
        return counts;
    }
    std::size_t without_leader() const {
        return static_cast<std::size_t>(
            std::count_if(leaders_.begin(), leaders_.end(), [](const auto& each) { return each.second.empty(); }));
    }

private:
    candidates seen_by(const std::string& site) const {
        candidates seen;
        for (const auto& node : nodes_) {
            auto& each = seen.emplace_back(candidate{node, 0});
            for (const auto& [other, leader] : leaders_)
                if (other != site && leader == node) ++each.leads;
        }
        return seen;
    }

    const lead_cap cap_;
    std::vector<std::string> nodes_;
    std::map<std::string, std::string> leaders_;
    std::map<std::string, std::string> led_last_;
};

TEST(Turns, SpreadSitesEvenlyWhateverNodesComeAndGo) {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        const auto sites = 1 + random() % 40;
        centre all(sites, {});
        std::vector<std::string> up;
        for (int event = 0; event < 12; ++event) {
            if (up.empty() || random() % 3 != 0) {
                up.push_back("node-" + std::to_string(random() % 1000) + "-" + std::to_string(event));
                all.start(up.back());
            } else {
                const auto gone = random() % up.size();
                all.end(up[gone]);
                up.erase(up.begin() + static_cast<std::ptrdiff_t>(gone));
            }
            ASSERT_LT(all.settle(), 1000U) << "sites move back and forth";
            const auto counts = all.led();
            if (counts.empty()) continue;
            const auto [least, most] = std::minmax_element(
                counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
            EXPECT_LE(most->second - least->second, 1U);
            EXPECT_EQ(all.without_leader(), 0U);
        }
    }
}

TEST(Turns, LeaveSitesWithoutALeaderRatherThanPassTheCap) {
    centre all(10, {3});
    all.start("a");
    all.settle();
    EXPECT_EQ(all.led().at("a"), 3U);
    EXPECT_EQ(all.without_leader(), 7U);
    for (const auto* node : {"b", "c", "d"}) all.start(node);
    all.settle();
    EXPECT_EQ(all.without_leader(), 0U);
    for (const auto& [node, count] : all.led()) EXPECT_LE(count, 3U) << node;
}

}  // namespace
}  // namespace kindred::store::redis
