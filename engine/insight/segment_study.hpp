#pragma once
#include "engine/insight/findings.hpp"
#include "engine/insight/split_tree.hpp"
#include "engine/insight/ticket_story.hpp"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
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
    /// Which lines it wants; of those that have_json() also the JSON, and with `contact`, `outbound` and
    /// `survey_answer` the customer.
    static std::vector<std::string> kinds();
    static std::vector<std::string> kinds_with_json();

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
    static constexpr std::size_t numbers = 6;  ///< of outcomes that are numbers
    struct open_ticket {
        customer_id whose;
        std::map<std::string, std::string> segments;  ///< by dimension
        std::string intent;
        std::optional<time_point> waiting_since;
        std::optional<time_point> held_since;
        duration waited{0};
        duration held{0};
        double contacts = 0;
        bool worked_on = false;  ///< somebody held it, and it was not merged into another
    };
    struct average {
        double sum = 0;
        double count = 0;
        void add(double value) {
            sum += value;
            ++count;
        }
    };
    struct served_customer {
        std::map<std::string, std::string> segments;
        std::array<average, numbers> outcomes;
        std::map<std::string, std::int64_t> channels;
        std::map<std::string, std::int64_t> intents;
        std::map<std::string, std::map<std::string, std::int64_t>> preferences;  ///< by question
    };
    using category_counts = std::map<std::string, std::int64_t>;

    void decide(open_ticket& about, std::string_view json);
    void close(ticket_id id, const std::string& channel, const open_ticket& done);
    std::vector<std::string> dimensions() const;
    group_comparison numbers_by(const std::string& dimension, std::size_t outcome,
                                const comparison_policy& policy) const;
    /// `counts_of`: of one customer; null where there are none.
    group_comparison categories_by(const std::string& dimension, std::string_view outcome,
                                   const std::function<const category_counts*(const served_customer&)>& counts_of,
                                   const comparison_policy& policy) const;
    std::vector<std::string> preference_questions() const;
    void note_answers(customer_id whose, std::string_view json);
    std::vector<inner_comparison> by_channel_inside(const std::string& dimension,
                                                    const comparison_policy& policy) const;

    std::unordered_map<ticket_id, open_ticket> open_;
    std::unordered_map<ticket_id, std::string> channels_;
    std::map<customer_id, served_customer> customers_;
    std::int64_t tickets_ = 0;
};

}  // namespace kindred::insight
