#include "engine/store/sqlite/checkpoints.hpp"

#include "engine/base/background.hpp"
#include "engine/base/log.hpp"

namespace kindred::store::sqlite {
namespace {

// A journal is written from its start again only after a moment at which all of it was folded. Under steady load that
// moment never comes by itself: from this many times the wanted size on, commits wait while the rest is folded.
constexpr std::size_t patience = 4;

}  // namespace

checkpoints::checkpoints(connection on, std::size_t pages, writer& of, health& disk)
    : on_(std::move(on)),
      pages_(pages),
      writer_(of),
      disk_(disk),
      due_at_(pages),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

checkpoints::~checkpoints() {
    thread_.request_stop();
    thread_.join();
}

void checkpoints::note_growth() {
    const std::size_t pages = writer_.journal_pages();
    {
        const std::lock_guard hold(mutex_);
        if (pages < seen_) due_at_ = pages_;  // it was begun anew
        seen_ = pages;
        if (due_ || pages < due_at_) return;
        due_ = true;
    }
    grown_.notify_one();
}

void checkpoints::run(const std::stop_token& stop) {
    work_in_the_background();
    std::unique_lock hold(mutex_);
    while (grown_.wait(hold, stop, [&] { return due_; })) {
        hold.unlock();
        fold();
        hold.lock();
        due_ = false;
        // What could not be folded now waits for as much again, or each commit would cause a folding of its own.
        due_at_ = seen_ + pages_;
    }
}

int checkpoints::fold() {
    const std::lock_guard one_at_a_time(folding_);
    // Nothing may be folded from a journal whose sync failed: the file would then claim what the disk does not have.
    if (disk_.broken()) return SQLITE_IOERR_FSYNC;
    auto done = fold_once();
    if (done.code == SQLITE_OK && static_cast<std::size_t>(done.in_journal) >= patience * pages_) {
        const std::lock_guard no_commit(writer_.turn());
        done = fold_once();
    }
    judge(done.code);
    return done.code;
}

checkpoints::progress checkpoints::fold_once() {
    progress made;
    made.code =
        sqlite3_wal_checkpoint_v2(on_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &made.in_journal, &made.folded);
    return made;
}

void checkpoints::judge(int code) {
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) return;
    const auto reason = error_of(on_, code, "fold the journal into the file").message;
    log::warn("checkpoint failed", {{"reason", reason}});
    if (breaks_trust(code)) disk_.break_because(reason);
}

}  // namespace kindred::store::sqlite
