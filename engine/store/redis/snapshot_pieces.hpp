#pragma once
#include "engine/redis/cluster_client.hpp"
#include "engine/store/redis/site_log.hpp"

#include <functional>

namespace kindred::store::redis {

/// How the keys of pieces begin that have hash tags of their own.
std::string piece_prefix_of(std::string_view site);

/// The pieces of snapshots in Redis. In a cluster each has a hash tag of its own, so that they lie with all masters;
/// elsewhere, and of snapshots that an earlier version made, they have the site's. A snapshot's name says which. What
/// is to be written is tried again for half a minute where a master is away; what is read, for some seconds. Errors as
/// of site_log. For one thread at a time but for stop().
class snapshot_pieces {
public:
    snapshot_pieces(site_log& in, const site_place& at);

    /// Whether new ones are spread over the masters of a cluster.
    bool are_spread() const { return over_.has_value(); }
    /// What a snapshot is called that is to be known under this name.
    std::string named(const std::string& id) const { return are_spread() ? spread_mark + id : id; }

    /// It goes by itself after an hour.
    result<void> put(const std::string& id, std::uint64_t number, std::string_view bytes);
    /// The same of one that is there. False: it is not.
    result<bool> put_again(const std::string& id, std::uint64_t number);
    /// It does not go any more, and as many replicas have it as the rule wants. False: it is gone already.
    result<bool> keep(const std::string& id, std::uint64_t number);
    /// Nothing: there is none.
    result<std::optional<std::string>> get(const std::string& id, std::uint64_t number);
    /// Whether it is there, for good; and whether it is there.
    struct state {
        bool is_kept = false;
        bool is_there = false;
    };
    result<state> look(const std::string& id, std::uint64_t number);
    /// They go after this time; not waited for where a master is away.
    result<void> drop(const std::string& id, std::uint64_t count, std::chrono::seconds after);

    /// Ends what is under way and everything after it.
    void stop();

private:
    static constexpr char spread_mark = 's';  // no digit of the names of earlier versions

    std::string key(const std::string& id, std::uint64_t number) const;
    result<kindred::redis::reply> ask(const kindred::redis::command& said, bool counts = false);
    /// Until it is not refused for a reason that passes, or for so long.
    template <class Try>
    auto patiently(std::chrono::milliseconds most, const Try& once) -> decltype(once());

    site_log& in_;
    const std::string site_;
    const write_rule rule_;
    const std::shared_ptr<site_figures> figures_;
    const std::chrono::milliseconds answer_within_;
    std::optional<kindred::redis::cluster_client> over_;
};

}  // namespace kindred::store::redis
