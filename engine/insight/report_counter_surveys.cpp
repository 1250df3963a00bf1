#include "engine/base/json.hpp"
#include "engine/insight/report_counter.hpp"

/// What the report of satisfaction counts.
namespace kindred::insight {
namespace {

enum satisfaction_column : std::uint8_t {
    asked,
    surveys_answered,
    csat_answers,
    satisfied,
    nps_answers,
    promoters,
    detractors,
    ces_answers,
    csat_sum,  // of these two no column has the figure itself
    ces_sum
};

}  // namespace

void report_counter::count_survey(const ticket_story& of, const history_line& line, line_kind kind) {
    const auto parsed = json::document::parse(line.json);
    if (!parsed) return;
    const figured where{line.at, group_of(of)};
    if (kind == line_kind::survey) {
        if ((*parsed)["asked"].boolean().value_or(false)) count(where, satisfaction_column::asked);
        return;
    }
    if ((*parsed)["first"].boolean().value_or(false)) count(where, surveys_answered);
    (*parsed)["answers"].for_each([&](json::value each) {
        if (const auto value = each["value"].integer()) count_answer(where, each["kind"].text(), *value);
    });
}

void report_counter::count_answer(const figured& where, std::string_view kind, std::int64_t value) {
    if (kind == "csat") {
        count(where, csat_answers);
        count(where, csat_sum, value);
        if (value >= 4) count(where, satisfied);
    }
    if (kind == "nps") {
        count(where, nps_answers);
        if (value >= 9) count(where, promoters);
        if (value <= 6) count(where, detractors);
    }
    if (kind == "ces") {
        count(where, ces_answers);
        count(where, ces_sum, value);
    }
}

void report_counter::keep_for_a_while(ticket_id over) {
    over_lately_.push_back(over);
    if (over_lately_.size() <= remembers_) return;
    const auto oldest = stories_.find(over_lately_.front().value);
    if (oldest != stories_.end() && oldest->second.over) stories_.erase(oldest);
    over_lately_.pop_front();
}

void report_counter::add_satisfaction(const cell& of, std::vector<std::optional<double>>& values) {
    const auto& counts = of.counts;
    values.push_back(ratio(counts[satisfied], counts[csat_answers]));
    values.push_back(ratio(counts[csat_sum], counts[csat_answers]));
    values.push_back(ratio(100 * (counts[promoters] - counts[detractors]), counts[nps_answers]));
    values.push_back(ratio(counts[ces_sum], counts[ces_answers]));
}

}  // namespace kindred::insight
