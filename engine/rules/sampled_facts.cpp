#include "engine/rules/sampled_facts.hpp"

#include "engine/conditions/evaluate.hpp"
#include "engine/rules/decider.hpp"
#include "engine/rules/pattern_example.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kindred::rules {
namespace {

using conditions::fact_definition;
using conditions::fact_type;

template <class Value>
void put(const fact_value& from, Value& into) {
    if (const auto* value = std::get_if<Value>(&from)) into = *value;
}
template <class Value>
void put(const fact_value& from, std::optional<Value>& into) {
    if (const auto* value = std::get_if<Value>(&from)) into = *value;
}

struct statable_fact {
    std::string_view name;
    void (*state)(given_situation& in, const fact_value& value);
};

constexpr std::array statable_facts{
    statable_fact{"channel.name", [](auto& in, const auto& value) { put(value, in.about.channel_name); }},
    statable_fact{"channel.kind",
                  [](auto& in, const auto& value) {
                      const auto* name = std::get_if<std::string>(&value);
                      for (const auto kind : all_channel_kinds)
                          if (name != nullptr && name_of(kind) == *name) in.about.kind = kind;
                  }},
    statable_fact{"contact.text", [](auto& in, const auto& value) { put(value, in.about.text); }},
    statable_fact{"contact.subject", [](auto& in, const auto& value) { put(value, in.about.subject); }},
    statable_fact{"contact.language", [](auto& in, const auto& value) { put(value, in.about.language); }},
    statable_fact{"contact.intent", [](auto& in, const auto& value) { put(value, in.about.intent); }},
    statable_fact{"contact.from", [](auto& in, const auto& value) { put(value, in.about.from); }},
    statable_fact{"contact.to", [](auto& in, const auto& value) { put(value, in.about.to); }},
    statable_fact{"contact.attachments", [](auto& in, const auto& value) { put(value, in.about.attachments); }},
    statable_fact{"contact.is_reply", [](auto& in, const auto& value) { put(value, in.about.is_reply); }},
    statable_fact{"customer.known", [](auto& in, const auto& value) { put(value, in.who.known); }},
    statable_fact{"customer.name", [](auto& in, const auto& value) { put(value, in.who.name); }},
    statable_fact{"customer.language", [](auto& in, const auto& value) { put(value, in.who.language); }},
    statable_fact{"customer.open_tickets", [](auto& in, const auto& value) { put(value, in.who.open_tickets); }},
    statable_fact{"customer.contacts", [](auto& in, const auto& value) { put(value, in.who.contacts); }},
    statable_fact{"customer.last_contact_at", [](auto& in, const auto& value) { put(value, in.who.last_contact_at); }},
    statable_fact{"customer.last_agent", [](auto& in, const auto& value) { put(value, in.who.last_agent); }},
    statable_fact{"customer.tags", [](auto& in, const auto& value) { put(value, in.who.tags); }},
    statable_fact{"customer.satisfaction", [](auto& in, const auto& value) { put(value, in.who.satisfaction); }},
};

constexpr std::string_view customer_prefix = "customer.";
constexpr std::string_view contact_attribute_prefix = "contact.attributes.";
constexpr std::string_view queue_prefix = "queue.";
constexpr std::string_view share_prefix = "share.";

void state_queue(given_situation& in, std::string_view name, const fact_value& value) {
    const auto dot = name.rfind('.');
    auto& figures = in.queues[std::string(name.substr(queue_prefix.size(), dot - queue_prefix.size()))];
    const auto figure = name.substr(dot + 1);
    if (figure == "waiting") put(value, figures.waiting);
    if (figure == "agents_present") put(value, figures.agents_present);
    if (figure == "longest_wait") put(value, figures.longest_wait);
    if (figure == "estimated_wait") put(value, figures.estimated_wait);
}

void state(given_situation& in, const std::string& name, const fact_value& value) {
    if (name.starts_with(share_prefix)) {
        put(value, in.shares[name.substr(share_prefix.size())]);
        return;
    }
    if (name == "customer.id") {
        const auto* number = std::get_if<std::int64_t>(&value);
        in.who.id.value = number == nullptr ? 0 : static_cast<std::uint64_t>(*number);
        return;
    }
    if (name.starts_with(customer_prefix)) in.who.known = true;
    const auto built_in = std::find_if(statable_facts.begin(), statable_facts.end(),
                                       [&](const statable_fact& each) { return each.name == name; });
    if (built_in != statable_facts.end())
        built_in->state(in, value);
    else if (name.starts_with(queue_prefix))
        state_queue(in, name, value);
    else if (name.starts_with(contact_attribute_prefix))
        in.about.declared[name.substr(contact_attribute_prefix.size())] = {value, "given", in.now};
    else if (name.starts_with(customer_prefix))
        in.who.declared[name.substr(customer_prefix.size())] = {value, "given", in.now};
}

bool can_be_stated(std::string_view name) {
    constexpr std::array<std::string_view, 4> worked_out{"segment.", "calendar.", "time.", "ticket."};
    return name != "stage" && std::none_of(worked_out.begin(), worked_out.end(),
                                           [&](std::string_view each) { return name.starts_with(each); });
}

/// A number in the terms of the fact's type.
std::optional<fact_value> value_of(double number, const fact_definition& fact) {
    const auto whole = static_cast<std::int64_t>(std::llround(number));
    switch (fact.type) {
        case fact_type::integer: return fact_value(whole);
        case fact_type::number: return fact_value(number);
        case fact_type::duration: return fact_value(duration{whole});
        case fact_type::time:
        case fact_type::date: return fact_value(from_millis(whole));
        case fact_type::ordered_choice:
            if (whole < 0 || static_cast<std::size_t>(whole) >= fact.names.size()) return std::nullopt;
            return fact_value(fact.names[static_cast<std::size_t>(whole)]);
        default: return std::nullopt;
    }
}

/// The least step of a type that rules can tell apart.
double step_of(const fact_definition& fact) {
    return fact.type == fact_type::date ? 86'400'000.0 : fact.type == fact_type::number ? 0.5 : 1.0;
}

fact_value text_value(std::string text, const fact_definition& fact) {
    if (fact.type == fact_type::text_list) return std::vector<std::string>{std::move(text)};
    return text;
}

/// One function for each kind of operand.
class boundary_finder {
public:
    boundary_finder(const conditions::fact_test& test, const compiled_rules& rules, time_point base)
        : test_(test), fact_(rules.catalog[test.fact]), words_(rules.words), base_(base) {}

