#pragma once
#include "engine/base/error.hpp"
#include "engine/store/rows.hpp"

#include <functional>
#include <memory>
#include <span>

namespace kindred::store {

/// What became of a commit.
enum class commit_state {
    committed = 1,  ///< durable; also when a batch with this id had been applied before
    refused,        ///< surely not applied (disk full, busy): try again under the same id
    unknown,        ///< may or may not be applied: try again under the same id
    fenced,         ///< another writer took over: drop all state and load() again
    broken,         ///< the disk lied (failed fsync): stop acknowledging and leave; the next start recovers
};

struct commit_outcome {
    commit_state state = commit_state::committed;
    std::string reason;
};

/// What became of several commits: the first so many are durable.
struct commits_outcome {
    std::size_t committed = 0;
    commit_outcome then;  ///< of the batch behind them; `committed` when there is none
};

/// Where ingest() put an item, or that its key was there before.
struct ingest_outcome {
    bool duplicate = false;
    std::uint64_t position = 0;
};

/// All that was open when the store was last written.
struct open_state {
    std::uint64_t tickets = 0;  ///< highest numbers in use
    std::uint64_t customers = 0;
    std::uint64_t agents = 0;
    std::uint64_t outbox = 0;
    std::uint64_t journal = 0;  ///< last sequence number
    std::vector<agent_row> agent_rows;
    std::vector<outbox_row> pending;                                ///< outbox rows in state pending, by id
    std::vector<std::pair<std::uint64_t, inbound_item>> undecided;  ///< ingested, not consumed, by position
    std::optional<ruleset_row> ruleset;                             ///< the active one
    std::vector<std::pair<std::string, std::string>> settings;
};

/// What intake wants to know before it hands an item to the writer.
struct prefetch_query {
    unique_key key;
    std::vector<std::string> identities;
    std::string channel;
    std::string conversation;            ///< empty: do not look
    std::vector<unique_key> references;  ///< the first that is known decides
    ticket_id ticket;                    ///< 0: do not look
    customer_id customer;                ///< 0: do not look
};

struct prefetched {
    std::optional<key_row> seen;                         ///< the key is there: a duplicate
    std::vector<std::optional<customer_row>> customers;  ///< one per identity asked for
    std::optional<ticket_row> conversation;  ///< the newest ticket of that conversation, whatever its status
    std::optional<ticket_row> referenced;
    std::optional<key_row> reference;  ///< the key that led there
    std::optional<ticket_row> ticket;
    std::optional<customer_row> customer;
    std::uint64_t as_of = 0;  ///< it saw the first so many commits of this process
};

/// How many tickets one search reads before it stops (docs/decisions/0101-search-without-an-index.md).
inline constexpr std::size_t search_depth = 5000;

struct ticket_filter {
    std::optional<ticket_status> status;
    bool open_only = false;
    std::string queue;
    std::vector<customer_id> customers;  ///< of any of these; empty: of anybody
    agent_id holder;
    std::string text;  ///< words looked for in subjects and entries; empty: all
    ticket_id before;  ///< cursor: only smaller numbers; 0: from the newest
    std::size_t limit = 50;
};

/// Which entries entries_between() gives, and what with them.
struct entry_selection {
    time_point from;
    time_point until;                      ///< no longer in it
    std::vector<std::string> kinds;        ///< nothing of other kinds
    std::vector<std::string> with_json;    ///< of these kinds the JSON too; that of others is left empty
    std::vector<std::string> with_ticket;  ///< with entries of these kinds what their ticket's row says
    /// Their briefs are enough (entry_brief.hpp): many times faster. JSON is then the brief or the whole, and the
    /// channel is there with contact and outbound alone.
    bool brief = false;
};

struct selected_entry {
    entry_row entry;
    std::string channel;   ///< empty where it was not asked for
    customer_id customer;  ///< 0 where it was not asked for
};

struct session_row {
    std::string hash;  ///< SHA-256 of the token, hex
    agent_id agent;
    time_point created_at;
    time_point used_at;
    time_point expires_at;

    bool operator==(const session_row&) const = default;
};

struct token_row {
    std::string hash;
    std::string name;
    std::string role;
    time_point created_at;
    bool revoked = false;

    bool operator==(const token_row&) const = default;
};

/// How long trim() keeps a key at least: providers repeat deliveries for up to a week.
inline constexpr duration least_key_age = std::chrono::days(8);

/// Durable memory of one site. One suite (tests/store/contract.hpp) holds for every implementation.
/// load() once before anything else. ingest(), commit() and the account writes may be called from one thread each;
/// reads from any thread, and they see every commit that had returned before they began. While the disk has no room for
/// more (commits are refused) they may show the last moments before it was full not yet.
class store {
public:
    virtual ~store() = default;

