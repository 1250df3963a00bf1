#pragma once
#include "engine/store/store.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

namespace kindred::store {

/// What happens to one commit or ingest.
enum class store_fault {
    none = 1,
    refuse,           ///< not applied, and says so
    unknown_applied,  ///< applied, but the answer is lost
    unknown_lost,     ///< not applied, and the answer is lost
    broken,           ///< this and all after it
};

/// A store that does as another one does, but for the faults it is given, in order, one per commit() or ingest().
/// Header only, so that the tests of every module can use it. Thread-safe where the inner one is.
class faulty_store : public store {
public:
    explicit faulty_store(std::unique_ptr<store> inner) : inner_(std::move(inner)) {}

    void then(store_fault fault, std::size_t times = 1) {
        const std::lock_guard hold(mutex_);
        faults_.insert(faults_.end(), times, fault);
    }
    /// From now on lists of tickets cannot be read.
    void fail_lists() { lists_fail_ = true; }
    /// Forgets the faults that are still to come.
    void heal() {
        const std::lock_guard hold(mutex_);
        faults_.clear();
        broken_ = false;
    }

    using store::commit;
    commit_outcome commit(std::shared_ptr<const batch> changes) override {
        switch (next()) {
            case store_fault::none: return inner_->commit(changes);
            case store_fault::refuse: return {commit_state::refused, "refused by the test"};
            case store_fault::unknown_applied: inner_->commit(changes); [[fallthrough]];
            case store_fault::unknown_lost: return {commit_state::unknown, "answer lost by the test"};
            case store_fault::broken: break;
        }
        return {commit_state::broken, "broken by the test"};
    }
    /// As a store that takes several at a time: what happens to one in the middle is seen by those behind it.
    std::size_t commits_at_once() const override { return 16; }
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items) override {
        switch (next()) {
            case store_fault::none: return inner_->ingest(items);
            case store_fault::refuse: return fail(errc::unavailable, "refused by the test");
            case store_fault::unknown_applied: static_cast<void>(inner_->ingest(items)); [[fallthrough]];
            case store_fault::unknown_lost: return fail(errc::unknown, "answer lost by the test");
            case store_fault::broken: break;
        }
        return fail(errc::io, "broken by the test");
    }

    result<open_state> load(const std::function<void(ticket_row&&)>& each_open) override {
        return inner_->load(each_open);
    }
    std::uint64_t commits() const override { return inner_->commits(); }
    /// How often it was asked to look something up.
    std::size_t prefetches() const { return prefetches_; }
    result<std::vector<prefetched>> prefetch(std::span<const prefetch_query> wanted) override {
        ++prefetches_;
        return inner_->prefetch(wanted);
    }
    /// From now on every key is called unused, as of so many commits: as whoever asked long ago was told.
    void call_unused(std::uint64_t as_of) { unused_as_of_ = as_of; }
    void answer_again() { unused_as_of_.reset(); }
    std::optional<std::uint64_t> surely_unused(const unique_key& key) const override {
        return unused_as_of_ ? std::optional(*unused_as_of_) : inner_->surely_unused(key);
    }
    result<ticket_row> ticket(ticket_id id) override { return inner_->ticket(id); }
    result<std::optional<ticket_row>> conversation(std::string_view channel, std::string_view named) override {
        return inner_->conversation(channel, named);
    }
    result<std::vector<ticket_row>> tickets(const ticket_filter& filter) override {
        if (lists_fail_) return fail(errc::io, "a list that fails by the test");
        return inner_->tickets(filter);
    }
    result<std::vector<entry_row>> entries(ticket_id ticket, std::uint32_t after, std::size_t limit) override {
        return inner_->entries(ticket, after, limit);
    }
    result<void> entries_between(const entry_selection& wanted,
                                 const std::function<bool(const selected_entry&)>& each) override {
        return inner_->entries_between(wanted, each);
    }
    result<std::vector<outbox_row>> outbox_of(ticket_id ticket) override { return inner_->outbox_of(ticket); }
    result<customer_row> customer(customer_id id) override { return inner_->customer(id); }
    result<std::vector<customer_row>> customers(customer_id after, std::size_t limit) override {
        return inner_->customers(after, limit);
    }
    result<customer_row> customer_with(std::string_view identity) override { return inner_->customer_with(identity); }
    result<std::optional<key_row>> find_key(const unique_key& key) override { return inner_->find_key(key); }
    result<std::vector<ruleset_row>> rulesets() override { return inner_->rulesets(); }
    result<ruleset_row> ruleset(std::string_view hash) override { return inner_->ruleset(hash); }
    result<std::vector<kept_row>> kept(std::string_view kind, std::string_view prefix, std::string_view after,
                                       std::size_t limit) override {
        return inner_->kept(kind, prefix, after, limit);
    }
    result<kept_row> kept_one(std::string_view kind, std::string_view id) override {
        return inner_->kept_one(kind, id);
    }
    result<void> journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) override {
        return inner_->journal(from, each);
    }
    result<void> put_session(const session_row& session) override { return inner_->put_session(session); }
    result<std::optional<session_row>> session(std::string_view hash) override { return inner_->session(hash); }
    result<void> drop_sessions(std::string_view hash, agent_id agent) override {
        return inner_->drop_sessions(hash, agent);
    }
    result<void> put_token(const token_row& token) override { return inner_->put_token(token); }
    result<std::optional<token_row>> token(std::string_view hash) override { return inner_->token(hash); }
    result<std::vector<token_row>> tokens() override { return inner_->tokens(); }
    result<bool> trim(time_point before, time_point now) override { return inner_->trim(before, now); }
    result<void> backup(const std::string& file) override { return inner_->backup(file); }

private:
    std::atomic<std::size_t> prefetches_{0};
    std::optional<std::uint64_t> unused_as_of_;  ///< set while nobody asks
    store_fault next() {
        const std::lock_guard hold(mutex_);
        if (broken_) return store_fault::broken;
        if (faults_.empty()) return store_fault::none;
        const auto fault = faults_.front();
        faults_.pop_front();
        broken_ = fault == store_fault::broken;
        return fault;
    }

    std::unique_ptr<store> inner_;
    std::mutex mutex_;
    std::deque<store_fault> faults_;
    bool broken_ = false;
    std::atomic<bool> lists_fail_{false};
};

}  // namespace kindred::store