    std::vector<fact_value> find() {
        std::visit(*this, test_.wanted);
        return std::move(found_);
    }

    void operator()(const conditions::is_one_of& wanted) {
        constexpr std::size_t most = 8;
        for (std::size_t i = 0; i < std::min(most, wanted.symbols.size()); ++i)
            add_text(std::string(words_.text_of(test_.fact, wanted.symbols[i])));
        if (fact_.type == fact_type::yes_no) {
            found_ = {fact_value(true), fact_value(false)};
        } else if (fact_.names.empty()) {
            add_text("something else");
        } else {
            for (const auto& each : fact_.names) add_text(each);
        }
    }
    void operator()(const conditions::is_within& wanted) {
        for (const double edge : {wanted.least, wanted.most}) {
            if (!std::isfinite(edge)) continue;
            for (const double near : {edge, edge - step_of(fact_), edge + step_of(fact_)}) add_number(near);
        }
    }
    void operator()(const conditions::is_one_number_of& wanted) {
        for (const double each : wanted.numbers) add_number(each);
        if (!wanted.numbers.empty()) add_number(wanted.numbers.back() + step_of(fact_));
    }
    void operator()(const conditions::is_recent& wanted) {
        constexpr duration margin{1};
        found_.emplace_back(base_ - wanted.span);
        found_.emplace_back(base_ - wanted.span - margin);
    }
    void operator()(const conditions::is_known&) { add_typical(); }
    void operator()(const conditions::has_words& wanted) {
        for (const auto& each : wanted.phrases) add_text(each);
    }
    void operator()(const conditions::has_edge& wanted) { add_text(wanted.folded); }
    void operator()(const conditions::has_pattern& wanted) {
        if (auto text = example_of(*wanted.pattern)) add_text(std::move(*text));
    }

private:
    void add_text(std::string text) {
        if (fact_.type == fact_type::yes_no)
            found_.emplace_back(text == "true" || text == "yes");
        else
            found_.push_back(text_value(std::move(text), fact_));
    }
    void add_number(double number) {
        if (auto value = value_of(number, fact_)) found_.push_back(std::move(*value));
    }
    void add_typical() {
        switch (fact_.type) {
            case fact_type::yes_no: found_.emplace_back(true); break;
            case fact_type::time:
            case fact_type::date: found_.emplace_back(base_); break;
            case fact_type::text:
            case fact_type::text_list: add_text("something"); break;
            case fact_type::choice: add_text(fact_.names.empty() ? "something" : fact_.names.front()); break;
            default: add_number(0); break;
        }
    }

    const conditions::fact_test& test_;
    const fact_definition& fact_;
    const conditions::vocabulary& words_;
    time_point base_;
    std::vector<fact_value> found_;
};

}  // namespace

given_situation situation_with(const fact_assignment& facts, time_point base) {
    given_situation made;
    made.now = base;
    if (const auto now = facts.find("now"); now != facts.end()) put(now->second, made.now);
    made.about.received_at = made.now;
    for (const auto& [name, value] : facts) state(made, name, value);
    return made;
}

bool holds_with(const conditions::fact_test& test, const compiled_rules& rules, const fact_assignment& facts,
                time_point base) {
    const auto situation = situation_with(facts, base);
    const fixed_board board(situation.queues);
    const auto input = situation.input(board);
    decider asked(rules, input);
    const auto& name = rules.catalog[test.fact].name;
    if (name == "stage" || name.starts_with("segment.")) asked.place_customer();
    return conditions::holds(test, asked.facts());
}

std::vector<fact_value> boundary_values(const conditions::fact_test& test, const compiled_rules& rules,
                                        time_point base) {
    if (!can_be_stated(rules.catalog[test.fact].name)) return {};
    return boundary_finder(test, rules, base).find();
}

std::vector<time_point> telling_moments(const compiled_rules& rules, time_point base) {
    constexpr int hours_of_a_week = 168;
    constexpr std::size_t most_changes = 60;
    std::vector<time_point> moments;
    for (int hour = 0; hour < hours_of_a_week; ++hour) moments.push_back(base + std::chrono::hours{hour});
    for (const auto& [name, calendar] : rules.calendars) {
        auto next = calendar.next_change(base);
        for (std::size_t i = 0; next && i < most_changes && *next < base + std::chrono::days{60}; ++i) {
            moments.push_back(*next);
            next = calendar.next_change(*next);
        }
    }
    return moments;
}

void collect_tests(const conditions::condition& asked, std::vector<const conditions::fact_test*>& into) {
    if (const auto* test = std::get_if<conditions::fact_test>(&asked.what)) {
        into.push_back(test);
        return;
    }
    for (const auto& each : std::get<conditions::condition_group>(asked.what).members) collect_tests(each, into);
}

}  // namespace kindred::rules
