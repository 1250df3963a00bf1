#include "engine/rules/decider.hpp"

#include "engine/base/digest.hpp"
#include "engine/conditions/evaluate.hpp"
#include "engine/rules/trace.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace kindred::rules {
namespace {

constexpr std::size_t most_articles = 10;

conditions::fact_reading worked_out(const std::string& name, bool pinned) {
    return {std::string_view(name), pinned ? "pin" : "rules", std::nullopt};
}

}  // namespace

const pin* active_pin(const customer& person, std::string_view dimension, time_point now) {
    const pin* latest = nullptr;
    for (const auto& each : person.pins) {
        if (each.dimension != dimension || (each.until && *each.until <= now)) continue;
        if (latest == nullptr || each.at >= latest->at) latest = &each;
    }
    return latest;
}

bool hash_is_in_share(std::string_view route, customer_id who, double percent) {
    std::string hashed(route);
    hashed += '\0';
    hashed += to_string(who);
    return hash_is_in_share(hashed, percent);
}

bool hash_is_in_share(std::string_view text, double percent) {
    const auto digest = sha256(text);
    const std::uint32_t first = std::uint32_t{digest[0]} << 24U | std::uint32_t{digest[1]} << 16U |
                                std::uint32_t{digest[2]} << 8U | std::uint32_t{digest[3]};
    // 1.1 * 100 is a little more than 110 in binary: a customer on the line must not get in by that.
    return first % 10'000 + 1e-6 < percent * 100;
}

decider::decider(const compiled_rules& rules, const decision_input& input, explanation* why)
    : rules_(rules),
      input_(input),
      why_(why),
      source_(rules_, rules_.readers, input_),
      facts_(rules_.catalog, rules_.words, source_, input_.now) {}

decision decider::decide() {
    place_customer();
    const auto& route = why_ == nullptr ? match_route() : match_route_noting();
    take_route(route);
    resolve_steps(route);
    choose_texts(route);
    made_.ruleset = rules_.hash;
    if (input_.noting_facts) made_.facts = facts_read_json(facts_);
    return std::move(made_);
}

decision decider::place() {
    place_customer();
    return std::move(made_);
}

void decider::place_customer() {
    made_.segments.reserve(rules_.dimensions.size());
    for (const auto& each : rules_.dimensions) choose_segment(each);
    choose_stage();
}

void decider::choose_segment(const dimension& from) {
    const auto* pinned = active_pin(input_.who, from.name, input_.now);
    const segment_group* chosen = nullptr;
    if (pinned != nullptr)
        for (const auto& each : from.groups)
            if (each.name == pinned->value) chosen = &each;
    const bool by_pin = chosen != nullptr;
    explained_dimension noted{from.name, {}, by_pin, {}};
    for (const auto& each : from.groups) {
        if (by_pin) break;
        const auto* failed = conditions::first_failure(each.when, facts_);
        if (why_ != nullptr) noted.tried.push_back(describe(each.name, each.place, each.when, failed, facts_));
        if (failed != nullptr) continue;
        chosen = &each;
        break;
    }
    assert(chosen != nullptr);  // the last group of a dimension asks nothing
    made_.segments.push_back({from.name, chosen->name, by_pin});
    if (from.fact) facts_.give(*from.fact, worked_out(chosen->name, by_pin));
    if (why_ == nullptr) return;
    noted.chosen = chosen->name;
    if (by_pin) noted.tried.push_back(describe_pin(*pinned, chosen->place));
    why_->segments.push_back(std::move(noted));
}

