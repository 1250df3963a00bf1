#pragma once
#include "engine/store/sqlite/accounts.hpp"
#include "engine/store/sqlite/checkpoints.hpp"
#include "engine/store/sqlite/commit_path.hpp"
#include "engine/store/sqlite/file_lock.hpp"
#include "engine/store/sqlite/gathering_vfs.hpp"
#include "engine/store/sqlite/readers.hpp"
#include "engine/store/sqlite/sqlite.hpp"
#include "engine/store/sqlite/trimmer.hpp"

namespace kindred::store::sqlite {

/// The parts above behind the interface: a log that makes batches durable, one writer that brings them into the
/// database, some readers, one thread that folds SQLite's journal.
class sqlite_store final : public following_store {
public:
    static result<std::unique_ptr<sqlite_store>> open(const sqlite_options& options);
    ~sqlite_store() override;

    result<open_state> load(const std::function<void(ticket_row&&)>& each_open) override;
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items) override;
    using store::commit;
    commit_outcome commit(std::shared_ptr<const batch> changes) override;
    commit_outcome commit(std::shared_ptr<const batch> changes, kept_row place) override;
    std::uint64_t commits() const override;
    result<std::vector<prefetched>> prefetch(std::span<const prefetch_query> wanted) override;
    std::optional<std::uint64_t> surely_unused(const unique_key& key) const override;
    result<ticket_row> ticket(ticket_id id) override;
    result<std::optional<ticket_row>> conversation(std::string_view channel, std::string_view conversation) override;
    result<std::vector<ticket_row>> tickets(const ticket_filter& filter) override;
    result<std::vector<entry_row>> entries(ticket_id ticket, std::uint32_t after, std::size_t limit) override;
    result<void> entries_between(const entry_selection& wanted,
                                 const std::function<bool(const selected_entry&)>& each) override;
    result<std::vector<outbox_row>> outbox_of(ticket_id ticket) override;
    result<customer_row> customer(customer_id id) override;
    result<customer_row> customer_with(std::string_view identity) override;
    result<std::vector<customer_row>> customers(customer_id after, std::size_t limit) override;
    result<std::optional<key_row>> find_key(const unique_key& key) override;
    result<std::vector<ruleset_row>> rulesets() override;
    result<ruleset_row> ruleset(std::string_view hash) override;
    result<std::vector<kept_row>> kept(std::string_view kind, std::string_view prefix, std::string_view after,
                                       std::size_t limit) override;
    result<kept_row> kept_one(std::string_view kind, std::string_view id) override;
    result<void> journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) override;
    result<void> put_session(const session_row& session) override;
    result<std::optional<session_row>> session(std::string_view hash) override;
    result<void> drop_sessions(std::string_view hash_or_empty, agent_id agent) override;
    result<void> put_token(const token_row& token) override;
    result<std::optional<token_row>> token(std::string_view hash) override;
    result<std::vector<token_row>> tokens() override;
    result<bool> trim(time_point before, time_point now) override;
    result<void> backup(const std::string& file) override;

    /// Brings all that was committed into the database now (otherwise that happens within moments).
    result<void> catch_up();
    /// Folds the journal into the file now (otherwise a thread does it when the journal has grown).
    result<void> fold_journal();

private:
    /// What has to be there before the parts that work can be made.
    struct ground {
        file_lock lock;
        std::unique_ptr<gathering_vfs> gathering;  ///< before the connections that go through it
        connection writing;
        connection folding;
    };
    static result<ground> prepare(const sqlite_options& options);

    sqlite_store(const sqlite_options& options, ground made);

    result<void> begin_log();
    void fill_filter(const std::stop_token& stop);
    void fill_digests(const std::stop_token& stop);
    template <class Change>
    auto then_note_growth(Change change);
    /// Asks a reader that sees every commit that has returned.
    template <class Question>
    auto ask_current(const Question& question);

    const sqlite_options options_;
    const file_lock lock_;
    const std::unique_ptr<gathering_vfs> gathering_;
    health disk_;
    writer::known_keys keys_;
    writer writer_;
    accounts accounts_;
    trimmer trimmer_;
    readers readers_;
    checkpoints checkpoints_;
    std::jthread filling_;  ///< makes up for what the filter and digests do not have at the start
    std::unique_ptr<commit_path> path_of_commits_;  // last: its thread uses the writer and the checkpoints
};

}  // namespace kindred::store::sqlite
