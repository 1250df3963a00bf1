#include "tests/store/support/shared_site.hpp"

#include <filesystem>
#include <fstream>

/// A node that takes deliveries in while Redis does not answer.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

class ingress_journal : public shared_site {
protected:
    redis_options patient(const std::string& node) const {
        auto made = options(node);
        made.journal = true;
        made.server.connect_within = made.server.answer_within = milliseconds{100};
        return made;
    }
    static std::vector<inbound_item> some(std::uint64_t first, std::uint64_t last) {
        std::vector<inbound_item> made;
        for (auto number = first; number <= last; ++number) made.push_back(item(number));
        return made;
    }
    std::vector<inbound_item> inbox() {
        const auto found = load(*leading("looks")).small.undecided;
        std::vector<inbound_item> items;
        for (const auto& [position, each] : found) items.push_back(each);
        return items;
    }
    std::string waiting_file(const std::string& node) const { return folder_.file(node + "/copy.db-waiting0"); }
};

TEST_F(ingress_journal, takes_in_while_redis_is_gone_and_brings_it_there_once_and_in_order) {
    const auto with = patient("first");
    {
        const auto first = open_redis(with).value();
        ASSERT_TRUE(first->ingest(some(1, 3)));
        server_.kill();
        for (std::uint64_t number = 4; number <= 300; ++number) {
            const auto taken = first->ingest(std::vector{item(number)});
            ASSERT_TRUE(taken) << taken.error().message;
            EXPECT_FALSE(taken->front().duplicate);
            EXPECT_EQ(taken->front().position, 0U);
        }
        EXPECT_TRUE(first->ingest(std::vector{item(5)}).value()[0].duplicate) << "it comes again meanwhile";
        EXPECT_EQ(with.figures->items_journaled, 297U);
        EXPECT_GT(with.figures->items_waiting, 0U);
        server_.start();
        while (with.figures->items_waiting != 0) {
        }
        EXPECT_TRUE(first->ingest(std::vector{item(6)}).value()[0].duplicate) << "and afterwards";
        EXPECT_FALSE(first->ingest(std::vector{item(301)}).value()[0].duplicate);
    }
    EXPECT_EQ(inbox(), some(1, 301));
    EXPECT_EQ(std::filesystem::file_size(waiting_file("first")), 0U);
}

TEST_F(ingress_journal, what_is_unknown_is_there_once) {
    const auto with = patient("first");
    const auto first = open_redis(with).value();
    ASSERT_TRUE(first->ingest(some(1, 1)));
    server_.freeze();
    ASSERT_TRUE(first->ingest(some(2, 2))) << "Redis may have it, or not";
    ASSERT_TRUE(first->ingest(some(3, 3)));
    server_.thaw();
    while (with.figures->items_waiting != 0) {
    }
    EXPECT_EQ(inbox(), some(1, 3));
}

TEST_F(ingress_journal, what_waits_outlives_the_process_and_a_torn_end) {
    {
        const auto first = open_redis(patient("first")).value();
        ASSERT_TRUE(first->ingest(some(1, 1)));
        server_.kill();
        ASSERT_TRUE(first->ingest(some(2, 5)));
    }
    std::ofstream(waiting_file("first"), std::ios::binary | std::ios::app) << "half of a rec";
    server_.start();
    const auto with = patient("first");
    const auto again = open_redis(with).value();
    while (with.figures->items_waiting != 0) {
    }
    EXPECT_EQ(inbox(), some(1, 5));
}

TEST_F(ingress_journal, is_bounded_and_takes_nothing_that_it_cannot_keep) {
    auto with = patient("first");
    with.journal_bytes = 200;
    const auto first = open_redis(with).value();
    server_.kill();
    ASSERT_TRUE(first->ingest(some(1, 2)));
    EXPECT_EQ(first->ingest(some(3, 30)).error().code, errc::overloaded);
    EXPECT_EQ(with.figures->items_waiting, 2U) << "all of a call or nothing";
    server_.start();
    while (with.figures->items_waiting != 0) {
    }
    EXPECT_EQ(inbox(), some(1, 2));
}

TEST_F(ingress_journal, without_it_nothing_is_taken_in) {
    auto with = patient("first");
    with.journal = false;
    const auto first = open_redis(with).value();
    server_.kill();
    EXPECT_FALSE(first->ingest(some(1, 1)));
    EXPECT_FALSE(std::filesystem::exists(waiting_file("first")));
}

}  // namespace
}  // namespace kindred::store
