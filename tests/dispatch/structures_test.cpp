#include "dispatch/support/history.hpp"
#include "engine/dispatch/arrivals.hpp"
#include "engine/dispatch/names.hpp"
#include "engine/dispatch/ranked_list.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <optional>
#include <set>

/// The tables of dispatch against the plain ones of the library, in random histories.
namespace kindred::dispatch::testing {
namespace {

std::vector<std::uint64_t> keys_of(const ranked_list<std::uint64_t>& list) {
    std::vector<std::uint64_t> keys;
    list.for_each([&](const auto& each) { keys.push_back(each.key); });
    return keys;
}

TEST(RankedList, IsInOrderWhateverComesAndGoes) {
    for (const std::uint64_t spread : {20, 2'000, 1'000'000}) {
        dice random(spread);
        ranked_list<std::uint64_t> list;
        std::set<std::uint64_t> plain;
        std::uint64_t latest = 0;
        for (int each = 0; each < 20'000; ++each) {
            // Now more come, now more go, so that chunks split, empty and begin anew.
            const bool comes = random.below(100) < ((each / 4'000) % 2 == 0 ? 60U : 40U);
            const std::uint64_t key = random.one_in(3) ? ++latest + spread : random.below(spread);
            if (comes && plain.insert(key).second)
                ASSERT_EQ(list.insert(key, static_cast<slot_no>(key)), *plain.begin() == key);
            if (!comes && !plain.empty()) {
                const auto near = plain.lower_bound(key);
                const std::uint64_t gone = random.one_in(2) || near == plain.end() ? *plain.begin() : *near;
                ASSERT_EQ(list.erase(gone), *plain.begin() == gone);
                plain.erase(gone);
            }
            ASSERT_EQ(list.size(), plain.size());
            ASSERT_EQ(list.empty(), plain.empty());
            if (!plain.empty()) ASSERT_EQ(list.front().key, *plain.begin());
            if (each % 97 != 0) continue;
            ASSERT_EQ(keys_of(list), std::vector<std::uint64_t>(plain.begin(), plain.end()));
            const auto before = static_cast<std::size_t>(std::distance(plain.begin(), plain.lower_bound(key)));
            ASSERT_EQ(list.count_before(key, 1'000'000), before);
            ASSERT_EQ(list.count_before(key, 5), std::min<std::size_t>(before, 5));
            const auto* found = list.first_where([&](slot_no slot) { return slot >= key; });
            const auto wanted = plain.lower_bound(key);
            ASSERT_EQ(found == nullptr, wanted == plain.end());
            if (found != nullptr) ASSERT_EQ(found->key, *wanted);
        }
    }
}

TEST(RankedList, TakesNewKeys) {
    ranked_list<std::uint64_t> list;
    for (slot_no each = 0; each < 1'000; ++each) list.insert(each, each);
    for (std::uint64_t each = 0; each < 10; ++each) list.erase(each);
    list.rekey([](slot_no slot) { return 10'000 - std::uint64_t{slot}; });
    EXPECT_EQ(list.size(), 990U);
    EXPECT_EQ(list.front().slot, 999U);
    EXPECT_TRUE(std::ranges::is_sorted(keys_of(list)));
}

TEST(IdTable, FindsWhatIsThereAndNothingElse) {
    dice random(7);
    id_table table;
    std::map<std::uint64_t, slot_no> plain;
    std::uint64_t latest = 0;
    for (int each = 0; each < 50'000; ++each) {
        // Mostly neighbours, some from anywhere, the highest included.
        std::uint64_t id = random.one_in(10) ? ~std::uint64_t{0} - random.below(1'000) * 1'000'003 : ++latest;
        if (random.below(100) < 55) {
            if (plain.emplace(id, each).second) table.insert(id, static_cast<slot_no>(each));
        } else if (!plain.empty()) {
            const auto near = plain.lower_bound(latest - std::min(latest, random.below(500)));
            id = near == plain.end() ? plain.begin()->first : near->first;
            plain.erase(id);
            table.erase(id);
        }
        const auto known = plain.find(id);
        ASSERT_EQ(table.find(id), known == plain.end() ? no_slot : known->second);
        ASSERT_EQ(table.size(), plain.size());
    }
    ASSERT_EQ(table.find(0), no_slot);
    std::map<std::uint64_t, slot_no> all;
    table.for_each([&](std::uint64_t id, slot_no slot) { all.emplace(id, slot); });
    EXPECT_EQ(all, plain);
}

TEST(Arrivals, KnowTheEarliestThatStillWaits) {
    dice random(11);
    line_stays stays;
    arrivals line;
    std::map<slot_no, time_point> waiting;
    for (int each = 0; each < 20'000; ++each) {
        const auto slot = static_cast<slot_no>(random.below(300));
        if (!waiting.contains(slot)) {
            // Some come back with the time at which they first came.
            waiting[slot] = from_millis(random.one_in(4) ? 1'000 + slot : 5'000 + each);
            line.join(waiting[slot], slot, stays);
        } else {
            waiting.erase(slot);
            line.leave(slot, stays);
        }
        ASSERT_EQ(line.size(), waiting.size());
        std::optional<time_point> first;
        for (const auto& [other, at] : waiting) first = std::min(first.value_or(at), at);
        if (each % 3 == 0) ASSERT_EQ(line.earliest(stays), first);
        if (each % 101 != 0) continue;
        std::vector<slot_no> visited;
        line.for_each(stays, [&](slot_no other) { visited.push_back(other); });
        std::sort(visited.begin(), visited.end());
        std::vector<slot_no> all;
        for (const auto& [other, at] : waiting) all.push_back(other);
        ASSERT_EQ(visited, all);
    }
}

TEST(NumberTable, FindsWhatIsThereAfterOthersWentAway) {
    dice random(13);
    number_table table;
    std::map<std::uint32_t, std::uint64_t> hashes;
    for (int each = 0; each < 20'000; ++each) {
        const auto number = static_cast<std::uint32_t>(random.below(500));
        // Few hashes, so that runs of cells are long and different things have the same.
        const std::uint64_t hash = random.below(40);
        const auto known = hashes.find(number);
        if (known == hashes.end()) {
            hashes[number] = hash;
            table.insert(hash, number);
        } else if (random.one_in(2)) {
            table.erase(known->second, number);
            hashes.erase(known);
        }
        const auto there = hashes.find(number);
        const std::uint64_t looked_up = there == hashes.end() ? hash : there->second;
        ASSERT_EQ(table.find(looked_up, [&](std::uint32_t other) { return other == number; }),
                  there == hashes.end() ? no_number : number);
    }
}

TEST(NameTable, GivesEachNameOneNumber) {
    name_table names;
    for (std::uint32_t each = 0; each < 5'000; ++each) EXPECT_EQ(names.intern("queue-" + std::to_string(each)), each);
    for (std::uint32_t each = 0; each < 5'000; ++each) EXPECT_EQ(names.find("queue-" + std::to_string(each)), each);
    EXPECT_EQ(names.find("queue-5000"), std::nullopt);
    EXPECT_EQ(names.find(""), std::nullopt);
    EXPECT_EQ(names.size(), 5'000U);
}

}  // namespace
}  // namespace kindred::dispatch::testing
