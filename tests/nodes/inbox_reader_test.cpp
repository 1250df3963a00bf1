#include "engine/nodes/arrival_turns.hpp"
#include "tests/nodes/support/remembered_inbox.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <future>
#include <thread>

namespace kindred::nodes {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds long_enough{20'000};

/// Those who decide: what was brought to them, and their answers when a test says so.
class deciders {
public:
    inbox_reader::bring door() {
        return [this](const runtime::quarantined& held, std::function<void(bool)> done) {
            const std::lock_guard hold(mutex_);
            brought_.push_back(held.channel);
            asked_.emplace_back(held.channel, std::move(done));
            changed_.notify_all();
        };
    }
    /// Waits until so many were brought in all, and gives them in their order.
    std::vector<std::string> after(std::size_t count) {
        std::unique_lock hold(mutex_);
        (void)changed_.wait_for(hold, long_enough, [&] { return brought_.size() >= count; });
        return brought_;
    }
    /// The first of that name that has no answer yet.
    void answer(const std::string& name, bool is_decided) {
        std::function<void(bool)> done;
        {
            const std::lock_guard hold(mutex_);
            const auto at =
                std::find_if(asked_.begin(), asked_.end(), [&](const auto& each) { return each.first == name; });
            ASSERT_NE(at, asked_.end()) << name;
            done = std::move(at->second);
            asked_.erase(at);
        }
        done(is_decided);
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> brought_;
    std::deque<std::pair<std::string, std::function<void(bool)>>> asked_;
};

void expect_left(remembered_inbox& in, const std::vector<std::string>& names) {
    const auto until = std::chrono::steady_clock::now() + long_enough;
    while (in.left() != names && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(milliseconds{1});
    EXPECT_EQ(in.left(), names);
}

class reading : public testing::Test {
protected:
    remembered_inbox inbox_;
    deciders deciders_;
    figures figures_;
};

TEST_F(reading, the_first_look_waits_for_nothing) {
    inbox_.put(5, "a");
    ASSERT_TRUE(inbox_.decided(std::vector<store::inbox_place>{{5, {"shop", "a"}}}));
    inbox_reader reader(inbox_, deciders_.door(), figures_);
    EXPECT_TRUE(reader.wait_until_read(5, long_enough));
    EXPECT_EQ(inbox_.patience().front(), milliseconds{0}) << "others wait until this has seen what there is";
}

TEST_F(reading, what_is_there_is_brought_in_its_order_and_leaves_once_it_is_decided) {
    inbox_.put(5, "a");
    inbox_.put(6, "b");
    inbox_reader reader(inbox_, deciders_.door(), figures_);
    EXPECT_EQ(deciders_.after(2), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(inbox_.left(), (std::vector<std::string>{"a", "b"}));
    deciders_.answer("b", true);
    expect_left(inbox_, {"a"});
    deciders_.answer("a", true);
    expect_left(inbox_, {});
    inbox_.put(7, "c");
    EXPECT_EQ(deciders_.after(3).back(), "c");
}

TEST_F(reading, what_has_to_be_brought_again_goes_before_what_came_behind_it) {
    inbox_reader reader(inbox_, deciders_.door(), figures_);
    inbox_.put(5, "a");
    inbox_.put(6, "b");
    (void)deciders_.after(2);
    deciders_.answer("a", false);
    inbox_.put(7, "c");
    deciders_.answer("b", false);
    EXPECT_EQ(deciders_.after(5), (std::vector<std::string>{"a", "b", "a", "b", "c"}));
}

TEST_F(reading, a_place_that_was_given_again_is_not_emptied_by_who_had_it_before) {
    inbox_reader reader(inbox_, deciders_.door(), figures_);
    inbox_.put(5, "lost");
    (void)deciders_.after(1);
    inbox_.forget_behind(4);
    inbox_.put(5, "acknowledged");
    deciders_.answer("lost", true);
    EXPECT_EQ(deciders_.after(2).back(), "acknowledged") << "it is still there";
    deciders_.answer("acknowledged", true);
    expect_left(inbox_, {});
}

TEST_F(reading, what_cannot_be_read_stays_and_holds_nothing_up) {
    inbox_.put_nonsense(5);
    inbox_.put(6, "a");
    inbox_reader reader(inbox_, deciders_.door(), figures_);
    (void)deciders_.after(1);
    deciders_.answer("a", false);
    EXPECT_EQ(deciders_.after(2), (std::vector<std::string>{"a", "a"}));
    deciders_.answer("a", true);
    expect_left(inbox_, {"nonsense"});
}

class taking_turns : public reading {
protected:
    /// Whether it was its turn, once it is told.
    std::future<bool> wait() {
        auto told = std::make_shared<std::promise<bool>>();
        auto answer = told->get_future();
        EXPECT_TRUE(turns_.wait([told](bool is_its_turn) { told->set_value(is_its_turn); }));
        return answer;
    }

    inbox_reader reader_{inbox_, deciders_.door(), figures_};
    arrival_turns turns_{inbox_, reader_};
};

TEST_F(taking_turns, what_comes_directly_goes_in_behind_what_was_taken_in_before) {
    EXPECT_TRUE(wait().get());
    for (std::uint64_t place = 10; place < 200; ++place) {
        inbox_.put(place, std::to_string(place));
        ASSERT_TRUE(wait().get());
        const auto brought = deciders_.after(0);
        ASSERT_FALSE(brought.empty());
        ASSERT_EQ(brought.back(), std::to_string(place)) << "it was brought before";
    }
}

TEST_F(taking_turns, what_has_to_be_brought_again_is_waited_for) {
    inbox_.put(10, "a");
    inbox_.put(11, "b");
    (void)deciders_.after(2);
    deciders_.answer("a", false);
    auto waits = wait();
    deciders_.answer("b", true);
    EXPECT_TRUE(waits.get());
    EXPECT_EQ(deciders_.after(3), (std::vector<std::string>{"a", "b", "a"}));
}

TEST_F(taking_turns, nobody_can_say_while_redis_is_away_or_something_waits_for_it) {
    inbox_.is_away = true;
    EXPECT_FALSE(wait().get());
    inbox_.is_away = false;
    EXPECT_TRUE(wait().get());
    inbox_.has_waiting = true;
    EXPECT_FALSE(wait().get());
}

TEST_F(taking_turns, once_the_reader_has_stopped_nobody_waits_for_it) {
    reader_.stop();
    inbox_.put(10, "a");
    EXPECT_FALSE(wait().get());
}

}  // namespace
}  // namespace kindred::nodes
