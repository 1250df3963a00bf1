#pragma once
#include "engine/rules/escalations.hpp"
#include "engine/rules/ruleset.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <optional>
#include <queue>
#include <vector>

namespace kindred::routing {

/// Knows which open tickets must be looked at for escalations: those that something happened to, and those whose moment
/// has come. Costs nothing where the rules have no escalations. One thread at a time.
class escalation_clock {
public:
    /// Follows these rules from now on, and forgets every ticket.
    void follow(const rules::ruleset& rules);

    bool has_escalations() const { return !moments_.empty(); }
    /// By escalation, in the order of the rules.
    const std::vector<rules::escalation_moments>& moments() const { return moments_; }
    /// Whether any of them asks for ticket.target_left.
    bool watches_targets() const { return watches_targets_; }

    /// Something about the ticket changed.
    void look_at(ticket_id ticket) {
        if (has_escalations() && noticed_.insert(ticket).second) order_.push_back(ticket);
    }
    /// Nothing happened to the ticket, but these rules have not seen it yet: it waits for take_unseen().
    void look_when_there_is_time(ticket_id ticket) {
        if (has_escalations()) unseen_.push_back(ticket);
    }
    /// The ticket's next moment; none: it has none.
    void set(ticket_id ticket, std::optional<time_point> moment);
    /// When something is to be taken; long ago while there are tickets that have not been seen.
    std::optional<time_point> next_due();
    /// The next ticket to look at by `now`, each once a round; none when there is no more.
    std::optional<ticket_id> take(time_point now);
    /// One that has not been seen yet; none when there is no more.
    std::optional<ticket_id> take_unseen();

private:
    struct alarm {
        time_point at;
        ticket_id ticket;
        bool operator>(const alarm& other) const {
            return at != other.at ? at > other.at : ticket.value > other.ticket.value;
        }
    };
    void drop_stale();

    std::vector<rules::escalation_moments> moments_;
    bool watches_targets_ = false;
    std::vector<ticket_id> order_;  ///< of what was noticed
    std::vector<ticket_id> unseen_;
    boost::unordered_flat_set<ticket_id, std::hash<ticket_id>> noticed_;
    boost::unordered_flat_map<ticket_id, time_point, std::hash<ticket_id>> set_;
    std::priority_queue<alarm, std::vector<alarm>, std::greater<>> alarms_;  ///< some are no longer set
};

}  // namespace kindred::routing
