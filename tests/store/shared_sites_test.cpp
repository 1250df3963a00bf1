#include "tests/store/support/shared_site.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// Many sites in one Redis, and the nodes that share them out among themselves.
namespace kindred::store {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class shared_sites : public shared_site {
protected:
    /// One node's part in one site, as its process has it: it leads, or follows, or hands over.
    struct part {
        redis_options options;
        std::unique_ptr<shared_store> store;
        bool leads = false;
    };

    void start(const std::string& node, const std::vector<std::string>& sites, std::size_t most = 0) {
        for (const auto& site : sites) {
            auto& made = parts_.emplace_back();
            made.options = options(node);
            made.options.site = site;
            made.options.copy.path = folder_.file(node + '/' + site + ".db");
            made.options.lease = milliseconds{2'000};
            made.options.most_sites = most;
            made.store = open_redis(made.options).value();
        }
    }
    /// Its machine is gone: nobody hands anything over.
    void kill(const std::string& node) {
        for (auto& each : parts_)
            if (each.options.node == node) each.store.reset();
        std::erase_if(parts_, [&](const auto& each) { return each.options.node == node; });
    }
    void go_on() {
        for (auto& each : parts_) {
            if (each.leads && (each.store->was_fenced() || each.store->should_hand_over())) {
                each.store.reset();
                each.store = open_redis(each.options).value();
                each.leads = false;
            }
            if (!each.leads) each.leads = each.store->lead(milliseconds{5}).value();
        }
    }
    std::map<std::string, std::size_t> led() const {
        std::map<std::string, std::size_t> counts;
        for (const auto& each : parts_)
            if (each.leads) ++counts[each.options.node];
        return counts;
    }
    testing::AssertionResult comes_to(const std::map<std::string, std::size_t>& wanted) {
        const auto end = steady_clock::now() + std::chrono::seconds{60};
        while (led() != wanted) {
            if (steady_clock::now() > end) {
                auto failed = testing::AssertionFailure();
                for (const auto& [node, count] : led()) failed << node << " leads " << count << "; ";
                return failed;
            }
            go_on();
        }
        return testing::AssertionSuccess();
    }

    std::vector<part> parts_;
};

TEST_F(shared_sites, move_to_a_node_that_comes_and_away_from_one_that_goes) {
    const std::vector<std::string> sites{"north", "south", "east", "west"};
    start("first", sites);
    ASSERT_TRUE(comes_to({{"first", 4}}));
    start("second", sites);
    ASSERT_TRUE(comes_to({{"first", 2}, {"second", 2}}));
    std::size_t listed = 0;
    for (const auto& each : standing_of(parts_.front().options).value().sites)
        for (const auto& part : parts_)
            if (part.leads && part.options.site == each.site && part.options.node == each.node) ++listed;
    EXPECT_EQ(listed, 4U) << "the board says who leads what";
    kill("first");
    ASSERT_TRUE(comes_to({{"second", 4}}));
}

TEST_F(shared_sites, wait_for_another_node_where_one_leads_as_many_as_it_may) {
    const std::vector<std::string> sites{"north", "south", "east"};
    start("first", sites, 2);
    ASSERT_TRUE(comes_to({{"first", 2}}));
    for (int i = 0; i < 200; ++i) go_on();
    EXPECT_EQ(led(), (std::map<std::string, std::size_t>{{"first", 2}}));
    start("second", sites, 2);
    ASSERT_TRUE(comes_to({{"first", 2}, {"second", 1}}));
}

TEST_F(shared_sites, are_led_all_the_same_where_the_board_may_not_be_read) {
    say({"ACL", "SETUSER", "default", "resetkeys", "~kindred:{main}:*", "~kindred:{main/*"});
    auto only = leading("first");
    EXPECT_EQ(only->commit(samples::contact(1)).state, commit_state::committed);
    say({"ACL", "SETUSER", "default", "allkeys"});
}

}  // namespace
}  // namespace kindred::store
