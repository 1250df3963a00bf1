#include "engine/store/redis/snapshotter.hpp"

#include "engine/base/log.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace kindred::store::redis {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds after_a_failure{30};
constexpr std::chrono::seconds until_asked_again{1};

}  // namespace

snapshotter::snapshotter(const site_place& at, const lease_keeper& lease, const redis_options& options,
                         std::uint64_t logged)
    : lease_(lease),
      copy_(options.copy),
      least_bytes_(options.snapshot_bytes),
      erase_within_(options.erase_within),
      replaced_within_(options.replaced_within),
      look_every_(std::min(options.look_at_pieces, options.replaced_within)),
      figures_(options.figures),
      log_(at, "snapshots"),
      into_(log_, at),
      logged_(logged),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

snapshotter::~snapshotter() {
    thread_.request_stop();
    log_.stop();
    into_.stop();
    thread_.join();
}

void snapshotter::note(std::size_t bytes, bool erases) {
    const auto logged = logged_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    if (erases) erased_.store(true, std::memory_order_release);
    if (!erases && logged < least_bytes_) return;
    const std::lock_guard hold(mutex_);
    changed_.notify_all();
}

/// A snapshot costs as much as the whole site: the log may grow to half of that before the next one.
bool snapshotter::is_due() const {
    return logged_.load(std::memory_order_relaxed) >= std::max<std::uint64_t>(least_bytes_, last_size_ / 2);
}

bool snapshotter::must_not_wait() const { return is_broken_ || is_old_ || is_due(); }

bool snapshotter::is_wanted() const { return must_not_wait() || erased_.load(std::memory_order_acquire); }

void snapshotter::look_again() {
    must_look_.store(true, std::memory_order_release);
    const std::lock_guard hold(mutex_);
    changed_.notify_all();
}

/// What nobody has told this thread: of batches of another node's, or that were in the log after all; and the time.
bool snapshotter::look() {
    must_look_.store(false, std::memory_order_release);
    const auto owed = log_.values(owed_table);
    const auto age = owed ? into_.log_age() : owed.error();
    if (!age) {
        must_look_.store(true, std::memory_order_release);
        return false;
    }
    for (const auto& [what, since] : *owed)
        if (what == owed_erasure) erased_.store(true, std::memory_order_release);
    is_old_ = *age && **age >= replaced_within_;
    return true;
}

void snapshotter::look_for_damage() {
    const auto newest = into_.newest();
    if (!newest || !*newest) return;
    const auto damage = into_.damage_of(**newest);
    if (!damage) return log::warn("the snapshot's pieces cannot be looked at", {{"err", damage.error().message}});
    if (damage->gone + damage->going == 0) return;
    // Another node may have put one in its place meanwhile, whose business it is then.
    const auto still = into_.newest();
    if (!still || !*still || (*still)->id != (*newest)->id || lease_.is_lost()) return;
    is_broken_ = true;
    ++figures_->snapshots_broken;
    log::error("masters of the cluster lost pieces of the snapshot: another takes its place",
               {{"gone", damage->gone}, {"going", damage->going}, {"pieces", (*newest)->pieces}});
}

result<copy_place> snapshotter::copied_to(const std::string& file, backup_moment as_of) const {
    std::error_code ignored;
    fs::remove(file, ignored);
    if (auto copied = backup_sqlite(copy_, file, as_of); !copied) return copied.error();
    return place_in(file);
}

result<void> snapshotter::make() {
    const auto file = copy_.path + ".snapshot";
    const auto logged = logged_.load(std::memory_order_relaxed);
    const bool erased = erased_.exchange(false, std::memory_order_acq_rel);
    const bool forgets = erased || is_old_;
    auto done = [&]() -> result<snapshot_head> {
        // It has to come further than the one before it, which may be another node's.
        const auto before = into_.newest();
        if (!before) return before.error();
        // What the file lacks the log keeps: that need not be brought in twice, unless it is most of all, or has to go.
        const bool lately = !forgets && logged >= 2 * copy_.follow_bytes;
        auto place = copied_to(file, lately ? backup_moment::lately : backup_moment::now);
        const bool has_come_further = place && (!*before || place->end.seq > (**before).end.seq);
        if (lately && !has_come_further) place = copied_to(file, backup_moment::now);
        if (!place) return place.error();
        return into_.put(lease_.token(), file, place->end, forgets);
    }();
    std::error_code ignored;
    fs::remove(file, ignored);
    if (!done) {
        ++figures_->snapshots_failed;
        if (erased) erased_.store(true, std::memory_order_release);
        return done.error();
    }
    is_broken_ = false;
    is_old_ = false;
    // What is only old is not worth another snapshot at once.
    if (erased && !done->forgot) erased_.store(true, std::memory_order_release);
    logged_.fetch_sub(logged, std::memory_order_relaxed);
    last_size_ = done->plain;
    ++figures_->snapshots;
    if (const auto left = log_.batches()) figures_->log_batches = *left;
    log::info("a snapshot is in Redis and the log is cut",
              {{"seq", done->end.seq}, {"bytes", done->plain}, {"packed_bytes", done->packed}});
    return {};
}

void snapshotter::run(const std::stop_token& stop) {
    std::unique_lock hold(mutex_);
    const auto is_over = [&] { return stop.stop_requested() || lease_.is_lost(); };
    const auto unlocked = [&](const auto& what) {
        hold.unlock();
        what();
        hold.lock();
    };
    bool may_be_damaged = into_.are_spread();
    while (!is_over()) {
        if (must_look_.load(std::memory_order_acquire)) {
            bool is_told = false;
            unlocked([&] { is_told = look(); });
            if (!is_told)
                changed_.wait_for(hold, stop, until_asked_again, [] { return false; });
            else if (std::exchange(may_be_damaged, false))
                unlocked([&] { look_for_damage(); });
            continue;
        }
        const auto wanted = [&] { return is_wanted() || must_look_.load(std::memory_order_acquire); };
        if (!changed_.wait_for(hold, stop, look_every_, wanted)) {
            must_look_.store(true, std::memory_order_release);
            may_be_damaged = into_.are_spread();
        }
        if (is_over()) return;
        if (!is_wanted()) continue;
        // What was erased waits for others that are erased soon after, so that each does not cost a snapshot.
        if (!must_not_wait()) changed_.wait_for(hold, stop, erase_within_, [&] { return is_due(); });
        if (is_over()) return;
        result<void> made;
        unlocked([&] { made = make(); });
        if (made || stop.stop_requested()) continue;
        log::warn("no snapshot could be put into Redis: the log grows on", {{"err", made.error().message}});
        changed_.wait_for(hold, stop, after_a_failure, [] { return false; });
    }
}

}  // namespace kindred::store::redis
