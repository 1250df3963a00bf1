#pragma once
#include "engine/api/call.hpp"
#include "engine/customers/moment.hpp"
#include "engine/runtime/site.hpp"
#include "engine/store/store.hpp"

#include <string>
#include <vector>

/// The journey of a customer: what happened with them, and what moved them between segments and stages.
namespace kindred::api {

/// What a journey is made of.
struct journey_sources {
    std::vector<store::ticket_row> tickets;
    std::vector<store::entry_row> entries;  ///< of these tickets
    std::vector<customers::moment> moments;
};

/// Why somebody is in other groups.
enum class move_cause {
    none = 1,  ///< nobody moved
    itself,    ///< the step is the cause
    facts,     ///< those that `changed` names, while a ticket waited
    rules,     ///< other ones are in force than at the decision before
    contact    ///< what it said, or what time has changed since the decision before
};

struct journey_step {
    time_point at;
    std::string what;  ///< "contact", "decision", "resolved", "reopened", or as customers::moment has it
    std::string ticket;
    std::uint32_t entry = 0;
    std::string channel;
    std::string subject;  ///< of the contact that opened a ticket
    std::string by;
    std::string name;
    std::string value;
    std::string reason;
    std::vector<std::string> changed;
    std::vector<customers::group_move> moves;
    move_cause cause = move_cause::none;
};

/// The steps, oldest first. Decisions are steps only where they say that somebody moved; a contact has what its
/// decision says. Pure.
std::vector<journey_step> journey_of(journey_sources from);

/// Answers GET /api/v1/customers/{id}/journey. On a blocking thread.
void show_journey(runtime::site& site, const call& asked);

}  // namespace kindred::api
