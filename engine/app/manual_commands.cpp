#include "engine/app/manual_commands.hpp"

#include "engine/api/manual_report.hpp"
#include "engine/app/store_copy.hpp"

#include <iostream>
#include <memory>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, wrong_use = 2, cannot_run = 3 };

constexpr duration usual_period = std::chrono::days(90);

void add_one(const command& program, const char* name, const char* says, bool gaps) {
    auto given = std::make_shared<manual_arguments>();
    given->gaps = gaps;
    const auto made = program.add_command(name, says);
    made.option("--store", given->store, "The engine's store; it may be in use").required();
    made.option("--from", given->from, "Beginning (default: 90 days before the end)");
    made.option("--until", given->until, "End (default: now)");
    made.option("--format", given->format, "json, csv or ndjson");
    made.runs([given] { return run_manual(*given, std::cout, std::cerr); });
}

}  // namespace

int run_manual(const manual_arguments& given, std::ostream& out, std::ostream& err) {
    const auto until = given.until.empty() ? std::optional(system_clock().now()) : parse_time(given.until);
    const auto from = given.from.empty() && until ? std::optional(*until - usual_period) : parse_time(given.from);
    if (!until || !from || *from >= *until) {
        err << "error: --from and --until want times, e.g. 2026-11-01T00:00:00Z, the earlier first\n";
        return wrong_use;
    }
    using insight::report_format;
    const auto format = given.format == "json"     ? std::optional(report_format::json)
                        : given.format == "csv"    ? std::optional(report_format::csv)
                        : given.format == "ndjson" ? std::optional(report_format::ndjson)
                                                   : std::nullopt;
    if (!format) {
        err << "error: --format wants json, csv or ndjson\n";
        return wrong_use;
    }
    const auto copy = store_copy::of(given.store);
    if (!copy) {
        err << "error: " << copy.error().message << '\n';
        return cannot_run;
    }
    const auto used = api::follow_texts(**copy, *from, *until, nullptr);
    if (!used) {
        err << "error: " << used.error().message << '\n';
        return cannot_run;
    }
    const auto text = given.gaps ? api::gaps_in(*format, *used) : api::texts_in(*format, *used);
    out << text << (text.ends_with('\n') ? "" : "\n");
    return done;
}

void add_manual_commands(const command& program) {
    add_one(program, "texts", "Scripts and articles: how often shown, used and sent, and what came of it", false);
    add_one(program, "gaps", "Contacts for which no script or article fits, those first that come most", true);
}

}  // namespace kindred::app
