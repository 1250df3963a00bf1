#pragma once
#include "engine/simulation/centre.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Estimated waits beside simulated ones.
namespace kindred::simulation::testing_support {

/// Customers who are alike: a Poisson process, exponential handling and patience.
struct caller_group {
    std::string name;
    double rate = 0;        ///< a second
    double handling = 240;  ///< seconds
    std::optional<double> patience;
    channel_kind kind = channel_kind::phone;
    std::uint32_t cost = 1;
    dispatch::ticket_plan plan;
};

struct scene {
    std::string queues;  ///< queues.yaml
    std::deque<caller_group> calls;
    std::vector<staff> agents;
    double contacts = 40'000;  ///< that come, about
    std::uint64_t seed = 1;

    caller_group& add_calls(const std::string& name, double rate, const std::string& queue);
    void add_agents(int count, const std::vector<std::string>& in_queues, std::uint32_t capacity = 1);
};

/// Of those who were told of a wait and stayed until it was over. Where customers lose patience those are one in twenty
/// who have all the patience there is, since who leaves never learns how long the wait would have been.
struct told_and_waited {
    std::size_t count = 0;
    double mean_told = 0;        ///< seconds
    double mean_waited = 0;      ///< seconds
    std::vector<double> ratios;  ///< waited / told, rising

    double ratio() const { return mean_waited / mean_told; }
    double quantile(double share) const;
};

/// By the name of the group.
std::map<std::string, told_and_waited> compare_told(const scene& of);

}  // namespace kindred::simulation::testing_support
