#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/simulation/arrivals.hpp"
#include "engine/simulation/traffic.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace kindred::simulation {

/// Where the contacts of one sort belong: under which queue, segments and stage they are counted.
struct sort_of_contact {
    std::string queue;
    std::vector<rules::chosen_segment> segments;
    std::string stage;  ///< empty: the rules have none

    bool operator==(const sort_of_contact&) const = default;
};

/// The contacts of a traffic file, decided by the real rules as they come. Rules and traffic must outlive it.
class traffic_source final : public arrival_source {
public:
    traffic_source(const rules::ruleset& rules, const traffic& of);

    std::optional<time_point> next() const override;
    arrival take(const rules::queue_board& board) override;

    /// What `arrival::what` stands for; grows while contacts come.
    const std::vector<sort_of_contact>& sorts() const { return sorts_; }

private:
    /// What the rules said, ready to be told.
    struct decided {
        dispatch::command told;
        std::uint32_t sort = 0;
        const distribution* handling = nullptr;
        const distribution* patience = nullptr;
        time_point holds_until;  ///< a decision after that may be another one
        std::shared_ptr<const escalation_facts> about;
    };
    struct stream {
        const arrival_row* row;
        customer who;
        double highest = 0;  ///< contacts an hour
        random_stream coming;
        random_stream talking;
        random_stream bearing;
        random_stream customers;
        double exact = 0;  ///< milliseconds from the start, fraction included
        time_point next;
        std::map<std::vector<bool>, decided> decisions;  ///< by the sides of shared routes
    };

    void draw_next(stream& of);
    bool is_thinned_out(stream& of) const;
    std::vector<bool> sides_of(customer_id who) const;
    decided decide(const stream& of, const std::vector<bool>& sides, time_point now, const rules::queue_board& board);
    std::uint32_t sort_number(sort_of_contact sort);

    const rules::ruleset& rules_;
    const traffic& traffic_;
    std::vector<std::pair<std::string, double>> shared_;  ///< routes with a share, percent
    std::deque<stream> streams_;
    std::vector<sort_of_contact> sorts_;
    std::size_t soonest_ = 0;
};

}  // namespace kindred::simulation
