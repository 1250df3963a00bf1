#pragma once
#include "engine/insight/group_topics.hpp"
#include "engine/insight/report_question.hpp"
#include "engine/insight/segment_study.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::api {

/// What is asked of groups: how many customers are in each, who moved, and who will without doing anything.
struct group_question {
    bool stages = false;  ///< else segments
    time_point from;
    time_point until;
    std::string zone;
    duration ahead = std::chrono::days{7};  ///< "about to" is within this time
    insight::report_format format = insight::report_format::json;
};

/// The fields from, until, zone, format (as of other reports) and ahead.
result<group_question> read_group_question(bool stages, std::vector<form_field> fields, time_point now);

struct group_row {
    std::string dimension;
    std::string group;
    std::string to;  ///< empty: the row is about the group itself
    std::uint64_t size = 0;
    std::uint64_t moved = 0;
    std::optional<duration> median_stay;
    std::uint64_t about_to_change = 0;
    insight::group_topics::topics opened;  ///< of a group: tickets of the period
};
struct changing_customer {
    customer_id who;
    std::string dimension;
    std::string group;
    std::string to;
};
struct group_report {
    group_question asked;
    std::vector<group_row> rows;
    std::vector<changing_customer> about_to_change;  ///< the first of them
};

inline constexpr std::size_t most_changing_shown = 100;
inline constexpr std::size_t most_topics_shown = 50;

/// Walks over everybody by the rules in force, and over all decisions until the end of the period. `study`: is told of
/// the period by the same walks; may be null. Blocks, and works with a second thread meanwhile.
result<group_report> make_group_report(store::store& from, const rules::ruleset& rules, group_question asked,
                                       time_point now, insight::segment_study* study = nullptr);
std::string to_format(const group_report& made);

}  // namespace kindred::api
