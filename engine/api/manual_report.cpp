#include "engine/api/manual_report.hpp"

#include "engine/api/reader_tally.hpp"
#include "engine/api/text_marks.hpp"
#include "engine/base/csv.hpp"
#include "engine/base/json.hpp"
#include "engine/rules/compiled_rules.hpp"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kindred::api {
namespace {

using cell = std::variant<std::string, std::int64_t>;
using row = std::vector<std::pair<std::string_view, cell>>;

void write_row(json::writer& out, const row& from) {
    out.begin_object();
    for (const auto& [name, value] : from) std::visit([&](const auto& each) { out.member(name, each); }, value);
    out.end_object();
}

std::string csv_of(const std::vector<row>& rows, const row& shape) {
    std::string text;
    for (const auto& [name, value] : shape) text += (text.empty() ? "" : ",") + std::string(name);
    text += "\r\n";
    for (const auto& each : rows) {
        for (std::size_t i = 0; i < each.size(); ++i) {
            if (i > 0) text += ',';
            if (const auto* words = std::get_if<std::string>(&each[i].second))
                append_csv_text(text, *words);
            else
                text += std::to_string(std::get<std::int64_t>(each[i].second));
        }
        text += "\r\n";
    }
    return text;
}

std::string in_format(insight::report_format format, std::string_view report, const std::vector<row>& rows,
                      const row& shape) {
    if (format == insight::report_format::csv) return csv_of(rows, shape);
    json::writer out;
    if (format == insight::report_format::ndjson) {
        std::string lines;
        for (const auto& each : rows) {
            write_row(out, each);
            lines += out.take() + '\n';
            out.clear();
        }
        return lines;
    }
    out.begin_object().member("report", report).key("rows").begin_array();
    for (const auto& each : rows) write_row(out, each);
    return out.end_array().end_object().take();
}

row row_of(const insight::text_figures& of) {
    return {{"kind", of.kind},
            {"id", of.id},
            {"shown", of.shown},
            {"used", of.used},
            {"sent", of.sent},
            {"resolved", of.resolved},
            {"contacted_again", of.contacted_again},
            {"resolved_for_good", of.resolved - of.contacted_again},
            {"helpful", of.helpful},
            {"not_helpful", of.not_helpful},
            {"read", of.read},
            {"customers_helped", of.customers_helped},
            {"customers_not_helped", of.customers_not_helped}};
}

row row_of(const insight::text_gap& of) {
    return {{"missing", of.missing},   {"segments", of.segments}, {"stage", of.stage},       {"channel", of.channel},
            {"language", of.language}, {"intent", of.intent},     {"contacts", of.contacts}, {"tickets", of.tickets}};
}

}  // namespace

result<insight::text_usage> follow_texts(store::store& from, time_point begin, time_point end,
                                         const rules::ruleset* rules) {
    insight::text_usage used;
    if (rules != nullptr)
        for (const auto& each : rules->compiled().library.entries())
            used.know(std::string(knowledge::name_of(each.kind)), each.id);
    const store::entry_selection wanted{begin,
                                        end,
                                        insight::text_usage::kinds(),
                                        insight::text_usage::kinds_with_json(),
                                        insight::text_usage::kinds_with_ticket(),
                                        true};
    auto taken = from.entries_between(wanted, [&](const store::selected_entry& each) {
        const auto& entry = each.entry;
        used.take({entry.ticket, entry.number, entry.kind, entry.at, entry.json, each.channel, each.customer});
        return true;
    });
    if (!taken) return taken.error();
    used.finish();
    auto marks =
        read_marks(from, begin, end, [&](const text_mark& each) { used.note_mark(each.kind, each.id, each.what); });
    if (!marks) return marks.error();
    auto readers = read_tallies(from, [&](const std::string& article, const std::string& what, std::int64_t count) {
        used.note_readers(article, what, count);
    });
    if (!readers) return readers.error();
    return used;
}

std::string texts_in(insight::report_format format, const insight::text_usage& used) {
    std::vector<row> rows;
    for (const auto& each : used.texts()) rows.push_back(row_of(each));
    return in_format(format, "texts", rows, row_of(insight::text_figures{}));
}

std::string gaps_in(insight::report_format format, const insight::text_usage& used) {
    std::vector<row> rows;
    for (const auto& each : used.gaps()) rows.push_back(row_of(each));
    return in_format(format, "gaps", rows, row_of(insight::text_gap{}));
}

}  // namespace kindred::api
