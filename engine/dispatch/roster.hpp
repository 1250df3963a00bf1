#pragma once
#include "engine/dispatch/core.hpp"

/// Agents: in which queues, with what, how much of them is used, and which groups they may serve.
namespace kindred::dispatch {

const membership* membership_in(const agent_record& agent, queue_no queue);
/// Whether tickets of this queue, lent to that one (none: to none), are this agent's business: its own queue's, lent to
/// one of its queues, or of a queue that uses one of its queues' agents.
bool is_reached(const core& site, const agent_record& agent, queue_no queue, queue_no lent_to);
bool works_on(const agent_record& agent, channel_kind kind);
/// Whether a ticket of this kind and cost fits beside what the agent has, apart from what the kind interrupts.
bool has_room(const core& site, const agent_record& agent, channel_kind kind, std::uint32_t cost);
/// The kind of a held ticket that pauses this kind for the agent; nothing: none does.
std::optional<channel_kind> paused_by(const core& site, const agent_record& agent, channel_kind kind);
/// Units free for each kind, by kind_index(); 0 where the kind is paused.
std::array<std::uint32_t, channel_kinds> room_of(const core& site, const agent_record& agent);
/// Whether any kind has room.
bool has_any_room(const core& site, const agent_record& agent);
/// Whether the agent has every ability at its level.
bool meets(const core& site, const agent_record& agent, signature_no demands);
/// Sum of the agent's levels in what is demanded.
std::uint32_t skill_for(const core& site, const agent_record& agent, signature_no demands);

void use_units(core& site, slot_no agent, channel_kind kind, std::uint32_t cost);
/// An available agent that gets room could perhaps take something: it is marked. Its zone is left to settle(), because
/// what comes free is as a rule used again in the same moment.
void free_units(core& site, slot_no agent, channel_kind kind, std::uint32_t cost);
/// Puts the agent where it belongs in the lists of its queues: after a change of presence, capacity or use.
void refresh_zone(core& site, slot_no agent);

void join_queues(core& site, slot_no agent, const std::vector<agent_queue>& queues);
void leave_queues(core& site, slot_no agent);
/// Looks again at which groups the agent may serve: after a change of queues, kinds or abilities.
void rebuild_served(core& site, slot_no agent);
/// From now on, or no longer, the borrower's tickets may be offered to the lender's agents.
void lend_agents(core& site, queue_no borrower, queue_no lender);
void take_agents_back(core& site, queue_no borrower, queue_no lender);
/// A group came into being: tells the agents that may serve it.
void announce_group(core& site, group_no group);
/// A claimed group goes away: tells its agent.
void withdraw_claim(core& site, group_no group);

}  // namespace kindred::dispatch
