#pragma once
#include "engine/store/redis/accounts.hpp"
#include "engine/store/redis/batch_tail.hpp"
#include "engine/store/redis/copied_store.hpp"
#include "engine/store/redis/lease_keeper.hpp"
#include "engine/store/redis/local_copy.hpp"
#include "engine/store/redis/open_rows.hpp"
#include "engine/store/redis/shared_files.hpp"
#include "engine/store/redis/site_intake.hpp"
#include "engine/store/redis/snapshotter.hpp"
#include "engine/store/redis/undecided_keys.hpp"

#include <atomic>
#include <mutex>
#include <optional>

namespace kindred::store::redis {

site_place place_of(const redis_options& options);

/// The parts above behind the interface: a batch goes into the site's log in Redis, which makes it durable, and from
/// there into this node's copy, which answers reads.
class redis_store final : public copied_store {
public:
    static result<std::unique_ptr<redis_store>> open(const redis_options& options);
    ~redis_store() override;
    redis_store(const redis_store&) = delete;
    redis_store& operator=(const redis_store&) = delete;

    result<bool> lead(std::chrono::milliseconds patience) override;
    bool was_fenced() const override { return lease_ && lease_->is_lost(); }
    bool should_hand_over() const override { return lease_ && lease_->should_hand_over(); }
    bool is_followed() override;
    void hand_on() override {
        if (lease_) lease_->hand_on();
    }
    result<std::optional<leader>> successor(std::chrono::milliseconds patience) override;
    leader current_leader() const override;
    result<inbox_page> undecided(std::uint64_t after, std::size_t most, std::chrono::milliseconds patience) override;
    result<void> decided(std::span<const inbox_place> places) override { return beside_.remove(places); }
    result<std::uint64_t> inbox_end() override { return beside_.inbox_end(); }
    bool must_queue() const override { return intake_.has_waiting(); }
    result<std::uint64_t> undecided_count() override { return inbox_.undecided_count(); }
    file_place* files() override { return files_ ? &*files_ : nullptr; }
    result<bool> surely_leads() override;

    result<open_state> load(const std::function<void(ticket_row&&)>& each_open) override;
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items) override;
    using store::commit;
    commit_outcome commit(std::shared_ptr<const batch> changes) override;
    commits_outcome commit_in_turn(std::span<const std::shared_ptr<const batch>> batches) override;
    std::size_t commits_at_once() const override;
    result<std::vector<prefetched>> prefetch(std::span<const prefetch_query> wanted) override;
    std::optional<std::uint64_t> surely_unused(const unique_key& key) const override;
    result<std::optional<key_row>> find_key(const unique_key& key) override;
    result<void> put_session(const session_row& session) override;
    result<void> drop_sessions(std::string_view hash_or_empty, agent_id agent) override;
    result<void> put_token(const token_row& token) override;
    result<bool> trim(time_point before, time_point now) override;

protected:
    store& copy() const override { return copy_.rows(); }

private:
    redis_store(const redis_options& options, local_copy copy);

    result<void> begin_to_lead(const lease_answer& granted);
    result<void> catch_up(const std::string& site_uid, const log_end& end);
    result<bool> is_of(const std::string& site_uid, const log_end& end);
    std::vector<append_outcome> append(std::span<const std::shared_ptr<const batch>> batches);
    commit_outcome take_in(const std::shared_ptr<const batch>& changes, const append_outcome& appended);
    result<bool> put_back(const log_end& from, const log_end& to);
    bool is_ahead_of(const log_end& end);
    result<bool> follow_leader(const lease_answer& led, std::chrono::milliseconds patience);
    result<void> may_replace_copy();
    result<void> start_copy_again(const std::string& why);
    result<std::size_t> follow(const std::string& site_uid, const log_end& end, std::chrono::milliseconds patience,
                               std::optional<std::uint64_t> led_under = std::nullopt);
    void tell_how_far();
    void tell_what_is_lost();
    void look_for_lost_items() { intake_.look(log_.connection().connects()); }
    result<std::size_t> begin_with_snapshot(const std::string& site_uid);

    const redis_options options_;
    const site_place at_;
    const std::string nonce_;
    local_copy copy_;
    batch_tail tail_;
    site_log log_;     ///< batches
    site_log beside_;  ///< what others than the one who commits ask for
    lead_board board_;
    site_intake intake_;
    site_log inbox_;                                ///< waits for what other nodes take in
    std::atomic<std::uint64_t> inbox_connects_{0};  ///< of it, when it was last read from where it had been read to
    std::optional<shared_files> files_;
    accounts accounts_;
    undecided_keys undecided_;
    open_rows open_rows_;  ///< of the copy, until this node leads
    std::mutex inbox_mutex_;
    bool inbox_is_read_ = false;  ///< somebody decides what is in the inbox
    log_end end_;                 ///< where we believe that the log ends
    std::atomic<bool> leads_{false};
    bool is_read_ = false;  ///< load() was called: from then on threads of all kinds read the copy
    std::chrono::steady_clock::time_point told_;  ///< when others were last told how far this node has come
    std::optional<log_end> ahead_of_;             ///< an end in Redis that our copy goes on from, and since when
    std::chrono::steady_clock::time_point ahead_since_;
    mutable std::mutex leader_mutex_;
    leader leader_;
    std::optional<lease_keeper> lease_;       ///< while it is there, this node leads
    std::optional<snapshotter> snapshotter_;  // last: it uses the lease
};

}  // namespace kindred::store::redis
