#include "engine/api/reports.hpp"

#include "engine/api/group_report.hpp"
#include "engine/api/manual_report.hpp"
#include "engine/api/report_source.hpp"
#include "engine/api/segment_findings.hpp"
#include "engine/api/status.hpp"
#include "engine/api/turn.hpp"
#include "engine/base/background.hpp"
#include "engine/base/text.hpp"
#include "engine/insight/comparison_table.hpp"

#include <array>
#include <future>

namespace kindred::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> group_reports{
    {{"stages", "how many are in each stage, who moved to which, who is about to"},
     {"segments", "the same of the segments of each dimension, and whether they are real"},
     {"comparisons", "whether segments are real: each dimension against each outcome"},
     {"splits", "groups by attributes that would part customers better than chance"},
     {"texts", "scripts and articles: shown, used, sent, and what came of it"},
     {"gaps", "contacts for which no script or article fits"}}};

/// Makes one report at a time, on a thread to which all others go first: contacts that come meanwhile do not wait for
/// it.
template <class Make>
auto by_itself(std::atomic<bool>& busy, const Make& make) -> decltype(make()) {
    const turn ours(busy);
    if (!ours) return fail(errc::overloaded, "another report is being made: try again when it is done");
    auto maker = std::async(std::launch::async, [&] {
        work_in_the_background();
        return make();
    });
    return maker.get();
}

/// Rows for somebody's spreadsheet or program are a file.
void send_report(const std::shared_ptr<call>& asked, std::string_view name, insight::report_format format,
                 std::string text) {
    http::response answer(200, std::move(text), insight::media_type(format));
    if (format != insight::report_format::json)
        answer.header("Content-Disposition", "attachment; filename=\"" + std::string(name) +
                                                 (format == insight::report_format::csv ? ".csv\"" : ".ndjson\""));
    asked->send(std::move(answer));
}

}  // namespace

void report_endpoints::list(const std::shared_ptr<call>& asked) {
    json::writer out;
    out.begin_object().key("reports").begin_array();
    for (const auto& each : insight::all_reports()) {
        out.begin_object().member("name", each.name).member("means", each.means);
        if (each.within != duration{0}) out.member("within", to_text(each.within));
        out.key("columns").begin_array();
        for (const auto& column : each.columns) out.value(column.name);
        out.end_array().end_object();
    }
    out.end_array().key("group_reports").begin_array();
    for (const auto& [name, means] : group_reports)
        out.begin_object().member("name", name).member("means", means).end_object();
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

result<insight::report_table> report_endpoints::in_turn(insight::report_question asked) {
    return by_itself(busy_, [&] { return make_report(site_.durable(), std::move(asked)); });
}

void report_endpoints::show_groups(const std::shared_ptr<call>& asked, bool stages, std::vector<form_field> fields) {
    const auto now = site_.now().now();
    auto question = read_group_question(stages, std::move(fields), now);
    if (!question) return asked->send(question.error());
    const auto format = question->format;
    const auto made = by_itself(busy_, [&]() -> result<std::string> {
        // Beside how large the groups are and who moves: whether they are real.
        const bool studies = !stages && format == insight::report_format::json;
        insight::segment_study study;
        const auto report =
            make_group_report(site_.durable(), site_.rules(), std::move(*question), now, studies ? &study : nullptr);
        if (!report) return report.error();
        auto text = to_format(*report);
        if (!studies) return text;
        text.pop_back();
        return text + ",\"statistics\":" + insight::to_json(study.finish({})) + '}';
    });
    if (!made) return asked->send(made.error());
    send_report(asked, stages ? "stages" : "segments", format, *made);
}

void report_endpoints::show_manual(const std::shared_ptr<call>& asked, bool gaps, std::vector<form_field> fields) {
    const auto question = read_group_question(false, std::move(fields), site_.now().now());
    if (!question) return asked->send(question.error());
    const auto format = question->format;
    const auto made = by_itself(busy_, [&]() -> result<std::string> {
        const auto rules = site_.rules();
        const auto used = follow_texts(site_.durable(), question->from, question->until, &rules);
        if (!used) return used.error();
        return gaps ? gaps_in(format, *used) : texts_in(format, *used);
    });
    if (!made) return asked->send(made.error());
    send_report(asked, gaps ? "gaps" : "texts", format, *made);
}

void report_endpoints::show_comparisons(const std::shared_ptr<call>& asked, std::vector<form_field> fields) {
    const auto question = read_group_question(false, std::move(fields), site_.now().now());
    if (!question) return asked->send(question.error());
    const auto made = by_itself(busy_, [&]() -> result<insight::segment_report> {
        const auto study = study_segments(site_.durable(), question->from, question->until);
        if (!study) return study.error();
        return study->finish({});
    });
    if (!made) return asked->send(made.error());
    auto text = insight::to_format(*made, question->format);
    if (question->format == insight::report_format::json) {
        json::writer out;
        out.begin_object().member("report", "comparisons").member("from", to_rfc3339(question->from));
        out.member("until", to_rfc3339(question->until)).member("zone", question->zone).key("statistics").raw(text);
        text = out.end_object().take();
    }
    send_report(asked, "comparisons", question->format, std::move(text));
}

void report_endpoints::show_splits(const std::shared_ptr<call>& asked, std::vector<form_field> fields) {
    const auto question = read_group_question(false, std::move(fields), site_.now().now());
    if (!question) return asked->send(question.error());
    if (question->format != insight::report_format::json)
        return asked->send(fail(errc::invalid, "format: proposed splits are JSON, with YAML in it"));
    const auto made = by_itself(busy_, [&]() -> result<std::vector<insight::proposed_split>> {
        const auto study = study_segments(site_.durable(), question->from, question->until);
        if (!study) return study.error();
        return propose_splits(site_.durable(), site_.rules(), *study, {});
    });
    if (!made) return asked->send(made.error());
    json::writer out;
    out.begin_object().member("report", "splits").member("from", to_rfc3339(question->from));
    out.member("until", to_rfc3339(question->until)).key("splits").begin_array();
    for (const auto& each : *made) {
        out.begin_object().member("outcome", each.outcome).member("explained", each.explained);
        out.member("customers", each.customers).member("yaml", each.yaml).end_object();
    }
    asked->send(
        http::response::json(200, out.end_array().member("yaml", insight::splits_yaml(*made)).end_object().take()));
}

void report_endpoints::show(const std::shared_ptr<call>& asked) {
    auto fields = parse_form(asked->query);
    std::erase_if(fields, [](const auto& each) { return each.name.empty(); });
    if (asked->parameters["name"] == "splits") return show_splits(asked, std::move(fields));
    if (asked->parameters["name"] == "comparisons") return show_comparisons(asked, std::move(fields));
    if (const auto& name = asked->parameters["name"]; name == "texts" || name == "gaps")
        return show_manual(asked, name == "gaps", std::move(fields));
    if (const auto& name = asked->parameters["name"]; name == "stages" || name == "segments")
        return show_groups(asked, name == "stages", std::move(fields));
    auto question = insight::read_report_question(asked->parameters["name"], fields, site_.now().now());
    if (!question) return asked->send(question.error());
    // The turn is over before the answer leaves: whoever has it can ask for the next report at once.
    const auto made = in_turn(std::move(*question));
    if (!made) return asked->send(made.error());
    const auto rules = site_.rules();
    if (auto known = check_dimension(*made, &rules); !known) return asked->send(known.error());
    send_report(asked, insight::describe(made->asked.which).name, made->asked.format, insight::to_format(*made));
}

}  // namespace kindred::api
