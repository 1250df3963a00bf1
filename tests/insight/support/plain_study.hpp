#pragma once
#include "engine/insight/segment_study.hpp"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kindred::insight {

/// The study of segments in the plainest way: every decision is parsed, names are texts, everything is counted anew for
/// each comparison. What segment_study says has to be the same, to the last digit.
class plain_study {
public:
    void take(const history_line& line);
    void note_satisfaction(customer_id whose, double satisfaction);
    segment_report finish(const comparison_policy& policy) const;

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
