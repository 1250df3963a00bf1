#pragma once
#include "engine/insight/findings.hpp"
#include "engine/insight/placements.hpp"
#include "engine/insight/split_tree.hpp"
#include "engine/insight/ticket_story.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <map>
#include <string>
#include <vector>

/// Are the groups real? Customers by the segments that their tickets were decided by, against what their tickets were
/// like. A customer counts once, with the mean of its tickets: those of one person are not independent of each other.
namespace kindred::insight {

struct segment_size {
    std::string dimension;
    std::string segment;
    std::int64_t customers = 0;
};

struct segment_report {
    std::int64_t customers = 0;
    std::int64_t tickets = 0;  ///< that somebody worked on and resolved, which is when a ticket counts
    std::vector<segment_size> sizes;
    std::vector<group_comparison> comparisons;
    std::vector<finding> findings;
};

std::string to_json(const segment_report& made);
std::string to_text(const segment_report& made);

/// Collects from histories: the lines of each ticket in their order, whatever lies between.
class segment_study {
public:
    /// Which lines it wants, of which ones the JSON, and which ones with their ticket's channel and customer.
    static std::vector<std::string> kinds();
    static std::vector<std::string> kinds_with_json();
    static std::vector<std::string> kinds_with_ticket();

    void take(const history_line& line);
    /// A customer's satisfaction as it is on record: counts for those who answered no survey in these lines, which
    /// come first.
    void note_satisfaction(customer_id whose, double satisfaction);

    segment_report finish(const comparison_policy& policy) const;

    /// What proposed groups can be told apart by: "handling_s", "satisfaction", ...
    std::vector<std::string> outcomes() const;
    /// One outcome of those customers who have it, as a column of means.
    struct outcome_table {
        std::vector<customer_id> whose;
        outcome_columns columns;
    };
    outcome_table outcome(std::string_view name) const;

private:
    friend class segment_comparison;

    static constexpr std::size_t numbers = 6;  ///< of outcomes that are numbers
    struct open_ticket {
        customer_id whose;
        time_point waiting_since;
        time_point held_since;
        duration waited{0};
        duration held{0};
        std::uint32_t placement = 0;
        std::uint32_t intent = 0;
        std::uint32_t channel = 0;
        std::uint32_t contacts = 0;
        bool waiting = false;
        bool holding = false;
        bool worked_on = false;  ///< somebody held it, and it was not merged into another

        void let_go(time_point at) {
            if (holding) held += at - held_since;
            holding = false;
        }
    };
    /// There may be millions of them.
    struct served_customer {
        customer_id who;
        std::array<double, numbers> sums{};
        std::array<std::uint32_t, numbers> counts{};
        std::uint32_t placement = 0;

        void add(std::size_t outcome, double value) {
            sums.at(outcome) += value;
            ++counts.at(outcome);
        }
        double mean(std::size_t outcome) const { return sums.at(outcome) / static_cast<double>(counts.at(outcome)); }
    };
    /// That a customer wrote through a channel, about something, or prefers it: once more.
    struct mark {
        std::uint32_t customer = 0;  ///< its place in customers_
        std::uint32_t name = 0;
    };

    void note_contact(open_ticket& about, const history_line& line);
    void close(const open_ticket& done);
    void note_answers(customer_id whose, std::string_view json);

    placement_table placements_;
    name_table names_;  ///< of channels, intents, questions and choices
    boost::unordered_flat_map<std::uint64_t, open_ticket> open_;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> place_of_;  ///< in customers_, by customer
    std::vector<served_customer> customers_;
    std::vector<mark> channels_;
    std::vector<mark> intents_;
    std::map<std::uint32_t, std::vector<mark>> preferences_;  ///< by question
    std::int64_t tickets_ = 0;
};

}  // namespace kindred::insight
