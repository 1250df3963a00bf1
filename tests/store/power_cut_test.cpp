#include "tests/store/support/power_cut.hpp"

#include "tests/store/support/samples.hpp"
#include "tests/store/support/shim_vfs.hpp"
#include "tests/store/support/survival.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <atomic>

namespace kindred::store {
namespace {

struct moment {
    power_cut::image image;
    survival wanted;
};

/// Commits batches on a recorded disk, restarting now and then, and takes images at random calls while it does.
std::vector<moment> moments_of_a_busy_day(sync_level sync, std::uint64_t seed, std::size_t wanted) {
    constexpr std::uint64_t batches = 400;
    constexpr std::uint64_t batches_per_start = 100;
    constexpr std::uint64_t one_call_in = 4;
    power_cut power(seed);
    const shim_vfs disk({&power});
    const temporary_folder folder;
    std::atomic<std::uint64_t> attempted{0};
    std::atomic<std::uint64_t> acknowledged{0};
    std::vector<moment> moments;
    std::mt19937_64 dice(seed + 1);
    power.watch([&](std::uint64_t) { return moments.size() < wanted && dice() % one_call_in == 0; },
                [&](power_cut::image&& image) {
                    // The disk lost power while this call was under way; whoever was answered before it must be there.
                    moments.push_back({std::move(image), {acknowledged, attempted}});
                });

    sqlite_options options;
    options.path = folder.file("store.db");
    options.vfs = disk.name();
    options.sync = sync;
    options.key_run = 2;
    options.checkpoint_pages = 60;  // so that folding the journal is a part of most images
    for (std::uint64_t number = 0; number < batches;) {
        const auto store = open_sqlite(options).value();
        for (std::uint64_t i = 0; i < batches_per_start; ++i) {
            attempted = ++number;
            EXPECT_EQ(store->commit(samples::contact(number)).state, commit_state::committed);
            acknowledged = number;
        }
    }
    power.watch(nullptr, nullptr);
    return moments;
}

testing::AssertionResult survived_cut(const moment& when) {
    const temporary_folder folder;
    restore(when.image, folder.file(""));
    sqlite_options options;
    options.path = folder.file("store.db");
    options.sync = sync_level::off;
    return survived(options, when.wanted);
}

TEST(power_cut_at_any_moment, loses_no_acknowledged_batch) {
    const std::size_t images = 200 * fault_scale();
    std::size_t seen = 0;
    for (std::uint64_t seed = 1; seen < images; ++seed) {
        const auto moments = moments_of_a_busy_day(sync_level::full, seed, images - seen);
        ASSERT_FALSE(moments.empty());
        for (const auto& each : moments) {
            ASSERT_TRUE(survived_cut(each)) << "seed " << seed << ", image " << seen;
            ++seen;
        }
    }
}

// The negative control: the same images find the loss when commits do not wait for the disk.
TEST(power_cut_at_any_moment, loses_acknowledged_batches_when_commits_are_not_synced) {
    std::size_t lost = 0;
    const auto moments = moments_of_a_busy_day(sync_level::normal, 1, 200);
    for (const auto& each : moments) lost += survived_cut(each) ? 0 : 1;
    EXPECT_GT(lost, 0U);
    RecordProperty("images", static_cast<int>(moments.size()));
    RecordProperty("images_with_loss", static_cast<int>(lost));
}

}  // namespace
}  // namespace kindred::store
