#include "engine/app/segments_command.hpp"

#include "engine/api/segment_findings.hpp"
#include "engine/app/store_copy.hpp"
#include "engine/insight/comparison_table.hpp"

#include <iostream>
#include <memory>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, wrong_use = 2, cannot_run = 3 };

constexpr duration usual_period = std::chrono::days(90);

int refused(const error& why, std::ostream& err) {
    err << "error: " << why.message << '\n';
    return cannot_run;
}

/// The proposed groups as one file that `kindred check` takes, each under what was asked.
int propose(store::store& from, const insight::segment_study& study, const segments_arguments& given, std::ostream& out,
            std::ostream& err) {
    const auto loaded = rules::load_folder(given.rules);
    if (!loaded.rules) {
        err << "error: --propose wants the rules by which attributes are known: " << given.rules
            << " has errors (kindred check)\n";
        return wrong_use;
    }
    const auto made = api::propose_splits(from, *loaded.rules, study, {});
    if (!made) return refused(made.error(), err);
    out << insight::splits_yaml(*made);
    return done;
}

}  // namespace

int run_segments(const segments_arguments& given, std::ostream& out, std::ostream& err) {
    const auto until = given.until.empty() ? std::optional(system_clock().now()) : parse_time(given.until);
    const auto from = given.from.empty() && until ? std::optional(*until - usual_period) : parse_time(given.from);
    if (!until || !from || *from >= *until) {
        err << "error: --from and --until want times, e.g. 2026-11-01T00:00:00Z, the earlier first\n";
        return wrong_use;
    }
    const auto format = insight::report_format_named(given.format);
    if (!format) {
        err << "error: --format wants table, json, csv or ndjson\n";
        return wrong_use;
    }
    const auto copy = store_copy::of(given.store);
    if (!copy) return refused(copy.error(), err);
    const auto study = api::study_segments(**copy, *from, *until);
    if (!study) return refused(study.error(), err);
    if (given.propose) return propose(**copy, *study, given, out, err);
    const auto text = insight::to_format(study->finish({}), given.as_json ? insight::report_format::json : *format);
    out << text << (text.ends_with('\n') ? "" : "\n");
    return done;
}

void add_segments_command(const command& program) {
    auto given = std::make_shared<segments_arguments>();
    const auto made = program.add_command("segments", "Whether the groups that the rules make of customers are real");
    made.option("--store", given->store, "The engine's store; it may be in use").required();
    made.option("--from", given->from, "Beginning (default: 90 days before the end)");
    made.option("--until", given->until, "End (default: now)");
    made.option("--format", given->format, "table, json, csv or ndjson");
    made.flag("--json", given->as_json, "As JSON");
    made.flag("--propose", given->propose,
              "Instead: groups by attributes that would part customers better than chance, as YAML");
    made.option("--rules", given->rules, "Of --propose: the folder with profile.yaml");
    made.runs([given] { return run_segments(*given, std::cout, std::cerr); });
}

}  // namespace kindred::app
