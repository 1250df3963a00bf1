#pragma once
#include "engine/dispatch/views.hpp"
#include "engine/rules/escalations.hpp"
#include "engine/rules/ruleset.hpp"

#include <functional>
#include <optional>
#include <string>

namespace kindred::routing {

/// Whether escalations are about tickets in this state.
bool can_escalate(dispatch::ticket_state state);

/// A ticket as escalations find it at one moment.
class escalation_look {
public:
    escalation_look(const dispatch::ticket_view& seen, time_point now);

    bool waits() const { return waits_; }
    /// False: it does not hold whatever else is true. Most tickets are ruled out by a look at the clock.
    bool may_hold(const rules::escalation_moments& of) const;
    /// The next moment after now at which time alone can change the answer. `queue_open` is asked where that matters:
    /// a closed queue's clock stands still, and whoever asks must look again when it opens.
    std::optional<time_point> next_moment(const rules::escalation_moments& of,
                                          const std::function<bool()>& queue_open) const;
    rules::ticket_facts facts(const std::string& priority, std::int64_t transfers) const;

private:
    const dispatch::ticket_view& seen_;
    time_point now_;
    bool waits_;
    std::optional<duration> left_;  ///< of the nearest target
};

/// The head start that the priority would raise this one to; none: it is not higher, or there is no such priority.
std::optional<duration> raised_to(const rules::ruleset& rules, const std::string& priority, duration head_start);

}  // namespace kindred::routing
