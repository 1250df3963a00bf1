#pragma once
#include "engine/base/error.hpp"
#include "engine/base/text.hpp"
#include "engine/base/time.hpp"
#include "engine/conditions/time_zone.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What can be asked of the past. docs/reports.md says what each figure means.
namespace kindred::insight {

enum class report : std::uint8_t {
    volume = 1,
    waits,
    service_level,
    first_response,
    resolution,
    re_contact,
    hand_offs,
    satisfaction,
    self_service
};
enum class grouping : std::uint8_t { none = 1, channel, queue, agent, segment, stage, route, script, article };
enum class period_step : std::uint8_t { whole = 1, hour, day, week, month };
enum class report_format : std::uint8_t { json = 1, csv, ndjson, table };

enum class unit : std::uint8_t { count = 1, seconds, ratio };
struct report_column {
    std::string_view name;
    unit in = unit::count;
};

struct report_description {
    report which = report::volume;
    std::string_view name;  ///< as in paths and commands
    std::string_view means;
    std::span<const report_column> columns;
    duration within{0};  ///< what `within` is when it is left out; 0: the report has none
};
/// All there are, in the order of the enum.
std::span<const report_description> all_reports();
const report_description& describe(report which);

/// More periods than anybody reads are refused.
inline constexpr std::size_t most_periods = 2'000;

struct report_question {
    report which = report::volume;
    std::vector<time_point> borders;  ///< period n is from border n until before border n + 1
    grouping by = grouping::none;
    std::string dimension;  ///< of grouping::segment
    std::string by_name;    ///< as it was asked for; empty: no groups
    period_step every = period_step::whole;
    std::string zone;
    duration within{0};
    time_point now;
    report_format format = report_format::json;
};

/// "json", "csv", "ndjson", "table".
std::optional<report_format> report_format_named(std::string_view name);

/// The fields from, until, by, every, zone, within and format; each may be left out. errc::not_found for an unknown
/// report, errc::invalid naming the field for everything else. `tables`: the format table may be asked for.
result<report_question> read_report_question(std::string_view name, std::span<const form_field> fields, time_point now,
                                             bool tables = false);

/// The borders of periods from `from` until `until`: whole hours, days, weeks (from Monday) or months of the zone's
/// clocks, the first and the last cut off where the question begins and ends. errc::invalid for more than most_periods.
result<std::vector<time_point>> split_into_periods(time_point from, time_point until, period_step every,
                                                   const conditions::time_zone& zone);

}  // namespace kindred::insight
