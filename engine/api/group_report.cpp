#include "engine/api/group_report.hpp"

#include "engine/base/csv.hpp"
#include "engine/base/json.hpp"
#include "engine/customers/everybody.hpp"
#include "engine/insight/group_flows.hpp"
#include "engine/rules/decider.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace kindred::api {
namespace {

constexpr std::string_view stage_dimension = "stage";

/// Groups by dimension, as a decision has them.
std::vector<std::pair<std::string, std::string>> groups_of(const rules::decision& made, bool stages) {
    std::vector<std::pair<std::string, std::string>> groups;
    if (stages) {
        if (!made.stage.empty()) groups.emplace_back(stage_dimension, made.stage);
        return groups;
    }
    for (const auto& each : made.segments) groups.emplace_back(each.dimension, each.segment);
    return groups;
}

class reporter {
public:
    reporter(store::store& from, const rules::ruleset& rules, group_question asked, time_point now)
        : from_(from), rules_(rules), now_(now) {
        made_.asked = std::move(asked);
    }

    result<group_report> make() {
        if (auto read = walk_everybody(); !read) return read.error();
        if (auto read = walk_decisions(); !read) return read.error();
        for (const auto& [dimension, flows] : flows_) {
            for (const auto& each : flows.finish()) {
                auto& row = rows_[{dimension, each.from, each.to}];
                row.moved = each.moved;
                row.median_stay = each.median_stay;
            }
        }
        for (auto& [key, row] : rows_) {
            std::tie(row.dimension, row.group, row.to) = key;
            made_.rows.push_back(std::move(row));
        }
        return std::move(made_);
    }

private:
    result<void> walk_everybody() {
        const contact nothing_said;
        const rules::empty_board board;
        return customers::for_everybody(from_, [&](const customer& who) -> result<void> {
            if (who.merged) return {};
            const auto decide = [&](time_point at) {
                rules::decision_input input{nothing_said, who, at, board};
                input.noting_facts = false;
                return groups_of(rules::decider(rules_.compiled(), input).place(), made_.asked.stages);
            };
            const auto today = decide(now_);
            const auto later = decide(now_ + made_.asked.ahead);
            for (std::size_t i = 0; i < today.size(); ++i) {
                const auto& [dimension, group] = today[i];
                auto& row = row_of(dimension, group);
                ++row.size;
                if (i >= later.size() || later[i].second == group) continue;
                ++row.about_to_change;
                ++rows_[{dimension, group, later[i].second}].about_to_change;
                if (made_.about_to_change.size() < most_changing_shown)
                    made_.about_to_change.push_back({who.id, dimension, group, later[i].second});
            }
            return {};
        });
    }

    /// Of a group itself. There are few, and every customer asks for some: no key is built for that.
    group_row& row_of(const std::string& dimension, const std::string& group) {
        for (auto* each : of_groups_)
            if (each->group == group && each->dimension == dimension) return *each;
        auto& added = rows_[{dimension, group, {}}];
        added.dimension = dimension;
        added.group = group;
        of_groups_.push_back(&added);
        return added;
    }

    result<void> walk_decisions() {
        const store::entry_selection wanted{time_point{}, made_.asked.until, {"decision"}, {"decision"}, {"decision"}};
        return from_.entries_between(wanted, [&](const store::selected_entry& row) {
            const auto parsed = json::document::parse(row.entry.json);
            if (!parsed) return true;
            if (made_.asked.stages)
                follow(std::string(stage_dimension), row, (*parsed)["stage"].text());
            else
                (*parsed)["segments"].for_each_member([&](std::string_view dimension, json::value segment) {
                    follow(std::string(dimension), row, segment.text());
                });
            return true;
        });
    }

    void follow(const std::string& dimension, const store::selected_entry& row, std::string_view group) {
        if (group.empty()) return;
        flows_.try_emplace(dimension, made_.asked.from, made_.asked.until)
            .first->second.decided(row.customer, group, row.entry.at);
    }

    store::store& from_;
    const rules::ruleset& rules_;
    time_point now_;
    group_report made_;
    std::map<std::tuple<std::string, std::string, std::string>, group_row> rows_;
    std::vector<group_row*> of_groups_;
    std::map<std::string, insight::group_flows> flows_;
};

double seconds(duration span) { return std::chrono::duration<double>(span).count(); }

void write_row(json::writer& out, const group_row& row) {
    const bool of_group = row.to.empty();
    out.begin_object().member("dimension", row.dimension).member("group", row.group).key("to");
    if (of_group)
        out.null().member("size", row.size);
    else
        out.value(row.to).member("moved", row.moved).key("median_stay_s");
    if (!of_group && row.median_stay) out.value(seconds(*row.median_stay));
    if (!of_group && !row.median_stay) out.null();
    out.member("about_to_change", row.about_to_change).end_object();
}

std::string csv_of(const group_report& made) {
    std::string text = "dimension,group,to,size,moved,median_stay_s,about_to_change\r\n";
    for (const auto& row : made.rows) {
        append_csv_text(text, row.dimension);
        append_csv_text(text += ',', row.group);
        append_csv_text(text += ',', row.to);
        const bool of_group = row.to.empty();
        text +=
            ',' + (of_group ? std::to_string(row.size) : "") + ',' + (of_group ? "" : std::to_string(row.moved)) + ',';
        if (!of_group && row.median_stay) text += json::writer().value(seconds(*row.median_stay)).take();
        text += ',' + std::to_string(row.about_to_change) + "\r\n";
    }
    return text;
}

}  // namespace

result<group_question> read_group_question(bool stages, std::vector<form_field> fields, time_point now) {
    group_question made;
    made.stages = stages;
    std::optional<error> wrong;
    std::erase_if(fields, [&](const form_field& each) {
        if (each.name == "by" || each.name == "every" || each.name == "within")
            wrong = fail(errc::invalid, each.name + ": this report has none");
        if (each.name != "ahead") return false;
        const auto ahead = parse_duration(each.value);
        if (!ahead || *ahead <= duration{0})
            wrong = fail(errc::invalid, "ahead: wants a time such as 7d");
        else
            made.ahead = *ahead;
        return true;
    });
    if (wrong) return *wrong;
    const auto read = insight::read_report_question("volume", fields, now);
    if (!read) return read.error();
    made.from = read->borders.front();
    made.until = read->borders.back();
    made.zone = read->zone;
    made.format = read->format;
    return made;
}

result<group_report> make_group_report(store::store& from, const rules::ruleset& rules, group_question asked,
                                       time_point now) {
    return reporter(from, rules, std::move(asked), now).make();
}

std::string to_format(const group_report& made) {
    if (made.asked.format == insight::report_format::csv) return csv_of(made);
    json::writer out;
    if (made.asked.format == insight::report_format::ndjson) {
        std::string lines;
        for (const auto& row : made.rows) {
            write_row(out, row);
            lines += out.take() + '\n';
            out.clear();
        }
        return lines;
    }
    out.begin_object().member("report", made.asked.stages ? "stages" : "segments");
    out.member("from", to_rfc3339(made.asked.from)).member("until", to_rfc3339(made.asked.until));
    out.member("zone", made.asked.zone).member("ahead", to_text(made.asked.ahead)).key("rows").begin_array();
    for (const auto& row : made.rows) write_row(out, row);
    out.end_array().key("about_to_change").begin_array();
    for (const auto& each : made.about_to_change) {
        out.begin_object().member("customer", to_string(each.who)).member("dimension", each.dimension);
        out.member("group", each.group).member("to", each.to).end_object();
    }
    return out.end_array().end_object().take();
}

}  // namespace kindred::api
