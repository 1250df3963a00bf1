#include "engine/insight/report_question.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace kindred::insight {
namespace {

using std::chrono::days;

constexpr std::array volume_columns{report_column{"contacts"}, report_column{"opened"}, report_column{"reopened"},
                                    report_column{"resolved"}, report_column{"closed"}, report_column{"abandoned"}};
constexpr std::array span_columns{report_column{"count"},
                                  report_column{"mean_s", unit::seconds},
                                  report_column{"p50_s", unit::seconds},
                                  report_column{"p90_s", unit::seconds},
                                  report_column{"p95_s", unit::seconds},
                                  report_column{"longest_s", unit::seconds}};
constexpr std::array level_columns{report_column{"answered"}, report_column{"answered_within"},
                                   report_column{"abandoned"}, report_column{"abandoned_within"},
                                   report_column{"share", unit::ratio}};
constexpr std::array again_columns{report_column{"resolved"}, report_column{"contacted_again"},
                                   report_column{"too_recent"}, report_column{"share", unit::ratio}};
constexpr std::array hand_off_columns{report_column{"tickets"},
                                      report_column{"handed_over"},
                                      report_column{"transfers"},
                                      report_column{"consults"},
                                      report_column{"requeues"},
                                      report_column{"transfers_per_ticket", unit::ratio},
                                      report_column{"consults_per_ticket", unit::ratio},
                                      report_column{"requeues_per_ticket", unit::ratio}};

constexpr std::array satisfaction_columns{report_column{"asked"},
                                          report_column{"answered"},
                                          report_column{"csat_answers"},
                                          report_column{"satisfied"},
                                          report_column{"nps_answers"},
                                          report_column{"promoters"},
                                          report_column{"detractors"},
                                          report_column{"ces_answers"},
                                          report_column{"csat", unit::ratio},
                                          report_column{"csat_mean", unit::ratio},
                                          report_column{"nps", unit::ratio},
                                          report_column{"ces_mean", unit::ratio}};

constexpr std::array self_service_columns{report_column{"offered"},
                                          report_column{"helped"},
                                          report_column{"asked_for_person"},
                                          report_column{"wrote_on"},
                                          report_column{"said_nothing"},
                                          report_column{"came_back"},
                                          report_column{"too_recent"},
                                          report_column{"helped_share", unit::ratio},
                                          report_column{"came_back_share", unit::ratio}};

constexpr std::array descriptions{
    report_description{report::volume, "volume",
                       "Contacts that came, and tickets opened, reopened, resolved, closed without work and abandoned",
                       volume_columns},
    report_description{report::waits, "waits", "How long tickets waited until an agent held them", span_columns},
    report_description{report::service_level, "service-level",
                       "The share of tickets that an agent held within a time, of those held or abandoned",
                       level_columns, std::chrono::seconds{20}},
    report_description{report::first_response, "first-response",
                       "How long it took from a ticket's first contact to the first reply of a person", span_columns},
    report_description{report::resolution, "resolution",
                       "How long it took from a ticket's opening, or opening again, until it was resolved",
                       span_columns},
    report_description{report::re_contact, "re-contact",
                       "The share of resolved tickets whose customer wrote again within a time", again_columns,
                       days{7}},
    report_description{report::hand_offs, "hand-offs",
                       "Transfers, consultations and returns to a queue in the life of resolved tickets",
                       hand_off_columns},
    report_description{report::satisfaction, "satisfaction",
                       "Surveys that were sent and answered: the share of satisfied customers, the net promoter score, "
                       "and how easy it was",
                       satisfaction_columns},
    report_description{report::self_service, "self-service",
                       "Articles that answered customers before an agent did: whether they helped, and who wrote again "
                       "within a time all the same",
                       self_service_columns, days{1}}};

constexpr std::array<std::string_view, 8> groupings{"channel", "queue",  "agent",   "stage",
                                                    "route",   "script", "article", "segment."};
constexpr std::array grouping_of{grouping::channel, grouping::queue,  grouping::agent,   grouping::stage,
                                 grouping::route,   grouping::script, grouping::article, grouping::segment};
constexpr std::array<std::string_view, 4> steps{"hour", "day", "week", "month"};
constexpr std::array<std::string_view, 4> formats{"json", "csv", "ndjson", "table"};
const std::vector<std::string> known_fields{"from", "until", "by", "every", "zone", "within", "format"};
constexpr duration longest_within = days{366};

error wrong(std::string_view field, const std::string& what) {
    return fail(errc::invalid, std::string(field) + ": " + what);
}

std::optional<std::chrono::year_month_day> read_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    std::array<int, 3> parts{};
    std::size_t part = 0;
    for (const char each : text) {
        if (each == '-')
            ++part;
        else if (each < '0' || each > '9' || part > 2)
            return std::nullopt;
        else
            parts.at(part) = parts.at(part) * 10 + (each - '0');
    }
    const std::chrono::year_month_day date{std::chrono::year{parts[0]},
                                           std::chrono::month{static_cast<unsigned>(parts[1])},
                                           std::chrono::day{static_cast<unsigned>(parts[2])}};
    return date.ok() ? std::optional(date) : std::nullopt;
}

