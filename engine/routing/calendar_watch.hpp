#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/rules/ruleset.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::routing {

/// Knows which queues are open by their calendars, and when that changes next.
class calendar_watch {
public:
    struct change {
        std::string queue;
        bool open = true;
        bool holiday = false;  ///< where it is closed
    };

    /// Follows the calendars of these rules from now on; gives the state of every queue.
    std::vector<change> follow(const rules::ruleset& rules, time_point now);
    std::optional<time_point> next_due() const;
    /// What opened or closed up to `now`.
    std::vector<change> advance(const rules::ruleset& rules, time_point now);
    bool open(std::string_view queue) const;
    /// What dispatch is to be told of it; refused where the queue is so already.
    static dispatch::command command_for(const change& seen);

private:
    struct watched {
        std::string queue;
        bool open = true;
        bool holiday = false;
        std::optional<time_point> next;
    };
    static watched look(const rules::ruleset& rules, const std::string& queue, time_point now);
    std::vector<watched> queues_;
};

}  // namespace kindred::routing
