#include "dispatch/support/history.hpp"
#include "dispatch/support/oracle.hpp"

#include <gtest/gtest.h>
#include <cstdlib>
#include <map>

namespace kindred::dispatch::testing {
namespace {

/// KINDRED_SEEDS and KINDRED_SEED_FROM widen or repeat a run.
std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct one_history {
    dispatcher site;
    oracle second_opinion;
    std::map<std::string_view, int> carried_out;
    std::map<std::string_view, int> refused;
    std::map<std::string_view, int> said;

    void tell(const command& told, time_point now) {
        std::vector<event> happened;
        const std::uint64_t before = site.state_hash();
        const auto done = site.apply(told, now, happened);
        if (!done) {
            ++refused[name_of(told)];
            ASSERT_TRUE(happened.empty()) << name_of(told);
            ASSERT_EQ(before, site.state_hash()) << name_of(told) << " was refused and changed something";
            return;
        }
        ++carried_out[name_of(told)];
        for (const event& each : happened) ++said[name_of(each)];
        second_opinion.observe(told, now, happened);
        ASSERT_EQ(second_opinion.breaches(site), "") << "after " << name_of(told);
        ASSERT_EQ(second_opinion.unfair_offers(), "") << "after " << name_of(told);
    }
};

TEST(History, HoldsTheLawsAfterEveryCommandAndReachesEverything) {
    const std::uint64_t from = setting("KINDRED_SEED_FROM", 1);
    const std::uint64_t seeds = setting("KINDRED_SEEDS", 40);
    std::map<std::string_view, int> carried_out;
    std::map<std::string_view, int> said;
    for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        history commands(seed);
        one_history run;
        for (const command& told : commands.opening()) run.tell(told, commands.now());
        for (int each = 0; each < 500 && !HasFatalFailure(); ++each) {
            SCOPED_TRACE("command " + std::to_string(each));
            const command told = commands.next(run.site);
            run.tell(told, commands.now());
        }
        if (HasFatalFailure()) return;
        for (const auto& [name, count] : run.carried_out) carried_out[name] += count;
        for (const auto& [name, count] : run.said) said[name] += count;
    }
    // A law about something that never happened proves nothing.
    for (const auto& [name, count] : carried_out) RecordProperty(std::string(name), count);
    EXPECT_EQ(carried_out.size(), std::variant_size_v<command>);
    EXPECT_EQ(said.size(), std::variant_size_v<event>);
}

}  // namespace
}  // namespace kindred::dispatch::testing
