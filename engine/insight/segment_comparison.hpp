#pragma once
#include "engine/insight/segment_study.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kindred::insight {

/// Compares the customers of a study, dimension by dimension, on two threads. Everything that dimensions share is
/// worked out once: the order of customers by each outcome, and what each of them mostly does.
class segment_comparison {
public:
    /// The study and the policy must outlive it.
    segment_comparison(const segment_study& study, const comparison_policy& policy);

    segment_report make() const;

private:
    static constexpr std::uint32_t nobody = UINT32_MAX;
    static constexpr std::size_t numbers = segment_study::numbers;

    /// A dimension's segments by name, and in which of them each customer is.
    struct division {
        std::string dimension;
        std::vector<std::string> segments;
        std::vector<std::uint32_t> segment_of;  ///< by customer; nobody: in none
    };
    /// What customers mostly do, by name; 0 where there is nothing.
    using habits = std::vector<std::uint32_t>;

    std::vector<std::string> dimensions() const;
    division divide(const std::string& dimension) const;
    habits commonest(const std::vector<segment_study::mark>& marks) const;
    group_comparison numbers_by(const division& by, std::size_t outcome) const;
    group_comparison categories_by(const division& by, std::string_view outcome, const habits& mostly) const;
    std::vector<inner_comparison> by_channel_inside(const division& by) const;
    static std::vector<segment_size> sizes_of(const division& by);
    /// Everything that one dimension says.
    struct part {
        std::vector<segment_size> sizes;
        std::vector<group_comparison> comparisons;
        std::vector<inner_comparison> inner;
    };
    part compare(const std::string& dimension) const;
    void sort_outcomes();

    const segment_study& study_;
    const comparison_policy& policy_;
    std::vector<std::uint32_t> places_;                      ///< in the study, by customers' numbers
    std::array<std::vector<double>, numbers> means_;         ///< by customer; NaN: it has none
    std::array<std::vector<std::uint32_t>, numbers> order_;  ///< customers that have the outcome, the least first
    habits channels_;
    habits intents_;
    std::vector<std::pair<std::string, habits>> preferences_;  ///< by question
};

}  // namespace kindred::insight
