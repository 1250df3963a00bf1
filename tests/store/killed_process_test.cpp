#include "tests/store/support/samples.hpp"
#include "tests/store/support/survival.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

namespace kindred::store {
namespace {

/// What runs in the child: repeats the last batch, which must change nothing, then commits new ones and writes the
/// number of each to `acknowledge` once it is answered. Ends by being killed.
[[noreturn]] void commit_for_ever(const sqlite_options& options, std::uint64_t held, int acknowledge) {
    auto opened = open_sqlite(options);
    if (!opened) ::_exit(1);
    if (held != 0) {
        auto again = samples::contact(held);
        again.tickets.front().subject = "a retried batch was applied twice";
        if ((*opened)->commit(again).state != commit_state::committed) ::_exit(2);
    }
    for (auto number = held + 1;; ++number) {
        if ((*opened)->commit(samples::contact(number)).state != commit_state::committed) ::_exit(3);
        if (::write(acknowledge, &number, sizeof number) != sizeof number) ::_exit(4);
    }
}

/// Reads acknowledgements until there were `enough`; the last one.
std::uint64_t read_some(int from, std::uint64_t enough, std::uint64_t last) {
    for (std::uint64_t i = 0; i < enough; ++i) {
        std::uint64_t number = 0;
        if (::read(from, &number, sizeof number) != sizeof number) break;
        last = number;
    }
    return last;
}

TEST(killed_process, loses_no_acknowledged_batch) {
    const std::uint64_t cycles = 50 * fault_scale();
    constexpr std::uint64_t everything = UINT64_MAX;
    constexpr std::uint64_t most_per_cycle = 40;
    const temporary_folder folder;
    sqlite_options options;
    options.path = folder.file("store.db");
    options.key_run = 2;
    options.checkpoint_pages = 100;
    options.readers = 1;
    std::mt19937_64 dice(1);
    std::uint64_t held = 0;
    for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) commit_for_ever(options, held, pipe[1]);
        ::close(pipe[1]);
        auto acknowledged = read_some(pipe[0], dice() % most_per_cycle, held);
        for (auto turns = dice() % 200'000; turns > 0; --turns) asm volatile("");  // any moment within the next batch
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child left by itself with " << WEXITSTATUS(status);
        acknowledged = read_some(pipe[0], everything, acknowledged);
        ::close(pipe[0]);
        ASSERT_TRUE(survived(options, {acknowledged, acknowledged + 1}, &held)) << "cycle " << cycle;
    }
    EXPECT_GT(held, cycles);
}

}  // namespace
}  // namespace kindred::store
