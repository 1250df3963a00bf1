#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::redis {

/// Why a server, or a function of ours, did not do as it was told. The code is the first word of its reply.
enum class refusal : std::uint8_t {
    moved = 1,       ///< MOVED: the slot is another server's for good
    ask,             ///< ASK: this once another server's, in the middle of a move
    try_again,       ///< TRYAGAIN: some of the keys have moved already
    cross_slot,      ///< CROSSSLOT: keys of several slots, which is a bug of ours
    cluster_down,    ///< CLUSTERDOWN: the slot has no server, or the cluster no majority
    master_down,     ///< MASTERDOWN: a replica without its master
    no_replicas,     ///< NOREPLICAS: fewer good ones than min-replicas-to-write
    out_of_memory,   ///< OOM: at maxmemory
    misconfigured,   ///< MISCONF: it cannot write its snapshots or its append-only file
    read_only,       ///< READONLY: a replica; UNBLOCKED: it became one while somebody waited
    loading,         ///< LOADING: it has just started
    busy,            ///< BUSY: a script runs for too long
    not_busy,        ///< NOTBUSY, UNKILLABLE: of SCRIPT KILL and FUNCTION KILL
    no_log_in,       ///< NOAUTH
    wrong_password,  ///< WRONGPASS
    forbidden,       ///< NOPERM: the ACL user may not
    no_function,     ///< "ERR Function not found", NOSCRIPT: load it and try again
    fenced,          ///< FENCED, ours: another writer has the lease
    duplicate,       ///< DUP, ours: this batch was applied before
    out_of_order,    ///< SEQ, ours: the log does not end where the writer believes
    inbox_full,      ///< FULL, ours: the site's inbox has no room until some of it is decided
    gone,            ///< GONE, ours: the site is not in this Redis, or not any more
    other,           ///< ERR and whatever else: a bug of ours, or a server that is not what we think
};
inline constexpr std::size_t refusals = static_cast<std::size_t>(refusal::other);  ///< how many there are

/// What the caller may take for granted, and do.
enum class remedy : std::uint8_t {
    wait = 1,       ///< surely not applied: the same again, later
    redirect,       ///< surely not applied: the same again, at the server that it names
    load_function,  ///< surely not applied: load the functions, then the same again
    step_down,      ///< surely not applied now (perhaps earlier): drop all state, read what is durable
    is_done,        ///< it was applied before
    ask_operator,   ///< surely not applied, and it will not be until somebody changes the set-up
};

/// By the text of an error reply.
refusal refusal_of(std::string_view text);
remedy remedy_for(refusal why);
/// As metrics and logs call it: "moved", "no_replicas", ...
std::string_view name_of(refusal why);

/// Where MOVED and ASK point.
struct redirection {
    std::uint16_t slot = 0;
    std::string host;  ///< empty: the host that answered
    std::uint16_t port = 0;

    bool operator==(const redirection&) const = default;
};
std::optional<redirection> redirection_of(std::string_view text);

/// The whole number behind the first word ("SEQ 17"); nothing when there is none.
std::optional<std::uint64_t> number_in(std::string_view text);

}  // namespace kindred::redis
