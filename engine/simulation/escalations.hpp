#pragma once
#include "engine/dispatch/dispatcher.hpp"
#include "engine/routing/escalation_clock.hpp"
#include "engine/routing/escalation_look.hpp"
#include "engine/simulation/arrivals.hpp"

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace kindred::simulation {

/// Carries the rules' escalations out on simulated tickets, each once for a ticket, as an engine does. Nobody is
/// notified. The rules must outlive it.
class escalations {
public:
    explicit escalations(const rules::ruleset& rules);

    bool any() const { return clock_.has_escalations(); }
    bool watches_targets() const { return clock_.watches_targets(); }

    void began(ticket_id ticket, std::shared_ptr<const escalation_facts> about);
    void changed(ticket_id ticket);
    void ended(ticket_id ticket);
    /// The clock that the queue's targets run by starts again.
    void opened(const std::string& queue, const dispatch::dispatcher& core, time_point now);

    std::optional<time_point> next_due() { return clock_.next_due(); }

    /// What is told may be refused. `said` hears the name of each escalation that is carried out.
    using teller = std::function<bool(const dispatch::command&)>;
    using listener = std::function<void(ticket_id, const std::string& escalation)>;
    void carry_out(const dispatch::dispatcher& core, time_point now, const rules::queue_board& board,
                   const teller& tell, const listener& said);

private:
    struct watched {
        std::shared_ptr<const escalation_facts> about;
        std::string priority;
        std::vector<bool> done;  ///< by escalation
    };
    void look(ticket_id ticket, dispatch::ticket_view seen, time_point now, const dispatch::dispatcher& core,
              const rules::queue_board& board, const teller& tell, const listener& said);

    const rules::ruleset& rules_;
    routing::escalation_clock clock_;
    std::unordered_map<ticket_id, watched> open_;
};

}  // namespace kindred::simulation
