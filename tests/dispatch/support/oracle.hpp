#pragma once
#include "engine/dispatch/dispatcher.hpp"

#include <array>
#include <bitset>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
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
    /// Names as numbers, because every pair of ticket and agent is looked at after every command.
    class numbers {
    public:
        std::size_t of(const std::string& name);
        const std::string& name(std::size_t number) const { return names_[number]; }
        std::size_t size() const { return names_.size(); }

    private:
        std::vector<std::string> names_;
    };
    static constexpr std::size_t most_names = 64;
    using names = std::bitset<most_names>;
    using levels = std::array<std::uint8_t, most_names>;  ///< by ability; 0: not at all
    using kinds = std::bitset<8>;                         ///< by channel_kind

    struct ticket {
        ticket_state state = ticket_state::waiting;
        std::size_t queue = 0;
        channel_kind kind = channel_kind::api;
        std::uint32_t cost = 1;
        std::vector<std::vector<std::pair<std::size_t, std::uint8_t>>> steps;  ///< abilities and levels demanded
        std::size_t at_step = 0;
        time_point enqueued_at;
        duration head_start{0};
        agent_id holder;
        agent_id last_holder;
        agent_id claimed_for;
        agent_id consulted;
        std::optional<std::size_t> lent_to;
        bool direct = false;
        bool ended = false;
        std::map<offer_id, agent_id> offers;
        std::map<agent_id, time_point> declines;
    };
    struct agent {
        names queues;
        levels abilities{};
        kinds works_on;
        std::uint32_t capacity = 0;
        presence state = presence::offline;
    };
    struct queue {
        queue_settings settings;
        bool closed = false;
        names lenders;
    };

    void note(const command& told, time_point now);
    void note_agent(const upsert_agent& told);
    void note_event(const event& happened, const command& told);
    void note_queued(const ticket_queued& queued, const command& told);
    void open(ticket_id id, channel_kind kind, std::uint32_t cost, const ticket_plan& plan, time_point now);
    queue& queue_named(const std::string& name);
    std::size_t ability(const requirement& named) {
        return abilities_.of((named.kind == ability_kind::skill ? '+' : '-') + named.name);
    }
    void set_steps(ticket& of, const std::vector<step>& steps);
    std::uint32_t used(agent_id id) const;
    /// What an agent holds, is asked about or has on offer.
    struct load {
        std::uint32_t used = 0;                  ///< costs of all of it
        std::array<std::uint32_t, 8> by_kind{};  ///< likewise, by channel_kind
        kinds held;                              ///< of which it is in talk
    };
    /// Of each agent by number, added up anew after every event.
    const std::vector<load>& sums() const;
    /// Units that a ticket of this kind must find free: all that is used, less what the kind interrupts.
    std::uint32_t used_beside(agent_id id, channel_kind kind) const;
    bool is_paused(agent_id id, channel_kind kind) const;
    bool is_reached(const agent& who, const ticket& waiting) const;
    /// Whether the agent could be offered the ticket if it had `extra` more room.
    bool could_be_offered(const ticket& waiting, agent_id id, const agent& who, std::uint32_t extra) const;
    bool has_abilities(const agent& who, const ticket& waiting) const;
    void note_who_waits_for_nothing(ticket_id id, const ticket& each, std::string& wrong) const;
    std::uint32_t offers_wanted(const ticket& waiting) const;

    numbers queue_names_;
    numbers abilities_;
    std::vector<queue> queues_;          ///< by the numbers of their names
    std::array<kinds, 8> paused_by_{};   ///< by channel_kind: which of those that are held pause it
    std::array<kinds, 8> interrupts_{};  ///< by channel_kind: whose units it does not count
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