void decider::choose_stage() {
    if (rules_.stages.empty()) return;
    const auto* pinned = active_pin(input_.who, "stage", input_.now);
    const stage_definition* chosen = nullptr;
    if (pinned != nullptr)
        for (const auto& each : rules_.stages)
            if (each.name == pinned->value) chosen = &each;
    made_.stage_pinned = chosen != nullptr;
    explained_dimension noted{"stage", {}, made_.stage_pinned, {}};
    // The furthest stage that holds: from the end of the funnel backwards; the first has no condition.
    for (auto each = rules_.stages.rbegin(); chosen == nullptr; ++each) {
        const auto* failed = conditions::first_failure(each->when, facts_);
        if (why_ != nullptr) noted.tried.push_back(describe(each->name, each->place, each->when, failed, facts_));
        if (failed == nullptr) chosen = &*each;
    }
    made_.stage = chosen->name;
    if (rules_.stage_fact) facts_.give(*rules_.stage_fact, worked_out(chosen->name, made_.stage_pinned));
    if (why_ == nullptr) return;
    noted.chosen = chosen->name;
    if (made_.stage_pinned) noted.tried.push_back(describe_pin(*pinned, chosen->place));
    why_->stage = std::move(noted);
}

bool decider::in_share(const route_definition& route) {
    if (!route.share) return true;
    if (input_.shares != nullptr)
        if (const auto forced = input_.shares->find(route.name); forced != input_.shares->end()) return forced->second;
    return !input_.shares_out && hash_is_in_share(route.name, input_.who.id, *route.share);
}

std::string_view decider::as_the_site_names_it(std::string_view language) const {
    const auto& known = rules_.site.languages;
    if (std::find(known.begin(), known.end(), language) != known.end()) return language;
    return language.substr(0, language.find('-'));
}

const route_definition& decider::match_route() {
    const auto place =
        rules_.index->first(facts_, [&](std::size_t candidate) { return in_share(rules_.routes[candidate]); });
    return rules_.routes[place.value_or(rules_.routes.size() - 1)];
}

const route_definition& decider::match_route_noting() {
    for (const auto& route : rules_.routes) {
        const auto* failed = conditions::first_failure(route.when, facts_);
        const bool taken = failed == nullptr && in_share(route);
        auto noted = describe(route.name, route.place, route.when, failed, facts_);
        noted.held = taken;
        if (failed == nullptr && !taken) noted.note = outside_share(*route.share);
        why_->routes.push_back(std::move(noted));
        if (taken) return route;
    }
    return rules_.routes.back();
}

void decider::take_route(const route_definition& route) {
    made_.route = route.name;
    made_.queue = route.queue;
    made_.priority = route.priority;
    made_.head_start = route.head_start;
    made_.first_response = route.first_response;
    made_.next_response = route.next_response;
    made_.resolution = route.resolution;
}

void decider::resolve_steps(const route_definition& route) {
    made_.steps.reserve(route.steps.size());
    bool fell_away = false;
    for (const auto& each : route.steps) {
        made_.steps.push_back(each.asks);
        if (!each.language_level) continue;
        const auto& value = facts_.read(*rules_.contact_language).value;
        if (const auto* language = std::get_if<std::string_view>(&value))
            made_.steps.back().language = {std::string(as_the_site_names_it(*language)), *each.language_level};
        else
            fell_away = true;
    }
    if (fell_away)
        made_.notes.emplace_back(
            "the contact's language is not known: agents need not speak any language in particular");
}

std::vector<std::string> decider::languages() {
    const auto read = [&](conditions::fact_id fact) {
        const auto* text = std::get_if<std::string_view>(&facts_.read(fact).value);
        return text == nullptr ? std::string_view{} : as_the_site_names_it(*text);
    };
    return knowledge::language_order(read(*rules_.contact_language), read(*rules_.customer_language),
                                     rules_.site.default_language);
}

void decider::choose_texts(const route_definition& route) {
    const auto& library = rules_.library;
    if (library.entries().empty()) return;
    const auto order = languages();
    const auto chosen = route.script.empty() ? library.best_script(facts_, order)
                                             : library.named(knowledge::text_kind::script, route.script, order);
    if (chosen) made_.script = {std::string(chosen->id), std::string(chosen->language)};
    for (const auto& each : library.fitting(knowledge::text_kind::article, facts_, order, most_articles))
        made_.articles.push_back({std::string(each.id), std::string(each.language)});
    if (why_ == nullptr) return;
    why_->scripts = describe_texts(knowledge::text_kind::script, library, facts_, order, chosen, !route.script.empty());
    why_->articles = describe_texts(knowledge::text_kind::article, library, facts_, order, std::nullopt, false);
}

}  // namespace kindred::rules