result<time_point> read_moment(std::string_view field, const std::string& text, const conditions::time_zone& zone) {
    if (const auto date = read_date(text)) return zone.instant_of(*date, 0);
    // A bare number would be seconds since 1970, which is hardly what a lone year means.
    const auto moment = text.find('-') == std::string::npos ? std::nullopt : parse_time(text);
    if (moment) return *moment;
    return wrong(field, "wants a date of the zone or a time: 2026-11-23 or 2026-11-23T10:00:00Z");
}

/// The first moment after `at` at which a new hour, day, week or month begins on the zone's clocks.
time_point next_border(time_point at, period_step every, const conditions::time_zone& zone) {
    if (every == period_step::hour) {
        const auto shown = at + zone.offset_at(at);
        return at + (std::chrono::floor<std::chrono::hours>(shown) + std::chrono::hours{1} - shown);
    }
    const auto local = zone.at(at);
    std::chrono::sys_days next{local.date};
    if (every == period_step::day) next += days{1};
    if (every == period_step::week) next += days{7 - local.weekday};
    if (every == period_step::month)
        next = std::chrono::sys_days{(local.date.year() / local.date.month() + std::chrono::months{1}) / 1};
    return zone.instant_of(std::chrono::year_month_day{next}, 0);
}

/// The fields as texts, each at most once and none that nobody knows.
class asked_fields {
public:
    static result<asked_fields> of(std::span<const form_field> given) {
        asked_fields made;
        for (const auto& each : given) {
            const auto known = std::find(known_fields.begin(), known_fields.end(), each.name);
            if (known == known_fields.end()) {
                const auto meant = nearest(each.name, known_fields);
                return wrong(each.name, "unknown field" + (meant ? ", did you mean \"" + *meant + "\"?" : ""));
            }
            auto& value = made.values_.at(static_cast<std::size_t>(known - known_fields.begin()));
            if (value) return wrong(each.name, "is given twice");
            value = each.value;
        }
        return made;
    }
    /// Empty is like left out.
    std::optional<std::string> operator[](std::string_view name) const {
        const auto known = std::find(known_fields.begin(), known_fields.end(), name);
        const auto& value = values_.at(static_cast<std::size_t>(known - known_fields.begin()));
        return value && !value->empty() ? value : std::nullopt;
    }

private:
    std::array<std::optional<std::string>, 7> values_;
};

result<void> read_grouping(report_question& into, const std::string& text) {
    for (std::size_t i = 0; i + 1 < groupings.size(); ++i)
        if (text == groupings.at(i)) into.by = grouping_of.at(i);
    if (text.starts_with(groupings.back()) && text.size() > groupings.back().size()) {
        into.by = grouping::segment;
        into.dimension = text.substr(groupings.back().size());
    }
    into.by_name = text;
    if (into.by == grouping::article && into.which != report::self_service)
        return wrong("by", "only the report self-service is by article");
    if (into.by != grouping::none) return {};
    return wrong("by", "wants channel, queue, agent, stage, route, script, article or segment.<dimension>");
}

