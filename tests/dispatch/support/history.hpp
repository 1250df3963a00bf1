#pragma once
#include "engine/dispatch/dispatcher.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Random but plausible commands from one number, for histories that any seed reproduces.
namespace kindred::dispatch::testing {

/// A generator that gives the same on every platform: no standard distribution is used.
class dice {
public:
    explicit dice(std::uint64_t seed) : source_(seed) {}
    std::uint64_t below(std::uint64_t bound) { return source_() % bound; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    duration seconds(std::uint64_t most) { return duration{static_cast<std::int64_t>(below(most * 1'000))}; }

private:
    std::mt19937_64 source_;
};

/// Makes the next command by looking at the dispatcher's own answers, so that most of them make sense, and some do not.
class history {
public:
    explicit history(std::uint64_t seed) : dice_(seed) {}

    /// Queues, agents and their presence, to begin with.
    std::vector<command> opening();
    command next(const dispatcher& site);
    time_point now() const { return now_; }

private:
    configure random_configuration();
    upsert_agent random_agent(agent_id id);
    ticket_plan random_plan();
    std::vector<step> random_steps();
    std::string random_queue();
    agent_id random_agent_id();
    ticket_id random_ticket_id();
    channel_kind random_kind();
    command next_about_agents(const dispatcher& site);
    command next_about_offers(const dispatcher& site);
    command next_about_held(const dispatcher& site);
    command next_about_waiting();

    dice dice_;
    time_point now_ = from_millis(1'700'000'000'000);
    std::uint64_t last_ticket_ = 0;
    ticket_id snoozed_;  ///< the last one put aside
};

}  // namespace kindred::dispatch::testing
