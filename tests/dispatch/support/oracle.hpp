#pragma once
#include "engine/dispatch/dispatcher.hpp"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// A second opinion on what must hold, from commands and events alone, by looking at every pair of ticket and agent.
namespace kindred::dispatch::testing {

class oracle {
public:
    /// Follows a command that was carried out and what was said about it.
    void observe(const command& told, time_point now, const std::vector<event>& happened);

    /// Everything that is wrong with the dispatcher now; empty: nothing.
    std::string breaches(const dispatcher& site) const;
    /// Offers of the last command that passed over somebody who should have gone first; empty: none.
    std::string unfair_offers() const;

private:
    struct ticket {
        ticket_state state = ticket_state::waiting;
        std::string queue;
        channel_kind kind = channel_kind::api;
        std::uint32_t cost = 1;
        std::vector<step> steps;
        std::size_t at_step = 0;
        time_point enqueued_at;
        duration head_start{0};
        agent_id holder;
        agent_id last_holder;
        agent_id claimed_for;
        agent_id consulted;
        std::string lent_to;
        bool direct = false;
        bool ended = false;
        std::map<offer_id, agent_id> offers;
        std::map<agent_id, time_point> declines;
    };
    struct agent {
        upsert_agent told;
        presence state = presence::offline;
    };

    void note(const command& told, time_point now);
    void note_event(const event& happened, const command& told);
    void note_queued(const ticket_queued& queued, const command& told);
    void open(ticket_id id, channel_kind kind, std::uint32_t cost, const ticket_plan& plan, time_point now);
    std::uint32_t used(agent_id id) const;
    /// What an agent holds, is asked about or has on offer.
    struct load {
        std::uint32_t used = 0;                  ///< costs of all of it
        std::array<std::uint32_t, 7> by_kind{};  ///< likewise, by channel_kind
        std::array<std::uint32_t, 7> held{};     ///< tickets in talk, by channel_kind
    };
    /// Of each agent by number, added up anew after every event.
    const std::vector<load>& sums() const;
    /// Units that a ticket of this kind must find free: all that is used, less what the kind interrupts.
    std::uint32_t used_beside(agent_id id, channel_kind kind) const;
    bool is_paused(agent_id id, channel_kind kind) const;
    bool is_reached(const agent& who, const ticket& waiting) const;
    /// Whether the agent could be offered the ticket if it had `extra` more room.
    bool could_be_offered(const ticket& waiting, agent_id id, std::uint32_t extra) const;
    bool has_abilities(const agent& who, const ticket& waiting) const;
    void note_who_waits_for_nothing(ticket_id id, const ticket& each, std::string& wrong) const;
    bool is_open(const std::string& queue) const { return !closed_.contains(queue); }
    std::uint32_t offers_wanted(const ticket& waiting) const;

    std::map<std::string, queue_settings> queues_;
    std::set<std::string> closed_;
    std::map<std::string, std::set<std::string>> lenders_;  ///< by borrowing queue
    std::vector<kind_rule> pauses_;
    std::vector<kind_rule> interrupts_;
    std::map<agent_id, agent> agents_;
    std::map<ticket_id, ticket> tickets_;
    mutable std::vector<load> sums_;  ///< by agent; empty: not added up yet
    std::set<ticket_id> touched_;     ///< by the last command
    mutable std::uint64_t looks_ = 0;
    std::vector<offer_made> made_;  ///< by the last command
    std::string illegal_;           ///< offers that should not have been made
    bool last_was_tick_ = false;
    time_point now_;
};

}  // namespace kindred::dispatch::testing
