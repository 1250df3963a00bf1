#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/channel_kind.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What rules tell dispatch about queues and plans, as plain values. Names, never numbers: these structs are
/// journalled and must mean the same to another process.
namespace kindred::dispatch {

/// Which waiting ticket of a queue goes first. Ties: the lower ticket number.
enum class serving_order : std::uint8_t {
    aged = 1,  ///< smallest enqueued_at - head start
    strict,    ///< larger head start first whatever the wait, then the longer wait
    deadline,  ///< nearest unmet target first; tickets without one after those, by `aged`
};

/// Which of several eligible agents is offered a ticket. Ties: longest idle, then the lower agent number.
enum class agent_choice : std::uint8_t { longest_idle = 1, least_loaded, round_robin, best_skilled };

/// What a closed queue does with a ticket that is sent to it.
enum class closed_handling : std::uint8_t {
    hold = 1,
    overflow,  ///< to `closed_overflow`, or `overflow` where that is empty
    refuse,
    call_back,  ///< hold; a phone call waits as a callback
};

/// For whom a ticket is held back at first.
enum class preference : std::uint8_t { nobody = 1, last_agent, owner };

struct offer_policy {
    std::uint32_t to = 1;  ///< how many agents are offered one ticket at once, 1 to 50
    duration expires{20'000};
    duration after_decline{60'000};  ///< how long a ticket is not offered again to who declined it

    bool operator==(const offer_policy&) const = default;
};

/// When a queue may use the agents of others. The wait is the estimate for a ticket that came now and had only the
/// queue's own agents.
struct borrowing {
    std::vector<std::string> from;  ///< lenders, each by itself; empty: never
    duration above{180'000};        ///< begins at this wait, from lenders with an agent ready and nobody waiting
    duration below{60'000};         ///< ends at this wait, or when a lender's own estimate exceeds it; under `above`

    bool operator==(const borrowing&) const = default;
};

struct queue_settings {
    std::string name;
    serving_order order = serving_order::aged;
    agent_choice choose = agent_choice::longest_idle;
    offer_policy offer;
    preference prefer = preference::nobody;
    duration prefer_for{30'000};
    std::vector<std::pair<channel_kind, duration>> wrap_up;  ///< kinds not named have none
    std::uint32_t limit = 0;                                 ///< waiting tickets; 0: none
    std::string overflow;                                    ///< a queue, or empty
    closed_handling when_closed = closed_handling::hold;
    std::string closed_overflow = {};                  ///< where a closed queue's tickets go; empty: `overflow`
    std::optional<closed_handling> when_holiday = {};  ///< none: as `when_closed`
    std::string holiday_overflow = {};                 ///< empty: as when closed
    borrowing borrow = {};

    bool operator==(const queue_settings&) const = default;
};

/// What work of one kind does to work of others while an agent has it.
struct kind_rule {
    channel_kind kind = channel_kind::phone;
    std::vector<channel_kind> others;

    bool operator==(const kind_rule&) const = default;
};

enum class ability_kind : std::uint8_t { skill = 1, language };

/// A skill or language at a least level, 1 to 10. A language code is folded by the caller ("es").
struct requirement {
    ability_kind kind = ability_kind::skill;
    std::string name;
    std::uint8_t level = 1;

    bool operator==(const requirement&) const = default;
};

/// A requirement on agents that holds for a while, then gives way to the next.
struct step {
    std::vector<requirement> require;  ///< all of them; empty: anyone in the queue
    std::optional<duration> lasts;     ///< none: until somebody takes it. The last step never ends, whatever it says
    bool skip_if_nobody = false;  ///< passed over at once when no available agent of the queue, busy or not, has it

    bool operator==(const step&) const = default;
};

/// What a route decided about a ticket. The targets run from now on, on the queue's clock: while it is open.
struct ticket_plan {
    std::string queue;
    duration head_start{0};
    std::vector<step> steps;  ///< none: one empty step
    std::optional<duration> first_response;
    std::optional<duration> next_response;
    std::optional<duration> resolution;

    bool operator==(const ticket_plan&) const = default;
};

}  // namespace kindred::dispatch
