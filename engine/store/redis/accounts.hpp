#pragma once
#include "engine/store/redis/site_log.hpp"

namespace kindred::store::redis {

/// Sessions and API tokens of a site: beside the log, for they are written at once and decide nothing about contacts.
/// Thread-safe. Whoever writes a copy too does so once Redis has it.
class accounts {
public:
    explicit accounts(site_log& in) : in_(in) {}

    result<void> put(const session_row& session);
    result<void> put(const token_row& token);
    /// The one with this hash, or all of this agent's.
    result<void> drop_sessions(std::string_view hash_or_empty, agent_id agent);
    /// Those that have ended by `now` go.
    result<void> trim(time_point now);
    /// Makes the copy have those that there are: sessions that ended elsewhere meanwhile are none here either.
    result<void> copy_to(store& copy, std::span<const agent_row> people);

private:
    result<std::vector<session_row>> sessions();

    site_log& in_;
};

}  // namespace kindred::store::redis
