#include "engine/app/report_command.hpp"

#include "engine/api/report_source.hpp"
#include "engine/app/starting_rules.hpp"
#include "engine/app/store_copy.hpp"

#include <array>
#include <iostream>
#include <memory>
#include <optional>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, wrong_question = 2, cannot_run = 3 };

std::string names_of_reports() {
    std::string names;
    for (const auto& each : insight::all_reports()) names += (names.empty() ? "" : ", ") + std::string(each.name);
    return names;
}

std::optional<rules::ruleset> rules_in_force(store::store& of) {
    const auto kept = of.load(nullptr);
    return kept ? active_before(*kept) : std::nullopt;
}

}  // namespace

int run_report(const report_arguments& given, std::ostream& out, std::ostream& err) {
    auto question = insight::read_report_question(given.name, given.fields, system_clock().now(), true);
    if (!question) {
        err << "error: " << question.error().message << '\n';
        return wrong_question;
    }
    const auto copy = store_copy::of(given.store);
    if (!copy) {
        err << "error: " << copy.error().message << '\n';
        return cannot_run;
    }
    const auto made = api::make_report(**copy, std::move(*question));
    if (!made) {
        err << "error: " << made.error().message << '\n';
        return made.error().code == errc::too_large ? wrong_question : cannot_run;
    }
    if (!api::check_dimension(*made, nullptr)) {
        // Only now: in a time of which no ticket has it, the dimension may be one of the rules all the same.
        const auto rules = rules_in_force(**copy);
        if (const auto known = api::check_dimension(*made, rules ? &*rules : nullptr); !known) {
            err << "error: " << known.error().message << '\n';
            return wrong_question;
        }
    }
    const auto text = insight::to_format(*made);
    out << text << (text.ends_with('\n') ? "" : "\n");
    return done;
}

void add_report_command(const command& program) {
    struct option {
        const char* name;
        const char* says;
        std::string value;
    };
    auto given = std::make_shared<report_arguments>();
    auto options = std::make_shared<std::array<option, 7>>(std::array<option, 7>{{
        {"from", "Beginning: a date of the zone or an RFC 3339 time (default: seven days before the end)", {}},
        {"until", "End, which is no longer in it (default: now)", {}},
        {"by", "Groups: channel, queue, agent, stage, route, script or segment.DIMENSION", {}},
        {"every", "Periods: hour, day, week or month (default: one)", {}},
        {"zone", "IANA time zone of dates and periods (default: UTC)", {}},
        {"within", "The time that service-level (20s) and re-contact (7d) go by", {}},
        {"format", "table, json, csv or ndjson", "table"},
    }});
    const auto made = program.add_command("report", "Figures of what happened: " + names_of_reports());
    made.option("name", given->name, "Which report").required();
    made.option("--store", given->store, "The engine's store; it may be in use").required();
    for (auto& each : *options) made.option("--" + std::string(each.name), each.value, each.says);
    made.runs([given, options] {
        for (const auto& each : *options) given->fields.push_back({each.name, each.value});
        return run_report(*given, std::cout, std::cerr);
    });
}

}  // namespace kindred::app
