#include "engine/base/log.hpp"
#include "engine/store/redis/put_back.hpp"
#include "engine/store/redis/redis_store.hpp"

#include <array>

/// What the node that leads writes.
namespace kindred::store::redis {
namespace {

/// On their way together: more of them only keep Redis' memory and the next ones waiting.
constexpr std::size_t batches_in_a_pipeline = 16;

}  // namespace

/// Batches that Redis had confirmed and lacks go back where it lost them, when nobody has written anything else there.
/// False: somebody has, or not all of them are here any more.
result<bool> redis_store::put_back(const log_end& from, const log_end& to) {
    const auto lost = tail_.between(from, to);
    if (!lost) return false;
    log::error("Redis lacks batches that it had confirmed: they are put back",
               {{"behind", from.seq}, {"batches", lost->size()}});
    const auto done = redis::put_back(log_, lease_->token(), from, *lost);
    if (!done && done.error().code == errc::fenced) lease_->lose();
    if (!done) return fail(errc::unavailable, done.error().message);
    auto& figures = *options_.figures;
    ++figures.rollbacks;
    figures.batches_put_back += lost->size();
    figures.contacts_repaired += done->contacts;
    if (snapshotter_) snapshotter_->look_again();
    log::warn("what Redis had lost is there again", {{"batches", lost->size()}, {"contacts", done->contacts}});
    return true;
}

std::vector<append_outcome> redis_store::append(std::span<const std::shared_ptr<const batch>> batches) {
    auto outcomes = log_.append(lease_->token(), end_, batches);
    if (!outcomes.front().is_out_of_order) return outcomes;
    const auto refused = [](const error& why) {
        return std::vector<append_outcome>{{{commit_state::refused, why.message}, {}, false}};
    };
    const auto held = log_.acquire({options_.node, options_.address, nonce_, options_.lease});
    if (!held) return refused(held.error());
    if (!held->granted || held->epoch != lease_->token().epoch) return outcomes;
    const auto back = put_back(held->end, end_);
    if (!back && !lease_->is_lost()) return refused(back.error());
    if (!back || !*back) return outcomes;
    return log_.append(lease_->token(), end_, batches);
}

/// What the log has goes from there into this node's copy.
commit_outcome redis_store::take_in(const std::shared_ptr<const batch>& changes, const append_outcome& appended) {
    if (appended.what.state == commit_state::fenced) lease_->lose();
    if (appended.what.state != commit_state::committed) return appended.what;
    const auto& record = appended.record;
    std::optional<copy_place> place;
    if (record.seq != 0) {
        if (record.seq > end_.seq) {
            tail_.add(record, !changes->erased.empty());
            if (!changes->erased.empty()) intake_.forget_soon();
            ++options_.figures->log_batches;
        }
        end_ = {record.seq, record.id};
        place = copy_place{copy_.place().site_uid, end_};
    }
    auto copied = copy_.apply(changes, place);
    // It is in the log: the same again brings it into the copy.
    if (copied.state == commit_state::refused) copied.state = commit_state::unknown;
    if (copied.state != commit_state::committed) return copied;
    open_rows_.clear();
    // Not before the copy has it: a snapshot is the copy.
    if (place) snapshotter_->note(record.bytes.size(), !changes->erased.empty());
    undecided_.forget(changes->consumed);
    return copied;
}

commit_outcome redis_store::commit(std::shared_ptr<const batch> changes) {
    const std::array<std::shared_ptr<const batch>, 1> one{std::move(changes)};
    return commit_in_turn(one).then;
}

commits_outcome redis_store::commit_in_turn(std::span<const std::shared_ptr<const batch>> batches) {
    commits_outcome done;
    while (done.committed < batches.size()) {
        if (!lease_ || lease_->is_lost()) {
            done.then = {commit_state::fenced, "another node leads this site"};
            return done;
        }
        for (const auto& each : append(batches.subspan(done.committed))) {
            done.then = take_in(batches[done.committed], each);
            if (done.then.state != commit_state::committed) return done;
            ++done.committed;
        }
    }
    look_for_lost_items();
    return done;
}

std::size_t redis_store::commits_at_once() const { return batches_in_a_pipeline; }

}  // namespace kindred::store::redis
