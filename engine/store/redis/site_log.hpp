#pragma once
#include "engine/redis/client.hpp"
#include "engine/redis/refusal.hpp"
#include "engine/store/redis/site_figures.hpp"
#include "engine/store/redis/site_inbox.hpp"
#include "engine/store/store.hpp"

#include <array>
#include <mutex>

namespace kindred::store::redis {

/// Where a log ends: the number of its last batch and that batch's id, as text. {0, ""}: it is empty.
struct log_end {
    std::uint64_t seq = 0;
    std::string last;

    bool operator==(const log_end&) const = default;
};

/// What proves that somebody leads: both are compared, for equality, in the same step as the write.
struct lease_token {
    std::uint64_t epoch = 0;
    std::string nonce;  ///< 128 random bits
};

struct lease_claim {
    std::string node;
    std::string address;
    std::string nonce;
    std::chrono::milliseconds lease{0};
};

/// How a site stands when somebody asks for its lease.
struct lease_answer {
    bool granted = false;
    bool is_free = false;  ///< whoever asked next would be granted it
    std::uint64_t epoch = 0;
    log_end end;
    std::string site_uid;  ///< random name that this site has for as long as Redis keeps it
    std::string owner;     ///< when it was not granted
    std::string address;
    std::chrono::milliseconds left{0};
};

/// One batch of the log.
struct log_record {
    std::uint64_t seq = 0;
    std::string before;  ///< id of the batch before it
    std::string id;
    std::string bytes;  ///< batch_codec.hpp
};

struct append_outcome {
    commit_outcome what;
    log_record
        record;  ///< of a batch that was committed and is behind `end`, or there; seq 0: it was committed earlier
    /// The log does not end where the writer believes, although this node leads: Redis has lost something.
    bool is_out_of_order = false;
};

/// The table in which nodes that follow say how far they have come: "<seq> <ms since 1970>".
inline constexpr std::string_view nodes_table = "nodes";
/// What is still to be done for the site, whoever leads it: under `owed_erasure` the number of the last batch whose
/// erasure log and snapshot may still tell.
inline constexpr std::string_view owed_table = "owed";
inline constexpr std::string_view owed_erasure = "erase";

/// The id of a batch as the log writes it.
std::string text_of(const batch_id& id);

/// How many copies a write must have before it counts.
struct write_rule {
    std::size_t replicas = 0;
    std::chrono::milliseconds within{1'000};
};

/// Where a site is, and what it takes to write it.
struct site_place {
    kindred::redis::connection_settings server;
    kindred::redis::way_to_server way;  ///< of a cluster without the slot, which the name of the site says
    std::string site;
    write_rule rule;
    std::shared_ptr<site_figures> figures;
};

/// What the names of all keys of a site begin with: they are all in one slot of a cluster.
std::string prefix_of(std::string_view site);
/// The way to the server that has the site.
kindred::redis::way_to_server way_to(const site_place& at);

/// What one site has in Redis, over a connection of its own: the calls of functions/kindred.lua, which are the only
/// ways in which it changes, and reads. Thread-safe: calls take turns. Errors of reads and small writes:
/// errc::unavailable (surely not done), errc::unknown, errc::fenced, errc::forbidden (until somebody changes the
/// set-up).
class site_log {
public:
    /// `purpose` tells its connection from the node's others in CLIENT LIST.
    explicit site_log(const site_place& at, std::string_view purpose = {});

    result<lease_answer> acquire(const lease_claim& claim);
    /// What acquire() would find, without taking it.
    result<lease_answer> look(const lease_claim& claim);
    result<void> renew(const lease_token& token, std::chrono::milliseconds lease);
    result<void> release(const lease_token& token);

    /// Waits up to `patience` until somebody leads under a higher epoch.
    result<void> wait_for_leader(std::uint64_t epoch, std::chrono::milliseconds patience);

    /// Of which site this is, once somebody knows: a Redis that does not have it, as one that came back with nothing,
    /// is given nothing to take in.
    void belongs_to(const std::string& site_uid);
    /// Puts batches behind `end`, each behind the one before it, once, under this lease alone, in one pipeline. At
    /// least one outcome; those of all that were committed, then that of the first that was not, where that is known
    /// from the same answers: else the rest is to be asked for again, behind what is committed.
    std::vector<append_outcome> append(const lease_token& token, const log_end& end,
                                       std::span<const std::shared_ptr<const batch>> batches);
    append_outcome append(const lease_token& token, const log_end& end, const batch& changes);
    /// `no_room` for what the inbox would have more than `most` bytes with (0: that is of no account), and for what
    /// comes behind it.
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items, std::size_t most = 0);

    /// Which of the keys were used lately, each for itself.
    result<std::vector<bool>> are_known(std::span<const unique_key> keys);

    /// How many batches the log has.
    result<std::uint64_t> batches();
    /// About how many bytes the log has.
    result<std::uint64_t> bytes();
    /// Batches behind `after`, at most `most`; waits up to `patience` for the first, or until whoever led under `epoch`
    /// does so no more.
    result<std::vector<log_record>> read(std::uint64_t after, std::size_t most, std::chrono::milliseconds patience,
                                         std::optional<std::uint64_t> epoch = std::nullopt);
    /// What was taken in and is not decided, by position.
    result<std::vector<std::pair<std::uint64_t, inbound_item>>> undecided();
    /// The same behind `after`, at most `most`; waits up to `patience` for the first.
    result<inbox_page> undecided(std::uint64_t after, std::size_t most, std::chrono::milliseconds patience);
    result<std::uint64_t> undecided_count();
    /// The position of what was taken in last; 0: nothing ever was.
    result<std::uint64_t> inbox_end();
    /// They leave the inbox; those that are not there have left it before.
    result<void> remove(std::span<const inbox_place> undecided);

    /// Small values beside the log, which any node may write: sessions and tokens.
    result<void> put_value(std::string_view table, std::string_view name, std::string_view bytes);
    result<void> drop_value(std::string_view table, std::string_view name);
    result<std::vector<std::pair<std::string, std::string>>> values(std::string_view table);

    /// Ends what is under way and everything after it.
    void stop() { over_.stop(); }
    kindred::redis::client& connection() { return over_; }

    // For what else is kept of a site (snapshots.hpp).
    std::string key(std::string_view name) const { return prefix_ + std::string(name); }
    /// FCALL with the site's keys of these names; arguments are to be added.
    kindred::redis::command call_of(std::string_view function, std::initializer_list<std::string_view> keys) const;
    /// One command; the functions are loaded where they turn out not to be there. Refusals are errors. `counts`: it is
    /// a write that the rule is for.
    result<kindred::redis::reply> ask(const kindred::redis::command& said, bool counts);

private:
    result<lease_answer> ask_for_lease(const lease_claim& claim, bool looks);
    /// XREAD of what is behind those places.
    kindred::redis::command behind(std::initializer_list<std::pair<std::string_view, std::uint64_t>> streams,
                                   std::size_t most, std::chrono::milliseconds patience) const;
    /// The same with refusals as they are.
    result<kindred::redis::reply> say(const kindred::redis::command& said, bool counts);
    /// Several in one pipeline, and the rule for all of them together.
    result<std::vector<kindred::redis::reply>> say(std::vector<kindred::redis::command>& said, bool counts);

    kindred::redis::client over_;
    const std::string prefix_;
    const write_rule rule_;
    std::mutex uid_mutex_;
    std::string uid_;
    const std::shared_ptr<site_figures> figures_;
};

/// Loads our functions where they are not there.
result<void> load_functions(kindred::redis::client& at);

}  // namespace kindred::store::redis
