#include "engine/store/redis/record_ring.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace kindred::store::redis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class record_rings : public testing::Test {
protected:
    static constexpr std::size_t large = 1 << 20;

    std::vector<std::uint64_t> numbers_in(const record_ring& ring) const {
        std::vector<std::uint64_t> found;
        ring.each([&](std::uint64_t number, std::string_view) { found.push_back(number); });
        return found;
    }
    std::string path() const { return folder_.file("notes"); }
    std::string on_disk() const {
        std::ostringstream all;
        for (const auto* half : {"0", "1"}) all << std::ifstream(path() + half, std::ios::binary).rdbuf();
        return all.str();
    }

    temporary_folder folder_;
    const record_ring::clock::time_point noon_ = std::chrono::floor<minutes>(record_ring::clock::now());
};

using numbers = std::vector<std::uint64_t>;

TEST_F(record_rings, keep_everything_where_they_are_not_told_when_to_turn) {
    record_ring ring(path(), large);
    ASSERT_TRUE(ring.open());
    ASSERT_TRUE(ring.add(1, false, "first", noon_));
    ASSERT_TRUE(ring.add(2, false, "second", noon_ + hours{1000}));
    ring.tidy(noon_ + hours{10'000});
    EXPECT_EQ(numbers_in(ring), (numbers{1, 2}));
}

TEST_F(record_rings, have_what_is_younger_than_a_turn_and_nothing_older_than_two) {
    record_ring ring(path(), large, hours{24});
    ASSERT_TRUE(ring.open());
    for (std::uint64_t hour = 0; hour < 200; ++hour) {
        const auto now = noon_ + hours{hour};
        ASSERT_TRUE(ring.add(hour, false, "said", now));
        const auto there = numbers_in(ring);
        EXPECT_LT(hour - there.front(), 48U);
        EXPECT_LE(there.front(), hour < 24 ? 0 : hour - 24);
        EXPECT_EQ(there.back() - there.front() + 1, there.size());
    }
}

TEST_F(record_rings, lose_what_is_old_also_where_nothing_comes_any_more) {
    record_ring ring(path(), large, hours{24});
    ASSERT_TRUE(ring.open());
    ASSERT_TRUE(ring.add(1, true, "in the morning", noon_));
    ASSERT_TRUE(ring.add(2, false, "in the evening", noon_ + hours{8}));
    ring.tidy(noon_ + hours{25});
    EXPECT_EQ(numbers_in(ring), (numbers{1, 2}));
    ASSERT_TRUE(ring.add(3, false, "the next day", noon_ + hours{40}));
    ring.tidy(noon_ + hours{47});
    EXPECT_EQ(numbers_in(ring), (numbers{1, 2, 3}));
    ring.tidy(noon_ + hours{48});
    EXPECT_EQ(numbers_in(ring), numbers{3});
    EXPECT_FALSE(ring.has_marked());
    EXPECT_EQ(on_disk().find("in the"), std::string::npos);
    ring.tidy(noon_ + hours{88});
    EXPECT_EQ(numbers_in(ring), numbers{});
    EXPECT_EQ(ring.newest(), 0U);
    EXPECT_TRUE(on_disk().empty());
}

TEST_F(record_rings, know_after_a_start_how_old_theirs_are) {
    {
        record_ring ring(path(), large, hours{24});
        ASSERT_TRUE(ring.open());
        ASSERT_TRUE(ring.add(1, true, "first", noon_ - hours{30}));
        ASSERT_TRUE(ring.add(2, false, "second", noon_ - hours{2}));
    }
    record_ring ring(path(), large, hours{24});
    ASSERT_TRUE(ring.open());
    EXPECT_EQ(numbers_in(ring), (numbers{1, 2}));
    EXPECT_TRUE(ring.has_marked());
    ring.tidy(noon_ + hours{17});
    EXPECT_EQ(numbers_in(ring), (numbers{1, 2}));
    ring.tidy(noon_ + hours{18});
    EXPECT_EQ(numbers_in(ring), numbers{2});
    ring.tidy(noon_ + hours{46});
    EXPECT_EQ(numbers_in(ring), numbers{});
}

TEST_F(record_rings, do_not_put_a_new_record_behind_one_that_goes_soon) {
    {
        record_ring ring(path(), large, hours{24});
        ASSERT_TRUE(ring.open());
        ASSERT_TRUE(ring.add(1, false, "before a long stop", noon_ - hours{100}));
    }
    record_ring ring(path(), large, hours{24});
    ASSERT_TRUE(ring.open());
    ASSERT_TRUE(ring.add(2, false, "after it", noon_));
    ring.tidy(noon_ + hours{1});
    EXPECT_EQ(numbers_in(ring), numbers{2});
}

TEST_F(record_rings, of_an_earlier_version_begin_with_the_start) {
    {
        // It did not say when: as if it had been written in the first minute of 1970.
        record_ring ring(path(), large);
        ASSERT_TRUE(ring.open());
        ASSERT_TRUE(ring.add(1, true, "first", record_ring::clock::time_point{}));
    }
    record_ring ring(path(), large, hours{24});
    ASSERT_TRUE(ring.open());
    EXPECT_TRUE(ring.has_marked());
    ring.tidy();
    EXPECT_EQ(numbers_in(ring), numbers{1});
    ring.tidy(record_ring::clock::now() + hours{49});
    EXPECT_EQ(numbers_in(ring), numbers{});
}

}  // namespace
}  // namespace kindred::store::redis
