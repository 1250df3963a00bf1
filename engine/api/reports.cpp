#include "engine/api/reports.hpp"

#include "engine/api/report_source.hpp"
#include "engine/api/status.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

/// Whether it is ours until the end of the scope.
class turn {
public:
    explicit turn(std::atomic<bool>& busy) : busy_(busy), ours_(!busy.exchange(true)) {}
    ~turn() {
        if (ours_) busy_ = false;
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    explicit operator bool() const { return ours_; }

private:
    std::atomic<bool>& busy_;
    const bool ours_;
};

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
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

result<insight::report_table> report_endpoints::in_turn(insight::report_question asked) {
    const turn ours(busy_);
    if (!ours) return fail(errc::overloaded, "another report is being made: try again when it is done");
    return make_report(site_.durable(), std::move(asked));
}

void report_endpoints::show(const std::shared_ptr<call>& asked) {
    auto fields = parse_form(asked->query);
    std::erase_if(fields, [](const auto& each) { return each.name.empty(); });
    auto question = insight::read_report_question(asked->parameters["name"], fields, site_.now().now());
    if (!question) return asked->send(question.error());
    // The turn is over before the answer leaves: whoever has it can ask for the next report at once.
    const auto made = in_turn(std::move(*question));
    if (!made) return asked->send(made.error());
    http::response answer(200, insight::to_format(*made), insight::media_type(made->asked.format));
    if (made->asked.format != insight::report_format::json)
        answer.header("Content-Disposition",
                      "attachment; filename=\"" + std::string(insight::describe(made->asked.which).name) +
                          (made->asked.format == insight::report_format::csv ? ".csv\"" : ".ndjson\""));
    asked->send(std::move(answer));
}

}  // namespace kindred::api
