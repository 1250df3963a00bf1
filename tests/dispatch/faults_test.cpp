#include "dispatch/support/faulty_run.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

namespace kindred::dispatch::testing {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Everything that can happen and is worth a law: what is not listed by a command or an event of its own.
constexpr const char* rare_branches[] = {"fault: late",
                                         "fault: lost",
                                         "fault: held back",
                                         "fault: twice",
                                         "replayed",
                                         "commit: lost",
                                         "commit: kept, then restarted",
                                         "restarted without offers",
                                         "restarted with open offers",
                                         "offer accepted",
                                         "offer declined",
                                         "offer expired",
                                         "revoked: accepted_by_other",
                                         "revoked: abandoned",
                                         "revoked: agent_away",
                                         "revoked: agent_offline",
                                         "revoked: assigned",
                                         "revoked: removed",
                                         "revoked: replanned",
                                         "revoked: transferred",
                                         "queued: enqueued",
                                         "queued: reopened",
                                         "queued: transferred",
                                         "queued: replanned",
                                         "queued: woken",
                                         "queued: overflow",
                                         "queued: claimed",
                                         "held: accepted",
                                         "held: assigned",
                                         "held: begun",
                                         "held: reopened",
                                         "held: over capacity",
                                         "held: taken from another",
                                         "step: skipped",
                                         "step: by time",
                                         "missed: first_response",
                                         "missed: next_response",
                                         "missed: resolution",
                                         "agent: not_responding",
                                         "agent: gone",
                                         "agent: lunch",
                                         "unknown_ticket",
                                         "unknown_agent",
                                         "unknown_offer",
                                         "unknown_queue",
                                         "not_your_offer",
                                         "queue_full",
                                         "closed_queue",
                                         "queue_open",
                                         "queue_closed",
                                         "ticket_not_waiting",
                                         "ticket_not_held",
                                         "ticket_not_snoozed",
                                         "ticket_in_wrap_up",
                                         "already_held",
                                         "agent_holds_tickets",
                                         "agent_not_present",
                                         "ticket_open"};

/// KINDRED_FAULT_SEEDS and KINDRED_SEED_FROM widen or repeat it, KINDRED_COMMANDS makes each history longer; any one
/// history again: KINDRED_SEED_FROM=<seed> KINDRED_FAULT_SEEDS=1. Seeds are shared out over the cores.
TEST(Faults, EveryLawHoldsAfterEveryCommandOfFaultyHistories) {
    const std::uint64_t from = setting("KINDRED_SEED_FROM", 1);
    const std::uint64_t seeds = setting("KINDRED_FAULT_SEEDS", 200);
    const auto commands = static_cast<int>(setting("KINDRED_COMMANDS", 5'000));
    std::mutex guard;
    tally all;
    std::uint64_t next = from;
    std::string failures;
    const auto work = [&] {
        while (true) {
            std::uint64_t seed = 0;
            {
                const std::lock_guard lock(guard);
                if (next == from + seeds || !failures.empty()) return;
                seed = next++;
            }
            faulty_run run(seed);
            const std::string wrong = run.go(commands);
            const std::lock_guard lock(guard);
            if (!wrong.empty())
                failures += "KINDRED_FAULT_SEEDS=1 KINDRED_SEED_FROM=" + std::to_string(seed) + " " + wrong + '\n';
            for (const auto& [what, count] : run.counts()) all[what] += count;
        }
    };
    std::vector<std::thread> workers;
    for (unsigned each = 0; each < std::max(1U, std::thread::hardware_concurrency()); ++each)
        workers.emplace_back(work);
    for (auto& each : workers) each.join();
    ASSERT_EQ(failures, "");
    for (const auto& [what, count] : all) RecordProperty(what, std::to_string(count));
    if (seeds < 20) return;  // one history need not reach everything
    for (const char* branch : rare_branches) EXPECT_GT(all[branch], 0U) << "never reached: " << branch;
    std::size_t told = 0;
    for (const auto& [what, count] : all) told += count;
    EXPECT_GT(told, seeds * static_cast<std::uint64_t>(commands));
}

}  // namespace
}  // namespace kindred::dispatch::testing
