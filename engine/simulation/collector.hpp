#pragma once
#include "engine/simulation/centre.hpp"
#include "engine/simulation/statistics.hpp"
#include "engine/simulation/traffic.hpp"
#include "engine/simulation/traffic_source.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace kindred::simulation {

/// What is known of the contacts of one queue, segment or stage.
struct figures {
    std::uint64_t arrived = 0;  ///< whose waiting is over, and at the end whoever still waits
    std::uint64_t refused = 0;  ///< turned away: the queue was full, or closed and takes nothing then
    std::uint64_t unserved = 0;
    std::uint64_t declined = 0;  ///< offers
    std::uint64_t missed = 0;    ///< offers that nobody answered
    estimate waited_share;
    estimate mean_wait;  ///< milliseconds, over all that arrived
    std::vector<std::pair<duration, estimate>> service_level;
    estimate abandoned_share;
    estimate occupancy;  ///< of a queue: of its agents. Else the part of all present time that went to these contacts
    double p50 = 0;      ///< milliseconds
    double p95 = 0;
    double p99 = 0;
    histogram waits;
};

struct hour_of_day {
    std::uint64_t arrived = 0;
    double wait_sum = 0;  ///< milliseconds
};

/// All figures of a run.
struct outcome {
    duration measured{0};
    std::map<std::string, figures> queues;
    std::map<std::string, std::map<std::string, figures>> segments;  ///< by dimension
    std::map<std::string, figures> stages;
    std::array<hour_of_day, 24> by_hour{};
    std::map<std::string, std::uint64_t> escalated;  ///< tickets, by escalation
    bool grows = false;                              ///< the line grew without end: more comes than the agents can do
};

/// Counts what happens in stretches of equal length, so that it can be said how sure a mean is. Left out is what came,
/// and what agents did, before `from`.
class collector final : public observer {
public:
    collector(const rules::ruleset& rules, const traffic& of, const traffic_source& source,
              const std::vector<std::size_t>& row_of_agent, time_point from, duration stretch);

    void stopped_waiting(std::uint32_t what, time_point came, duration waited, ending how) override;
    void worked_on(std::uint32_t what, time_point now, duration worked) override;
    void agent_busy(agent_id agent, time_point now, bool busy) override;
    void agent_present(agent_id agent, time_point now, bool present) override;
    void offer_not_taken(std::uint32_t what, time_point now, bool declined) override;
    void escalated(std::uint32_t what, time_point now, const std::string& escalation) override;

    /// What there is to say now; `still_waiting` counts with its waits so far. `grown`: how many contacts wait.
    outcome summary(const centre& of);

private:
    /// Columns of what is summed up for each group and stretch.
    enum column : std::size_t { arrived = 0, waited, abandoned, wait_sum, worked, first_level };

    /// One queue, segment or stage.
    struct group {
        std::vector<std::vector<double>> stretches;  ///< by stretch, then column
        histogram waits;
        std::uint64_t refused = 0;
        std::uint64_t unserved = 0;
        std::uint64_t declined = 0;
        std::uint64_t missed = 0;
    };
    /// Agents of one row: how long they were there and busy.
    struct crew {
        std::int64_t present = 0;
        std::int64_t busy = 0;
        time_point since;
        std::vector<std::array<double, 2>> stretches;  ///< busy, present milliseconds
    };
    struct agent_state {
        std::size_t row = 0;
        bool busy = false;
        bool present = false;
    };

    std::vector<double>& sums(group& of, time_point at);
    void count(group& into, time_point at, duration waited, ending how);
    std::size_t stretch_at(time_point at) const;
    void make_room(time_point at);
    void halve();
    void settle(crew& of, time_point now);
    const std::vector<std::size_t>& groups_of(std::uint32_t what);
    std::size_t group_number(std::string kind, std::string name);
    figures figures_of(const group& from, std::size_t whole) const;
    estimate occupancy_of_queue(const std::string& queue, std::size_t whole) const;

    const rules::ruleset& rules_;
    const traffic& traffic_;
    const traffic_source& source_;
    time_point from_;
    duration stretch_;
    std::vector<agent_state> agents_;
    std::vector<crew> crews_;
    std::vector<group> groups_;
    std::map<std::pair<std::string, std::string>, std::size_t> numbers_;  ///< kind ("queue", "stage", or "segment:" and
                                                                          ///< the dimension) and name
    std::vector<std::vector<std::size_t>> groups_of_sort_;
    std::array<hour_of_day, 24> by_hour_{};
    std::map<std::string, std::uint64_t> escalated_;
    std::int64_t hour_seen_ = -1;
    std::size_t hour_of_day_ = 0;
};

}  // namespace kindred::simulation
