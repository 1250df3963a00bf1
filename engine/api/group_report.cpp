#include "engine/api/group_report.hpp"

#include "engine/api/group_count.hpp"
#include "engine/base/background.hpp"
#include "engine/base/csv.hpp"
#include "engine/base/json.hpp"
#include "engine/customers/merged_over_time.hpp"
#include "engine/insight/group_flows.hpp"
#include "engine/insight/placements.hpp"
#include "engine/runtime/people/registers.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <map>
#include <thread>
#include <tuple>
#include <vector>

namespace kindred::api {
namespace {

constexpr std::size_t rows_at_once = 1'000;

/// What moved customers between two contacts of theirs, and who went on as whom, in the order of time.
result<std::vector<customers::moment>> moments_that_matter(store::store& from, time_point until) {
    std::vector<customers::moment> made;
    std::string after;
    while (true) {
        const auto rows = from.kept(runtime::moment_rows, {}, after, rows_at_once);
        if (!rows) return rows.error();
        for (const auto& row : *rows) {
            const bool moved_nobody = row.bytes.ends_with(R"("moves":[]})");
            const bool is_merge = row.bytes.find("merged\"") != std::string::npos;
            if (row.at >= until || (moved_nobody && !is_merge)) continue;
            auto read = customers::moment_from_json(row.bytes);
            if (!read) return read.error();
            made.push_back(std::move(*read));
        }
        if (rows->size() < rows_at_once) break;
        after = rows->back().id;
    }
    std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return made;
}

/// Follows customers through the groups of every dimension.
class flow_follower {
public:
    explicit flow_follower(const group_question& asked) : asked_(asked) {}

    void follow(const store::selected_entry& decision) {
        const auto placement = placements_.number_of(decision.entry.json);
        if (!placement) return;
        while (moves_of_.size() < placements_.size()) read_placement(static_cast<std::uint32_t>(moves_of_.size()));
        const auto whose = number_of(merged_.goes_on_as(decision.customer));
        for (const auto& each : moves_of_[*placement]) each.in->decided(whose, each.group, decision.entry.at);
        if (decision.entry.at >= asked_.from) topics_.decided(decision.entry.ticket, *placement);
    }

    void follow(const customers::moment& happened) {
        merged_.take(happened);
        for (const auto& each : happened.moves) {
            if ((each.dimension == insight::placement_table::stage) != asked_.stages) continue;
            auto& flows = flows_of(each.dimension);
            flows.moved(number_of(happened.about), flows.number_of(each.from), flows.number_of(each.to), happened.at);
        }
    }

    void take_contact(const store::selected_entry& contact) {
        if (contact.entry.at >= asked_.from) topics_.contact(contact.entry.ticket, contact.channel, contact.entry.json);
    }

    const std::map<std::string, insight::group_flows>& flows() const { return flows_; }
    auto topics() const { return topics_.finish(placements_); }

private:
    struct move {
        insight::group_flows* in;
        std::uint32_t group;
    };

    std::uint32_t number_of(customer_id who) {
        return numbers_.try_emplace(who.value, static_cast<std::uint32_t>(numbers_.size())).first->second;
    }
    insight::group_flows& flows_of(const std::string& dimension) {
        return flows_.try_emplace(dimension, asked_.from, asked_.until).first->second;
    }

    void read_placement(std::uint32_t placement) {
        auto& moves = moves_of_.emplace_back();
        for (const auto& each : placements_.groups(placement)) {
            const auto& dimension = placements_.name(each.dimension);
            const auto& group = placements_.name(each.name);
            if (group.empty() || asked_.stages != (dimension == insight::placement_table::stage)) continue;
            auto& flows = flows_of(dimension);
            moves.push_back({&flows, flows.number_of(group)});
        }
    }

    const group_question& asked_;
    customers::merged_over_time merged_;
    insight::placement_table placements_;
    std::vector<std::vector<move>> moves_of_;  ///< by placement
    insight::group_topics topics_;
    std::map<std::string, insight::group_flows> flows_;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> numbers_;  ///< of customers
};

class reporter {
public:
    reporter(store::store& from, const rules::ruleset& rules, group_question asked, time_point now,
             insight::segment_study* study)
        : from_(from), study_(study), everybody_(from, rules, asked, now), flows_(made_.asked) {
        made_.asked = std::move(asked);
    }

