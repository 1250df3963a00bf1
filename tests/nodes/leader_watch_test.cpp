#include "engine/nodes/leader_watch.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace kindred::nodes {
namespace {

using std::chrono::milliseconds;

class waiting : public testing::Test {
protected:
    /// What was to be run and is due by now.
    void pass(milliseconds time) {
        now_ += time;
        for (std::size_t i = 0; i < timers_.size(); ++i)
            if (timers_[i].first <= now_)
                if (const auto task = std::exchange(timers_[i].second, nullptr)) task();
    }
    std::function<void()> saying(const std::string& name) {
        return [this, name] { said_.push_back(name); };
    }

    milliseconds now_{0};
    std::vector<std::pair<milliseconds, std::function<void()>>> timers_;
    std::vector<std::string> said_;
    leader_watch watch_{[this](milliseconds after, std::function<void()> task) {
        timers_.emplace_back(now_ + after, std::move(task));
    }};
};

TEST_F(waiting, who_waits_begins_once_somebody_leads_and_not_again_when_its_time_is_over) {
    watch_.wait(milliseconds{50}, saying("a"));
    watch_.wait(milliseconds{70}, saying("b"));
    watch_.somebody_leads();
    pass(milliseconds{0});
    EXPECT_EQ(said_, (std::vector<std::string>{"a", "b"}));
    pass(milliseconds{100});
    EXPECT_EQ(said_.size(), 2U);
}

TEST_F(waiting, who_has_waited_long_enough_begins_though_nobody_leads) {
    watch_.wait(milliseconds{50}, saying("a"));
    pass(milliseconds{49});
    EXPECT_TRUE(said_.empty());
    pass(milliseconds{1});
    EXPECT_EQ(said_, (std::vector<std::string>{"a"}));
    watch_.somebody_leads();
    pass(milliseconds{100});
    EXPECT_EQ(said_.size(), 1U);
}

TEST_F(waiting, many_do_not_begin_at_once) {
    constexpr std::size_t many = 100;
    for (std::size_t i = 0; i < many; ++i) watch_.wait(milliseconds{1'000}, saying(std::to_string(i)));
    watch_.somebody_leads();
    pass(milliseconds{0});
    EXPECT_GT(said_.size(), 0U);
    EXPECT_LT(said_.size(), many / 2);
    pass(milliseconds{50});
    ASSERT_EQ(said_.size(), many);
    for (std::size_t i = 0; i < many; ++i) EXPECT_EQ(said_[i], std::to_string(i));
}

}  // namespace
}  // namespace kindred::nodes
