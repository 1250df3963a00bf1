// Looks for twenty deliberate bugs in dispatch (mutants.txt) with the faulty histories that look for real ones: each
// must be found within 500 seeds, or the histories prove less than they seem to. Without a bug nothing may be found.
#include "dispatch/support/faulty_run.hpp"
#include "tests/dispatch/mutants/switch.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace kindred::dispatch {

int chosen_bug = 0;

namespace testing {
namespace {

constexpr std::uint64_t most_seeds = 500;
constexpr int commands_of_a_seed = 1'000;

struct bug {
    int number;
    std::string says;
};
const std::vector<bug> bugs{
#include "bugs.inc"
};

/// Whether seeds up to `most` find something. A child of its own each time: a bug may bring the process down, which
/// finds it as well.
bool is_found(std::uint64_t most) {
    const pid_t child = fork();
    if (child == 0) {
        for (std::uint64_t seed = 1; seed <= most; ++seed) {
            faulty_run run(seed);
            if (!run.go(commands_of_a_seed).empty()) _exit(1);
        }
        _exit(0);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

TEST(Mutants, NothingIsFoundWhereThereIsNothing) {
    chosen_bug = 0;
    EXPECT_FALSE(is_found(5));
}

TEST(Mutants, EachIsFoundWithin500Seeds) {
    ASSERT_GE(bugs.size(), 20U);
    for (const bug& each : bugs) {
        chosen_bug = each.number;
        EXPECT_TRUE(is_found(most_seeds)) << "nobody noticed bug " << each.number << ", " << each.says;
    }
    chosen_bug = 0;
}

}  // namespace
}  // namespace testing
}  // namespace kindred::dispatch