    result<group_report> make() {
        // The second thread begins with customers. This one helps it once it has read long histories, with what is
        // left; without them, one processor stays with the contacts that come meanwhile.
        {
            const std::jthread helper([this] {
                work_in_the_background();
                everybody_.help();
            });
            if (auto read = walk_histories(); !read) {
                everybody_.give_up();
                return read.error();
            }
            if (entries_walked_ >= many_entries) everybody_.help();
        }
        auto counted = everybody_.finish();
        if (!counted) return counted.error();
        made_.about_to_change = std::move(counted->about_to_change);
        if (study_ != nullptr)
            for (const auto& [who, value] : counted->satisfaction) study_->note_satisfaction(who, value);
        for (const auto& [dimension, flows] : flows_.flows()) {
            for (const auto& each : flows.finish()) {
                auto& row = counted->rows[{dimension, each.from, each.to}];
                row.moved = each.moved;
                row.median_stay = each.median_stay;
            }
        }
        for (auto& [of, opened] : flows_.topics())
            if (made_.asked.stages == (of.first == insight::placement_table::stage))
                counted->rows[{of.first, of.second, {}}].opened = std::move(opened);
        for (auto& [key, row] : counted->rows) {
            std::tie(row.dimension, row.group, row.to) = key;
            made_.rows.push_back(std::move(row));
        }
        return std::move(made_);
    }

private:
    result<void> walk_histories() {
        const auto moments = moments_that_matter(from_, made_.asked.until);
        if (!moments) return moments.error();
        auto next = moments->begin();
        const auto move_until = [&](time_point at) {
            for (; next != moments->end() && next->at <= at; ++next) flows_.follow(*next);
        };
        const std::vector<std::string> looked_at{"decision", "contact"};
        store::entry_selection wanted{time_point{}, made_.asked.until, looked_at, looked_at, looked_at, true};
        if (study_ != nullptr) {
            wanted.kinds = insight::segment_study::kinds();
            wanted.with_json = insight::segment_study::kinds_with_json();
            wanted.with_ticket = insight::segment_study::kinds_with_ticket();
            wanted.with_ticket.emplace_back("decision");
        }
        auto walked = from_.entries_between(wanted, [&](const store::selected_entry& row) {
            const auto& entry = row.entry;
            ++entries_walked_;
            move_until(entry.at);
            if (entry.kind == looked_at.front())
                flows_.follow(row);
            else if (entry.kind == looked_at.back())
                flows_.take_contact(row);
            if (study_ != nullptr && entry.at >= made_.asked.from)
                study_->take({entry.ticket, entry.number, entry.kind, entry.at, entry.json, row.channel, row.customer});
            return true;
        });
        move_until(made_.asked.until);
        return walked;
    }

    static constexpr std::size_t many_entries = 1'000'000;

    store::store& from_;
    insight::segment_study* study_;
    std::size_t entries_walked_ = 0;
    group_report made_;
    group_count everybody_;
    flow_follower flows_;
};

double seconds(duration span) { return std::chrono::duration<double>(span).count(); }

/// The most frequent, by name.
void write_most(json::writer& out, std::string_view key, const std::map<std::string, std::uint64_t>& counts) {
    std::vector<std::pair<std::string, std::uint64_t>> most(counts.begin(), counts.end());
    std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    most.resize(std::min(most.size(), most_topics_shown));
    std::sort(most.begin(), most.end());
    out.key(key).begin_object();
    for (const auto& [name, count] : most) out.member(name, count);
    out.end_object();
}

void write_row(json::writer& out, const group_row& row) {
    const bool of_group = row.to.empty();
    out.begin_object().member("dimension", row.dimension).member("group", row.group).key("to");
    if (of_group)
        out.null().member("size", row.size);
    else
        out.value(row.to).member("moved", row.moved).key("median_stay_s");
    if (!of_group && row.median_stay) out.value(seconds(*row.median_stay));
    if (!of_group && !row.median_stay) out.null();
    out.member("about_to_change", row.about_to_change);
    if (of_group) {
        write_most(out, "channels", row.opened.channels);
        write_most(out, "intents", row.opened.intents);
    }
    out.end_object();
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
                                       time_point now, insight::segment_study* study) {
    return reporter(from, rules, std::move(asked), now, study).make();
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
