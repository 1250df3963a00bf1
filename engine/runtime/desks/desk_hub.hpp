#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"
#include "engine/http/websocket.hpp"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// Every agent's open desks, and what was pushed to them lately so that a desk that comes back misses nothing.
/// Frames are `{"seq":N,"type":...}`; seq rises by one per agent. Thread-safe.
class desk_hub {
public:
    /// `first_seq` must be above every number that an earlier process gave out.
    explicit desk_hub(std::uint64_t first_seq) : first_seq_(first_seq) {}

    /// A desk comes back after having seen `after`. True: it has been sent what it missed and is live again. False:
    /// that is no longer known, or more than one session takes at once; it needs begin().
    bool resume(agent_id agent, std::uint64_t after, const std::shared_ptr<http::websocket>& desk, time_point now);
    /// A desk starts from a snapshot (JSON members); `reset` says that what it had is void. Must be called in order
    /// with publish(), from the same thread.
    void begin(agent_id agent, const std::shared_ptr<http::websocket>& desk, std::string_view snapshot, bool reset);
    void publish(agent_id agent, std::string_view type, std::string_view members, time_point now);
    /// The same to every agent with an open desk. Who is away is told the latest of each type on coming back.
    void broadcast(std::string_view type, std::string_view members, time_point now);
    /// True when this was the agent's last open desk.
    bool leave(agent_id agent, const http::websocket* desk);
    /// Ends the desks of one agent, e.g. because its session was withdrawn.
    void close(agent_id agent, http::close_code code, std::string_view reason);
    std::size_t open_desks() const;

private:
    struct sent_frame {
        std::uint64_t seq;
        time_point at;
        http::shared_text text;
    };
    struct agent_desks {
        std::uint64_t last = 0;
        std::deque<sent_frame> sent;
        std::size_t bytes = 0;
        std::vector<std::shared_ptr<http::websocket>> open;
        std::set<std::string, std::less<>> unheard;  ///< types of broadcasts while no desk was open
    };
    agent_desks& desks_of(agent_id agent);
    static void trim(agent_desks& of, time_point now);
    static bool fits_a_session(const agent_desks& of, std::uint64_t after);
    void push(agent_desks& to, std::string_view type, std::string_view members, time_point now);

    const std::uint64_t first_seq_;
    mutable std::mutex mutex_;
    std::map<agent_id, agent_desks> agents_;
    std::map<std::string, std::string, std::less<>> latest_;  ///< members of the last broadcast of each type
};

}  // namespace kindred::runtime
