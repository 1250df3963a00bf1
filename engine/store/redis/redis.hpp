#pragma once
#include "engine/store/file_place.hpp"
#include "engine/store/redis/options.hpp"
#include "engine/store/redis/site_inbox.hpp"
#include "engine/store/store.hpp"

#include <chrono>
#include <optional>

namespace kindred::store {

/// Who writes the site.
struct leader {
    std::string node;
    std::string address;
    std::uint64_t epoch = 0;
    std::chrono::milliseconds left{0};  ///< of its lease, as of when this was asked
    std::string site_uid{};  ///< the random name of the site, which those alone know who can read this Redis or a copy
};

/// A store whose site one node at a time may write. lead() until it says true, then load() and everything else as with
/// any store; before that ingest() alone may be called. commit() answers `fenced` once another node leads: then this
/// object is of no more use but to be destroyed, which hands the lease on.
class shared_store : public store, public site_inbox {
public:
    /// Takes the lead where nobody has it; else follows the leader's log for about `patience`. True: this node leads,
    /// and its copy has everything that was committed. errc::conflict: the copy is not of this site;
    /// errc::unavailable, errc::unknown: Redis does not answer, try again.
    virtual result<bool> lead(std::chrono::milliseconds patience) = 0;
    /// Another node leads although this one did.
    virtual bool was_fenced() const = 0;
    /// This node leads, and is to hand its site on to another, which leads fewer.
    virtual bool should_hand_over() const = 0;
    /// Whether another node follows, and could lead at once. False also when Redis does not answer.
    virtual bool is_followed() = 0;
    /// Hands the lease on, after the last commit(): from here on this node is one that was fenced. Where it fails,
    /// which is logged, the lease ends by itself.
    virtual void hand_on() = 0;
    /// After hand_on(): who leads now; nothing when nobody has begun to within `patience`.
    virtual result<std::optional<leader>> successor(std::chrono::milliseconds patience) = 0;
    /// Who led when lead() last said false, or this node.
    virtual leader current_leader() const = 0;
    /// Where the bytes of the site's files are; null where the nodes share a folder for them.
    virtual file_place* files() = 0;
    /// Asks Redis whether this node leads.
    virtual result<bool> surely_leads() = 0;
};

/// A node that follows.
struct node_standing {
    std::string node;
    std::uint64_t reached = 0;  ///< the last batch that its copy has
    std::uint64_t behind = 0;   ///< batches
    std::chrono::milliseconds heard_ago{0};
};

/// A site of the same Redis, and who leads it.
struct led_site {
    std::string site;
    std::string node;
};

/// How a site in Redis stands.
struct site_standing {
    leader leads;
    std::uint64_t seq = 0;          ///< batches ever
    std::uint64_t log_batches = 0;  ///< of them in the log
    std::uint64_t undecided = 0;    ///< items that were taken in and are in no batch
    std::uint64_t snapshot_seq = 0;
    std::uint64_t snapshot_bytes = 0;  ///< in Redis
    std::uint64_t snapshot_pieces = 0;
    /// Of a snapshot whose pieces lie with the masters of a cluster: how many are not there; nothing where they cannot
    /// all be asked for.
    std::optional<std::uint64_t> snapshot_lacks = 0;
    /// Attachments in Redis, and their bytes; nothing where they cannot all be asked for.
    std::optional<std::uint64_t> files = 0;
    std::optional<std::uint64_t> file_bytes = 0;
    std::vector<node_standing> follow;
    std::vector<led_site> sites;  ///< all that have a leader in this Redis

    bool has_leader() const { return leads.left.count() > 0; }
};

/// Asks Redis alone; no copy is opened. Errors as of any question to it.
result<site_standing> standing_of(const redis_options& options);
/// What FUNCTION LOAD takes, for those whose nodes may not load it.
std::string functions_for_redis();

/// errc::unavailable: Redis cannot be reached; errc::unauthorized: it refuses the log-in; errc::invalid: it is not safe
/// to keep a site in, with the line to change. Errors of the copy as of open_sqlite().
result<std::unique_ptr<shared_store>> open_redis(const redis_options& options);

}  // namespace kindred::store
