#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/store/support/failing_io.hpp"
#include "tests/store/support/power_cut.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/shim_vfs.hpp"
#include "tests/store/support/survival.hpp"
#include "tests/store/support/temporary_folder.hpp"

namespace kindred::store {
namespace {

constexpr std::uint64_t commits_before_folding = 20;
constexpr std::uint64_t commits_per_catching_up = 4;
constexpr std::uint64_t commits_after_reopening = 3;

/// One run of the script against a disk on which one call (or all from one on) fails, and what it came to.
class script {
public:
    script(std::uint64_t nth, disk_fault fault, bool sticky)
        : power_(nth), failing_(nth, fault, sticky), disk_({&failing_, &power_}) {
        options_.path = folder_.file("store.db");
        options_.vfs = disk_.name();
        options_.readers = 1;
        // Only where the script says so, or no two runs would be alike.
        options_.key_run = 2;
        options_.checkpoint_pages = 1'000'000;
        options_.follow_every = std::chrono::hours{1};
    }

    /// Open, commit, bring it into the database now and then, fold the journal, close, open again, commit.
    void run() {
        if (!session(commits_before_folding, true)) return;
        session(commits_before_folding + commits_after_reopening, false);
    }

    bool fault_reached() const { return failing_.failed(); }

    /// Nothing acknowledged is missing, from the files as they are and from what the disk would hold without power;
    /// and with a working disk the same store goes on.
    testing::AssertionResult came_to_a_clear_state() {
        if (!complaint_.empty()) return testing::AssertionFailure() << complaint_;
        const temporary_folder dark;
        restore(power_.cut(), dark.file(""));
        sqlite_options after_power_cut;
        after_power_cut.path = dark.file("store.db");
        after_power_cut.sync = sync_level::off;
        if (auto kept = survived(after_power_cut, wanted_); !kept) return kept << " (after a power cut)";

        failing_.heal();
        std::uint64_t held = 0;
        if (auto kept = survived(options_, wanted_, &held); !kept) return kept;
        auto again = open_sqlite(options_);
        if (!again) return testing::AssertionFailure() << "does not open again: " << again.error().message;
        for (auto number = std::max<std::uint64_t>(held, 1); number <= held + 3; ++number) {
            const auto outcome = (*again)->commit(samples::contact(number));
            if (outcome.state == commit_state::committed) continue;
            return testing::AssertionFailure() << "does not go on with batch " << number << ": " << outcome.reason;
        }
        return holds_a_beginning(**again, {held + 3, held + 3});
    }

private:
    /// False when it had to end early.
    bool session(std::uint64_t last, bool fold) {
        const auto opened = sqlite::sqlite_store::open(options_);
        if (!opened) return refused(opened.error().message);
        auto& store = **opened;
        while (wanted_.acknowledged < last) {
            if (!commit_with_retries(store)) return false;
            if (wanted_.acknowledged % commits_per_catching_up != 0) continue;
            if (const auto current = store.catch_up(); !current) refused(current.error().message);
        }
        if (fold) {
            if (const auto folded = store.fold_journal(); !folded) refused(folded.error().message);
        }
        return true;
    }

    /// An engine retries what is refused or unknown under the same id, and leaves when the disk lied.
    bool commit_with_retries(store& to) {
        constexpr int most_tries = 4;
        const auto batch = samples::contact(wanted_.acknowledged + 1);
        wanted_.attempted = batch.id.number;
        for (int tries = 0; tries < most_tries; ++tries) {
            const auto outcome = to.commit(batch);
            if (outcome.state == commit_state::committed) {
                wanted_.acknowledged = wanted_.attempted;
                return true;
            }
            refused(outcome.reason);
            if (outcome.state == commit_state::broken) return stays_broken(to, batch);
        }
        // Only a fault that stays may refuse for ever.
        if (!sticky()) complaint_ = "a single fault was not overcome by retrying";
        return false;
    }

    bool stays_broken(store& broken, const batch& batch) {
        if (!failing_.sync_failed()) complaint_ = "broken without a failed sync";
        if (broken.commit(batch).state != commit_state::broken) complaint_ = "acknowledged again after a failed sync";
        if (broken.ingest(std::vector{samples::item(900)})) complaint_ = "took in an item after a failed sync";
        return false;
    }

    bool refused(const std::string& reason) {
        if (!failing_.failed()) complaint_ = "failed without a fault: " + reason;
        if (reason.size() < 20) complaint_ = "an error without a sentence: " + reason;
        return false;
    }

    bool sticky() const { return failing_.stays(); }

    temporary_folder folder_;
    power_cut power_;
    failing_io failing_;
    shim_vfs disk_;
    sqlite_options options_;
    survival wanted_;
    std::string complaint_;
};

struct fault_case {
    disk_fault fault;
    bool sticky;
};

class every_call : public testing::TestWithParam<fault_case> {};

INSTANTIATE_TEST_SUITE_P(fails, every_call,
                         testing::Values(fault_case{disk_fault::io_error, false},
                                         fault_case{disk_fault::io_error, true},
                                         fault_case{disk_fault::no_space, false},
                                         fault_case{disk_fault::no_space, true}),
                         [](const auto& info) {
                             const std::string what = info.param.fault == disk_fault::io_error ? "eio" : "enospc";
                             return what + (info.param.sticky ? "_for_good" : "_once");
                         });

TEST_P(every_call, ends_in_a_clear_state) {
    constexpr std::uint64_t far_more_than_it_makes = 5000;
    std::uint64_t nth = 1;
    for (; nth < far_more_than_it_makes; ++nth) {
        script one(nth, GetParam().fault, GetParam().sticky);
        one.run();
        if (!one.fault_reached()) break;
        ASSERT_TRUE(one.came_to_a_clear_state()) << "when call " << nth << " fails";
    }
    EXPECT_GT(nth, 60U) << "the script hardly touches the disk";
    EXPECT_LT(nth, far_more_than_it_makes);
    RecordProperty("calls", static_cast<int>(nth - 1));
}

}  // namespace
}  // namespace kindred::store
