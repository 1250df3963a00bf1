#pragma once
#include "engine/domain/ids.hpp"
#include "engine/http/websocket.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace kindred::api {

/// Who has which ticket open and who writes in it, so that no two answer at once without knowing. Told in passing: the
/// frames have no numbers, are kept nowhere, and who comes back says anew what it looks at. Thread-safe.
class lookers {
public:
    /// A desk looks at a ticket, or at none (0). Everybody else who looks at it is told, and so is who stops.
    void look(const std::shared_ptr<http::websocket>& desk, agent_id agent, const std::string& name, ticket_id at,
              bool typing);
    /// The desk is closed.
    void leave(const http::websocket* desk);

private:
    struct looker {
        std::weak_ptr<http::websocket> desk;
        agent_id agent;
        std::string name;
        ticket_id at;
        bool typing = false;
    };
    void forget(const http::websocket* desk);
    void tell(ticket_id about) const;

    mutable std::mutex mutex_;
    std::map<const http::websocket*, looker> all_;
    std::map<ticket_id, std::set<const http::websocket*>> by_ticket_;
};

}  // namespace kindred::api
