#include "tests/insight/support/plain_study.hpp"

#include "engine/base/json.hpp"

#include <algorithm>
#include <set>

namespace kindred::insight {
namespace {

constexpr std::array<std::string_view, 6> outcome_names{"wait_s",       "handling_s", "contacts",
                                                        "satisfaction", "nps",        "ces"};
enum outcome_place : std::size_t { wait, handling, contacts, satisfaction, recommends, easy };

constexpr double least_inside = 20;  // customers of a segment in one channel, before its inside is looked at

double seconds(duration span) { return static_cast<double>(span.count()) / 1000; }

std::string commonest(const std::map<std::string, std::int64_t>& counts) {
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() ? std::string() : most->first;
}

}  // namespace

void plain_study::take(const history_line& line) {
    const auto kind = line_kind_named(line.kind);
    if (!kind) return;
    if (*kind == line_kind::survey_answer) return note_answers(line.customer, line.json);
    auto& about = open_[line.ticket];
    switch (*kind) {
        case line_kind::contact:
        case line_kind::outbound:
            if (line.customer) about.whose = line.customer;
            if (!line.channel.empty()) channels_[line.ticket] = line.channel;
            if (*kind == line_kind::contact) ++about.contacts;
            if (const auto parsed = json::document::parse(line.json); parsed && about.intent.empty()) {
                about.intent = (*parsed)["intent"].text((*parsed)["understood"]["intent"].text());
            }
            break;
        case line_kind::decision: decide(about, line.json); break;
        case line_kind::queued:
            if (about.held_since) about.held += line.at - *std::exchange(about.held_since, std::nullopt);
            if (!about.waiting_since) about.waiting_since = line.at;
            break;
        case line_kind::accepted:
        case line_kind::assigned:
            if (about.waiting_since) about.waited += line.at - *std::exchange(about.waiting_since, std::nullopt);
            if (!about.held_since) about.held_since = line.at;
            about.worked_on = true;
            break;
        case line_kind::merged:
            if (const auto parsed = json::document::parse(line.json); parsed && (*parsed)["into"].exists())
                about.worked_on = false;
            break;
        case line_kind::snoozed:
            if (about.held_since) about.held += line.at - *std::exchange(about.held_since, std::nullopt);
            break;
        case line_kind::resolved: {
            if (about.held_since) about.held += line.at - *about.held_since;
            const auto done = open_.extract(line.ticket);
            close(line.ticket, channels_[line.ticket], done.mapped());
            channels_.erase(line.ticket);
            break;
        }
        default: break;
    }
}

void plain_study::decide(open_ticket& about, std::string_view json) {
    const auto parsed = json::document::parse(json);
    if (!parsed) return;
    about.segments.clear();
    (*parsed)["segments"].for_each_member(
        [&](std::string_view dimension, json::value segment) { about.segments.emplace(dimension, segment.text()); });
    if (const auto stage = (*parsed)["stage"].text(); !stage.empty()) about.segments.emplace("stage", stage);
}

void plain_study::close(ticket_id, const std::string& channel, const open_ticket& done) {
    // What came before the period is not known: half a history would count as a short one.
    if (!done.whose || done.segments.empty() || !done.worked_on) return;
    ++tickets_;
    auto& whose = customers_[done.whose];
    whose.segments = done.segments;
    whose.outcomes[wait].add(seconds(done.waited));
    whose.outcomes[handling].add(seconds(done.held));
    whose.outcomes[contacts].add(done.contacts);
    if (!channel.empty()) ++whose.channels[channel];
    if (!done.intent.empty()) ++whose.intents[done.intent];
}

void plain_study::note_satisfaction(customer_id whose, double value) {
    const auto known = customers_.find(whose);
    if (known != customers_.end() && known->second.outcomes[satisfaction].count == 0)
        known->second.outcomes[satisfaction].add(value);
}

void plain_study::note_answers(customer_id whose, std::string_view json) {
    const auto known = customers_.find(whose);
    const auto parsed = json::document::parse(json);
    if (known == customers_.end() || !parsed) return;
    auto& customer = known->second;
    (*parsed)["answers"].for_each([&](json::value each) {
        const auto kind = each["kind"].text();
        if (const auto chosen = each["choice"].text(); !chosen.empty())
            ++customer.preferences[std::string(each["question"].text())][std::string(chosen)];
        const auto value = each["value"].number();
        if (!value) return;
        if (kind == "csat") customer.outcomes[satisfaction].add(*value);
        if (kind == "nps") customer.outcomes[recommends].add(*value);
        if (kind == "ces") customer.outcomes[easy].add(*value);
    });
}

std::vector<std::string> plain_study::preference_questions() const {
    std::set<std::string> names;
    for (const auto& [id, each] : customers_)
        for (const auto& [question, chosen] : each.preferences) names.insert(question);
    return {names.begin(), names.end()};
}

std::vector<std::string> plain_study::dimensions() const {
    std::set<std::string> names;
    for (const auto& [id, each] : customers_)
        for (const auto& [dimension, segment] : each.segments) names.insert(dimension);
    return {names.begin(), names.end()};
}

group_comparison plain_study::numbers_by(const std::string& dimension, std::size_t outcome,
                                         const comparison_policy& policy) const {
    std::map<std::string, std::vector<double>> values;
    for (const auto& [id, each] : customers_) {
        const auto segment = each.segments.find(dimension);
        const auto& of = each.outcomes.at(outcome);
        if (segment != each.segments.end() && of.count > 0) values[segment->second].push_back(of.sum / of.count);
    }
    std::vector<numeric_group> groups;
    for (auto& [name, those] : values) groups.push_back({name, std::move(those)});
    return compare_numbers(dimension, std::string(outcome_names.at(outcome)), std::move(groups), policy);
}

group_comparison plain_study::categories_by(
    const std::string& dimension, std::string_view outcome,
    const std::function<const category_counts*(const served_customer&)>& counts_of,
    const comparison_policy& policy) const {
    std::map<std::string, std::map<std::string, std::int64_t>> found;
    std::set<std::string> categories;
    for (const auto& [id, each] : customers_) {
        const auto segment = each.segments.find(dimension);
        const auto* counts = counts_of(each);
        const auto mostly = counts == nullptr ? std::string() : commonest(*counts);
        if (segment == each.segments.end() || mostly.empty()) continue;
        ++found[segment->second][mostly];
        categories.insert(mostly);
    }
    contingency table;
    table.categories.assign(categories.begin(), categories.end());
    for (auto& [segment, by_category] : found) {
        table.groups.push_back(segment);
        auto& row = table.counts.emplace_back();
        for (const auto& category : table.categories) row.push_back(by_category[category]);
    }
    return compare_categories(dimension, std::string(outcome), std::move(table), policy);
}

/// Each segment by the channel that its customers mostly use: groups that fall apart should perhaps be two.
std::vector<inner_comparison> plain_study::by_channel_inside(const std::string& dimension,
                                                             const comparison_policy& policy) const {
    std::map<std::string, std::map<std::string, std::vector<double>>> values;
    for (const auto& [id, each] : customers_) {
        const auto segment = each.segments.find(dimension);
        const auto& of = each.outcomes[handling];
        if (segment != each.segments.end() && of.count > 0)
            values[segment->second][commonest(each.channels)].push_back(of.sum / of.count);
    }
    std::vector<inner_comparison> made;
    for (auto& [segment, by_channel] : values) {
        std::vector<numeric_group> groups;
        for (auto& [channel, those] : by_channel)
            if (static_cast<double>(those.size()) >= least_inside) groups.push_back({channel, std::move(those)});
        if (groups.size() < 2) continue;
        made.push_back({dimension, segment, compare_numbers("channel", "handling_s", std::move(groups), policy)});
    }
    return made;
}

segment_report plain_study::finish(const comparison_policy& policy) const {
    segment_report made;
    made.customers = static_cast<std::int64_t>(customers_.size());
    made.tickets = tickets_;
    std::vector<inner_comparison> inner;
    for (const auto& dimension : dimensions()) {
        std::map<std::string, std::int64_t> sizes;
        for (const auto& [id, each] : customers_)
            if (const auto segment = each.segments.find(dimension); segment != each.segments.end())
                ++sizes[segment->second];
        for (const auto& [segment, count] : sizes) made.sizes.push_back({dimension, segment, count});
        for (std::size_t outcome = 0; outcome < numbers; ++outcome)
            if (auto compared = numbers_by(dimension, outcome, policy); compared.answers > 0)
                made.comparisons.push_back(std::move(compared));
        const auto compare = [&](const std::string& name, const auto& counts_of) {
            if (auto compared = categories_by(dimension, name, counts_of, policy); compared.answers > 0)
                made.comparisons.push_back(std::move(compared));
        };
        compare("channel", [](const served_customer& each) { return &each.channels; });
        compare("intent", [](const served_customer& each) { return &each.intents; });
        for (const auto& question : preference_questions())
            compare("preference." + question, [&](const served_customer& each) {
                const auto found = each.preferences.find(question);
                return found == each.preferences.end() ? nullptr : &found->second;
            });
        auto inside = by_channel_inside(dimension, policy);
        inner.insert(inner.end(), std::make_move_iterator(inside.begin()), std::make_move_iterator(inside.end()));
    }
    adjust(made.comparisons);
    made.findings = findings_of(made.comparisons, inner, policy);
    return made;
}

}  // namespace kindred::insight
