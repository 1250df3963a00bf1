#include "engine/dispatch/served_groups.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace kindred::dispatch {
namespace {

std::vector<served_group> all_of(const served_groups& served) {
    std::vector<served_group> all;
    served.for_each([&](const served_group& each) { all.push_back(each); });
    return all;
}

served_group any_group() { return {*rc::gen::inRange(0U, 3U), *rc::gen::inRange(0U, 4U), *rc::gen::inRange(0U, 30U)}; }

RC_GTEST_PROP(ServedGroups, AreASetInOrder, ()) {
    std::vector<served_group> first;
    for (int left = *rc::gen::inRange(0, 20); left > 0; --left) first.push_back(any_group());
    served_groups served(first);
    std::set<served_group> expected(first.begin(), first.end());
    for (int left = *rc::gen::inRange(0, 60); left > 0; --left) {
        if (*rc::gen::inRange(0, 3) > 0) {
            const auto made = any_group();
            served.insert(made);
            expected.insert(made);
        } else {
            const auto gone = any_group().group;
            served.remove_if([&](group_no each) { return each == gone; });
            std::erase_if(expected, [&](const served_group& each) { return each.group == gone; });
        }
        RC_ASSERT(all_of(served) == std::vector<served_group>(expected.begin(), expected.end()));
        // A run is never empty, and no two are of the same rank and queue.
        std::uint32_t begin = 0;
        for (std::size_t each = 0; each < served.runs().size(); ++each) {
            const auto& run = served.runs()[each];
            RC_ASSERT(run.end > begin);
            begin = run.end;
            if (each == 0) continue;
            const auto& before = served.runs()[each - 1];
            RC_ASSERT(before.rank != run.rank || before.queue != run.queue);
        }
    }
}

}  // namespace
}  // namespace kindred::dispatch
