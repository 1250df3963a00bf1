#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/channel_kind.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kindred::rules {

enum class queue_order { aged = 1, strict, deadline };
enum class agent_choice { longest_idle = 1, least_loaded, round_robin, best_skilled };
std::string_view name_of(queue_order order);
std::string_view name_of(agent_choice choice);

struct offer_settings {
    int to = 1;  ///< agents offered at once
    duration expires = std::chrono::seconds{20};
    duration after_decline = std::chrono::seconds{60};  ///< how long the agent is not offered the same ticket again
};

struct when_closed_settings {
    std::string reply;       ///< id of a script or article that is sent; empty: nothing
    bool hold = true;        ///< false: the contact is answered and not queued
    std::string overflow;    ///< another queue that takes tickets while this one is closed; may be empty
    bool call_back = false;  ///< callers are called when it is open again; others are held
};

/// Agents of other queues, while the own ones are too few.
struct borrow_settings {
    std::vector<std::string> from;  ///< empty: never
    duration above = std::chrono::minutes{3};
    duration below = std::chrono::minutes{1};
};

/// The agent for whom a ticket waits at first.
struct agent_preference {
    enum class whom { last_agent = 1, owner };  ///< who served the customer last; whom `customer.owner` names
    whom of = whom::last_agent;
    duration lasts = std::chrono::seconds{30};
};

/// The customer attribute that `prefer: owner` reads: an agent's login.
inline constexpr std::string_view owner_attribute = "owner";

/// One queue as queues.yaml states it.
struct queue_settings {
    std::string name;
    std::string calendar;  ///< empty: always open
    queue_order order = queue_order::aged;
    agent_choice choose = agent_choice::longest_idle;
    offer_settings offer;
    std::optional<agent_preference> prefer;
    std::map<channel_kind, duration> wrap_up;
    std::optional<std::int64_t> limit;  ///< waiting tickets; none: unbounded
    std::string overflow;               ///< queue for what exceeds the limit; empty: none
    when_closed_settings when_closed;
    std::optional<when_closed_settings> when_holiday;  ///< none: as `when_closed`
    borrow_settings borrow;

    duration wrap_up_of(channel_kind kind) const {
        const auto found = wrap_up.find(kind);
        return found == wrap_up.end() ? duration{0} : found->second;
    }
};

}  // namespace kindred::rules
