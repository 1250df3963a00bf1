#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// What somebody does with a ticket. The answer is JSON for the API; errors say what to do. Nothing changes on errors.
result<std::string> act(step& in, const ticket_action& wanted);

/// What intake must look up for it before act() can work.
store::prefetch_query question_for(const ticket_action& wanted);

/// Accepts or declines. errc::conflict when the offer is gone or somebody was first, errc::forbidden when it is not
/// this agent's.
result<std::string> answer_offer(step& in, const offer_answer& given);

/// errc::conflict where the agent's role does not permit to work on tickets: then it stays offline.
result<std::string> change_presence(step& in, const presence_change& wanted);

/// The first desk opened: the lease ends. The last one closed: offers are freed `lease` from now.
void change_desk(step& in, const desk_change& wanted, duration lease);

/// Live figures and the live part of a ticket: what only the writer knows.
result<std::string> answer_board(step& in, const board_question& asked);

/// errc::invalid where the rules name dispositions and this is none of them.
result<void> check_disposition(const rules::ruleset& rules, const std::string& disposition);

/// Carries a supervisor's word about a queue out; the answer is the queue's figures.
result<std::string> order_queue(step& in, const queue_order& wanted);

/// The space of idempotency keys of one actor.
std::string idempotency_space(agent_id by);

}  // namespace kindred::runtime
