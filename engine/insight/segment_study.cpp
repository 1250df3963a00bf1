#include "engine/insight/segment_study.hpp"

#include "engine/base/json.hpp"
#include "engine/base/json_glance.hpp"
#include "engine/insight/group_topics.hpp"
#include "engine/insight/outcomes.hpp"

#include <algorithm>

namespace kindred::insight {
namespace {

double seconds(duration span) { return static_cast<double>(span.count()) / 1000; }

}  // namespace

std::vector<std::string> segment_study::kinds() {
    std::vector<std::string> names;
    for (const auto kind :
         {line_kind::contact, line_kind::outbound, line_kind::decision, line_kind::queued, line_kind::accepted,
          line_kind::assigned, line_kind::snoozed, line_kind::merged, line_kind::resolved, line_kind::survey_answer})
        names.emplace_back(name_of(kind));
    return names;
}

std::vector<std::string> segment_study::kinds_with_json() {
    return {std::string(name_of(line_kind::contact)), std::string(name_of(line_kind::decision)),
            std::string(name_of(line_kind::merged)), std::string(name_of(line_kind::survey_answer))};
}

std::vector<std::string> segment_study::kinds_with_ticket() {
    return {std::string(name_of(line_kind::contact)), std::string(name_of(line_kind::outbound)),
            std::string(name_of(line_kind::survey_answer))};
}

void segment_study::take(const history_line& line) {
    const auto kind = line_kind_named(line.kind);
    if (!kind) return;
    if (*kind == line_kind::survey_answer) return note_answers(line.customer, line.json);
    auto& about = open_[line.ticket.value];
    switch (*kind) {
        case line_kind::contact: ++about.contacts; [[fallthrough]];
        case line_kind::outbound: return note_contact(about, line);
        case line_kind::decision: about.placement = placements_.number_of(line.json).value_or(about.placement); return;
        case line_kind::queued:
            about.let_go(line.at);
            if (!about.waiting) about.waiting_since = line.at;
            about.waiting = true;
            return;
        case line_kind::accepted:
        case line_kind::assigned:
            if (about.waiting) about.waited += line.at - about.waiting_since;
            about.waiting = false;
            if (!about.holding) about.held_since = line.at;
            about.holding = about.worked_on = true;
            return;
        case line_kind::merged:
            if (const auto parsed = json::document::parse(line.json); parsed && (*parsed)["into"].exists())
                about.worked_on = false;
            return;
        case line_kind::snoozed: return about.let_go(line.at);
        case line_kind::resolved:
            about.let_go(line.at);
            close(about);
            open_.erase(line.ticket.value);
            return;
        default: return;
    }
}

void segment_study::note_contact(open_ticket& about, const history_line& line) {
    if (line.customer) about.whose = line.customer;
    if (!line.channel.empty()) about.channel = names_.number_of(line.channel);
    if (about.intent == 0) about.intent = names_.number_of(intent_in(line.json));
}

void segment_study::close(const open_ticket& done) {
    // What came before the period is not known: half a history would count as a short one.
    if (!done.whose || placements_.groups(done.placement).empty() || !done.worked_on) return;
    ++tickets_;
    const auto [known, is_new] = place_of_.try_emplace(done.whose.value, static_cast<std::uint32_t>(customers_.size()));
    if (is_new) customers_.emplace_back().who = done.whose;
    auto& whose = customers_[known->second];
    whose.placement = done.placement;
    whose.add(outcome::wait, seconds(done.waited));
    whose.add(outcome::handling, seconds(done.held));
    whose.add(outcome::contacts, done.contacts);
    if (done.channel != 0) channels_.push_back({known->second, done.channel});
    if (done.intent != 0) intents_.push_back({known->second, done.intent});
}

void segment_study::note_satisfaction(customer_id whose, double value) {
    const auto known = place_of_.find(whose.value);
    if (known == place_of_.end()) return;
    auto& customer = customers_[known->second];
    if (customer.counts[outcome::satisfaction] == 0) customer.add(outcome::satisfaction, value);
}

void segment_study::note_answers(customer_id whose, std::string_view json) {
    const auto known = place_of_.find(whose.value);
    if (known == place_of_.end()) return;
    const auto parsed = json::document::parse(json);
    if (!parsed) return;
    const auto place = known->second;
    auto& customer = customers_[place];
    (*parsed)["answers"].for_each([&](json::value each) {
        const auto kind = each["kind"].text();
        if (const auto chosen = each["choice"].text(); !chosen.empty())
            preferences_[names_.number_of(each["question"].text())].push_back({place, names_.number_of(chosen)});
        const auto value = each["value"].number();
        if (!value) return;
        if (kind == "csat") customer.add(outcome::satisfaction, *value);
        if (kind == "nps") customer.add(outcome::recommends, *value);
        if (kind == "ces") customer.add(outcome::easy, *value);
    });
}

std::vector<std::string> segment_study::outcomes() const {
    std::vector<std::string> names;
    for (std::size_t place = 0; place < numbers; ++place)
        if (std::any_of(customers_.begin(), customers_.end(),
                        [&](const auto& each) { return each.counts.at(place) > 0; }))
            names.emplace_back(outcome::names.at(place));
    return names;
}

segment_study::outcome_table segment_study::outcome(std::string_view name) const {
    outcome_table made;
    const auto* const place = std::find(outcome::names.begin(), outcome::names.end(), name);
    if (place == outcome::names.end()) return made;
    const auto number = static_cast<std::size_t>(place - outcome::names.begin());
    std::vector<const served_customer*> those;
    for (const auto& each : customers_)
        if (each.counts.at(number) > 0) those.push_back(&each);
    std::sort(those.begin(), those.end(), [](const auto* a, const auto* b) { return a->who < b->who; });
    auto& column = made.columns.emplace_back();
    for (const auto* each : those) {
        made.whose.push_back(each->who);
        column.push_back(each->mean(number));
    }
    return made;
}

}  // namespace kindred::insight
