#pragma once
#include "engine/channel/record.hpp"
#include "engine/dispatch/settings.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/sending/answer_way.hpp"
#include "engine/runtime/world.hpp"

#include <optional>
#include <string>

/// Which article a new contact is answered with before an agent is offered it.
namespace kindred::runtime {

struct article_choice {
    rules::text_body article;
    double confidence = 0;
    answer_way way = answer_way::link;  ///< how its customer says what came of it
    duration hold{};                    ///< how long the ticket is not offered
};

/// None: nobody is answered so here, other rules are in force than those under which articles were looked for, the
/// customer is left to people or must not be written to by a machine, or no article is sure enough. `context`: of the
/// reply that would be sent.
std::optional<article_choice> choose_article(const world& on, const channel_entry& via, const channel::record& happened,
                                             const rules::decision_input& input, const rules::decision& decided,
                                             const std::string& context);

/// The plan with a step before it that nobody can take, for as long as agents are not to be offered the ticket. As
/// every step it can be passed by hand.
dispatch::ticket_plan held_back(dispatch::ticket_plan plan, duration hold);

}  // namespace kindred::runtime