    /// Small state first; then `each_open`, unless it is null, gets every ticket that is not resolved, in number order.
    virtual result<open_state> load(const std::function<void(ticket_row&&)>& each_open) = 0;

    /// Makes items durable before they are decided; each key once, ever (at least 8 days). All or none.
    virtual result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items) = 0;
    virtual commit_outcome commit(std::shared_ptr<const batch> changes) = 0;
    commit_outcome commit(const batch& changes) { return commit(std::make_shared<const batch>(changes)); }
    /// Batches of one writer, each behind the one before it. Ends with the first that is not committed. A batch behind
    /// that one is never applied without it; whether both were is as unknown as it is of that one, so all from there on
    /// are tried again, in the same order and under the same ids.
    virtual commits_outcome commit_in_turn(std::span<const std::shared_ptr<const batch>> batches) {
        commits_outcome done;
        while (done.committed < batches.size()) {
            done.then = commit(batches[done.committed]);
            if (done.then.state != commit_state::committed) break;
            ++done.committed;
        }
        return done;
    }
    /// How many batches it takes at a time with profit: 1 where each waits for the one before it.
    virtual std::size_t commits_at_once() const { return 1; }
    /// How many batches this process has seen committed.
    virtual std::uint64_t commits() const = 0;

    /// Unlike the other reads, this one may be some commits behind: each answer says how many it saw. Whoever asks
    /// knows what changed since.
    virtual result<std::vector<prefetched>> prefetch(std::span<const prefetch_query> wanted) = 0;
    /// Whether a key was never used, told without a read: as of how many commits that holds. Nothing where only a
    /// look-up can tell. Never blocks.
    virtual std::optional<std::uint64_t> surely_unused(const unique_key& key) const = 0;
    virtual result<ticket_row> ticket(ticket_id id) = 0;
    /// The newest ticket of a conversation, whatever its status.
    virtual result<std::optional<ticket_row>> conversation(std::string_view channel, std::string_view conversation) = 0;
    virtual result<std::vector<ticket_row>> tickets(const ticket_filter& filter) = 0;
    /// Entries with a number above `after`, in order, at most `limit`.
    virtual result<std::vector<entry_row>> entries(ticket_id ticket, std::uint32_t after, std::size_t limit) = 0;
    /// Entries of whatever ticket in the order in which they came, those of one ticket by their numbers, until `each`
    /// says false; it may ask the store. Looks at no more than the period and a minute on either side: what was written
    /// while the clock had been set back by more may be missed.
    virtual result<void> entries_between(const entry_selection& wanted,
                                         const std::function<bool(const selected_entry&)>& each) = 0;
    virtual result<std::vector<outbox_row>> outbox_of(ticket_id ticket) = 0;
    virtual result<customer_row> customer(customer_id id) = 0;
    virtual result<customer_row> customer_with(std::string_view identity) = 0;
    /// Customers with numbers above `after`, in their order, at most `limit`.
    virtual result<std::vector<customer_row>> customers(customer_id after, std::size_t limit) = 0;
    virtual result<std::optional<key_row>> find_key(const unique_key& key) = 0;
    virtual result<std::vector<ruleset_row>> rulesets() = 0;  ///< newest first, without files
    virtual result<ruleset_row> ruleset(std::string_view hash) = 0;
    /// Rows of a kind whose id begins with `prefix` and comes after `after`, in the order of their ids, at most
    /// `limit`.
    virtual result<std::vector<kept_row>> kept(std::string_view kind, std::string_view prefix, std::string_view after,
                                               std::size_t limit) = 0;
    /// errc::not_found when there is none.
    virtual result<kept_row> kept_one(std::string_view kind, std::string_view id) = 0;
    /// Journal records from sequence number `from` on, in order.
    virtual result<void> journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) = 0;

    // Accounts: written at once, outside the writer's batches.
    virtual result<void> put_session(const session_row& session) = 0;
    virtual result<std::optional<session_row>> session(std::string_view hash) = 0;
    virtual result<void> drop_sessions(std::string_view hash_or_empty, agent_id agent) = 0;
    virtual result<void> put_token(const token_row& token) = 0;
    virtual result<std::optional<token_row>> token(std::string_view hash) = 0;
    virtual result<std::vector<token_row>> tokens() = 0;

    /// Deletes keys older than `before`, but none of the last 8 days or of an open ticket, and sessions that ended by
    /// `now`; bounded work per call. True when there is more.
    virtual result<bool> trim(time_point before, time_point now) = 0;
    /// A consistent copy of everything into a new file.
    virtual result<void> backup(const std::string& file) = 0;
};

}  // namespace kindred::store