template <std::size_t Count>
std::optional<std::size_t> index_in(const std::array<std::string_view, Count>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

result<void> read_within(report_question& into, const std::optional<std::string>& text) {
    into.within = describe(into.which).within;
    if (!text) return {};
    if (into.within == duration{0})
        return wrong("within", "the report " + std::string(describe(into.which).name) + " has no such limit");
    const auto span = parse_duration(*text);
    if (!span || *span <= duration{0} || *span > longest_within)
        return wrong("within", "wants a span above 0 and at most 366d, like 20s or 7d");
    into.within = *span;
    return {};
}

}  // namespace

std::span<const report_description> all_reports() { return descriptions; }

const report_description& describe(report which) { return descriptions.at(static_cast<std::size_t>(which) - 1); }

result<std::vector<time_point>> split_into_periods(time_point from, time_point until, period_step every,
                                                   const conditions::time_zone& zone) {
    std::vector<time_point> borders{from};
    while (every != period_step::whole) {
        const auto next = next_border(borders.back(), every, zone);
        if (next >= until || next <= borders.back()) break;
        borders.push_back(next);
        if (borders.size() > most_periods)
            return wrong("every", "makes more than " + std::to_string(most_periods) + " periods: ask for longer ones");
    }
    borders.push_back(until);
    return borders;
}

std::optional<report_format> report_format_named(std::string_view name) {
    const auto format = index_in(formats, name);
    if (!format) return std::nullopt;
    return static_cast<report_format>(*format + 1);
}

result<report_question> read_report_question(std::string_view name, std::span<const form_field> fields, time_point now,
                                             bool tables) {
    report_question made;
    made.now = now;
    const auto* const found =
        std::find_if(descriptions.begin(), descriptions.end(), [&](const auto& each) { return each.name == name; });
    if (found == descriptions.end()) {
        std::string names;
        for (const auto& each : descriptions) names += (names.empty() ? "" : ", ") + std::string(each.name);
        return fail(errc::not_found, "there is no report of this name; there are " + names);
    }
    made.which = found->which;
    const auto asked = asked_fields::of(fields);
    if (!asked) return asked.error();

    made.zone = (*asked)["zone"].value_or("UTC");
    const auto zone = conditions::time_zone::named(made.zone);
    if (!zone) return wrong("zone", "is no time zone of the tz database, like Europe/Madrid");
    time_point until = now;
    if (const auto text = (*asked)["until"]) {
        const auto read = read_moment("until", *text, *zone);
        if (!read) return read.error();
        until = *read;
    }
    time_point from = until - days{7};
    if (const auto text = (*asked)["from"]) {
        const auto read = read_moment("from", *text, *zone);
        if (!read) return read.error();
        from = *read;
    }
    if (until <= from) return wrong("until", "must come after from");
    if (const auto text = (*asked)["by"])
        if (auto read = read_grouping(made, *text); !read) return read.error();
    if (const auto text = (*asked)["every"]) {
        const auto step = index_in(steps, *text);
        if (!step) return wrong("every", "wants hour, day, week or month");
        made.every = static_cast<period_step>(*step + 2);
    }
    if (auto read = read_within(made, (*asked)["within"]); !read) return read.error();
    if (const auto text = (*asked)["format"]) {
        const auto format = report_format_named(*text);
        if (!format || (*text == "table" && !tables))
            return wrong("format", tables ? "wants table, json, csv or ndjson" : "wants json, csv or ndjson");
        made.format = *format;
    }
    auto borders = split_into_periods(from, until, made.every, *zone);
    if (!borders) return borders.error();
    made.borders = std::move(*borders);
    return made;
}

}  // namespace kindred::insight
