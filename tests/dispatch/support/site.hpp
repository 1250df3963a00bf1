#pragma once
#include "engine/dispatch/dispatcher.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace kindred::dispatch::testing {

inline requirement skill(std::string name, int level) {
    return {ability_kind::skill, std::move(name), static_cast<std::uint8_t>(level)};
}
inline requirement language(std::string name, int level = 1) {
    return {ability_kind::language, std::move(name), static_cast<std::uint8_t>(level)};
}
inline queue_settings queue_named(std::string name) {
    queue_settings queue;
    queue.name = std::move(name);
    return queue;
}
inline ticket_plan plan_for(std::string queue, std::vector<step> steps = {}) {
    ticket_plan plan;
    plan.queue = std::move(queue);
    plan.steps = std::move(steps);
    return plan;
}

/// A dispatcher with a clock to turn, told things in few words.
class small_site {
public:
    dispatcher core;
    time_point now = from_millis(1'700'000'000'000);
    std::vector<event> happened;  ///< of the last command

    result<void> tell(const command& told) {
        happened.clear();
        return core.apply(told, now, happened);
    }
    /// Tells, and fails the test when refused.
    void must(const command& told) {
        const auto done = tell(told);
        ASSERT_TRUE(done) << name_of(told) << ": " << done.error().message;
    }
    /// Lets time pass, firing what is due on the way at its own time.
    void pass(duration span) {
        const time_point end = now + span;
        std::vector<event> all;
        for (auto due = core.next_due(); due && *due <= end; due = core.next_due()) {
            now = std::max(now, *due);
            must(tick{});
            all.insert(all.end(), happened.begin(), happened.end());
        }
        now = end;
        happened = std::move(all);
    }
    void add_agent(std::uint64_t id, std::vector<std::string> queues, std::vector<requirement> abilities = {},
                   std::uint32_t capacity = 10) {
        upsert_agent told{agent_id{id}, {}, std::move(abilities), {}, capacity};
        for (std::string& each : queues) told.queues.push_back({std::move(each), 0});
        must(told);
        must(set_presence{agent_id{id}, presence::available, {}});
    }
    void add_ticket(std::uint64_t id, ticket_plan plan, std::uint32_t cost = 1,
                    channel_kind kind = channel_kind::chat) {
        must(enqueue{ticket_id{id}, kind, cost, std::move(plan), {}, {}});
    }
    /// Whom the ticket is on offer to, rising.
    std::vector<std::uint64_t> offered_to(std::uint64_t ticket) const {
        std::vector<std::uint64_t> agents;
        const auto view = core.ticket(ticket_id{ticket}, now);
        if (view) {
            for (const offer_view& each : view->offers) agents.push_back(each.agent.value);
        }
        std::sort(agents.begin(), agents.end());
        return agents;
    }
    offer_id offer_of(std::uint64_t ticket, std::uint64_t agent) const {
        for (const offer_view& each : core.offers_of(agent_id{agent})) {
            if (each.ticket == ticket_id{ticket}) return each.offer;
        }
        return {};
    }
    void accept_by(std::uint64_t ticket, std::uint64_t agent) {
        must(accept{offer_of(ticket, agent), agent_id{agent}});
    }
    void decline_by(std::uint64_t ticket, std::uint64_t agent) {
        must(decline{offer_of(ticket, agent), agent_id{agent}});
    }
    ticket_state state_of(std::uint64_t ticket) const { return core.ticket(ticket_id{ticket}, now)->state; }

    template <class Event>
    std::vector<Event> said() const {
        std::vector<Event> all;
        for (const event& each : happened) {
            if (const auto* found = std::get_if<Event>(&each)) all.push_back(*found);
        }
        return all;
    }
};

}  // namespace kindred::dispatch::testing
