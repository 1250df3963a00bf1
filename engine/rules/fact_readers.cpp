#include "engine/rules/fact_readers.hpp"

#include "engine/rules/compiled_rules.hpp"

#include <algorithm>
#include <array>

namespace kindred::rules {
namespace {

using conditions::fact_definition;
using conditions::fact_reading;
using conditions::fact_scope;
using conditions::fact_type;

fact_reading of_contact(const decision_input& input, conditions::fact_view value) {
    const auto received = input.about.received_at;
    return {std::move(value), "contact", received == time_point{} ? std::nullopt : std::optional(received)};
}
/// An empty text is one that nobody gave.
fact_reading of_contact_text(const decision_input& input, const std::string& text) {
    if (text.empty()) return {{}, "contact", std::nullopt};
    return of_contact(input, std::string_view(text));
}
fact_reading of_profile(conditions::fact_view value) { return {std::move(value), "profile", std::nullopt}; }
fact_reading of_profile_text(const std::string& text) {
    if (text.empty()) return of_profile({});
    return of_profile(std::string_view(text));
}
fact_reading of_clock(conditions::fact_view value) { return {std::move(value), "clock", std::nullopt}; }
fact_reading of_queue(conditions::fact_view value) { return {std::move(value), "queue", std::nullopt}; }

fact_reading of_attribute(const attributes& given, const attribute_schema& schema, std::string_view name) {
    const auto* definition = schema.find(name);
    if (definition == nullptr) return {};
    const auto found = given.find(name);
    if (found != given.end() && fits(found->second.value, definition->type)) {
        // A default was never given, so that it has no age.
        const auto& held = found->second;
        return {conditions::view_of(held.value), held.source,
                held.at == time_point{} ? std::nullopt : std::optional(held.at)};
    }
    if (std::holds_alternative<std::monostate>(definition->fallback)) return {};
    return {conditions::view_of(definition->fallback), "default", std::nullopt};
}

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct builtin {
    std::string_view name;
    fact_type type;
    fact_reader read;
    bool costly = false;
    bool always = false;  ///< known whatever comes
};

// One row is one fact. The argument of a reader is empty for these.
constexpr std::array builtins{
    builtin{"channel.name", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_contact_text(in, in.about.channel_name); }},
    builtin{"channel.kind", fact_type::choice,
            [](const auto&, const auto& in, auto) { return of_contact(in, kindred::name_of(in.about.kind)); }, false,
            true},
    builtin{"contact.text", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_contact_text(in, in.about.text); }, true},
    builtin{"contact.subject", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_contact_text(in, in.about.subject); }, true},
    builtin{"contact.language", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_contact_text(in, in.about.language); }},
    builtin{"contact.intent", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_contact_text(in, in.about.intent); }},
    builtin{"contact.from", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_contact_text(in, in.about.from); }},
    builtin{
        "contact.to", fact_type::text_list,
        [](const auto&, const auto& in, auto) { return of_contact(in, std::span<const std::string>(in.about.to)); }},
    builtin{"contact.attachments", fact_type::integer,
            [](const auto&, const auto& in, auto) { return of_contact(in, in.about.attachments); }, false, true},
    builtin{"contact.is_reply", fact_type::yes_no,
            [](const auto&, const auto& in, auto) { return of_contact(in, in.about.is_reply); }, false, true},
    builtin{"customer.known", fact_type::yes_no,
            [](const auto&, const auto& in, auto) { return of_profile(in.who.known); }, false, true},
    builtin{"customer.name", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_profile_text(in.who.name); }},
    builtin{"customer.language", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_profile_text(in.who.language); }},
    builtin{"customer.open_tickets", fact_type::integer,
            [](const auto&, const auto& in, auto) { return of_profile(in.who.open_tickets); }, false, true},
    builtin{"customer.contacts", fact_type::integer,
            [](const auto&, const auto& in, auto) { return of_profile(in.who.contacts); }, false, true},
    builtin{"customer.last_contact_at", fact_type::time,
            [](const auto&, const auto& in, auto) {
                return in.who.last_contact_at ? of_profile(*in.who.last_contact_at) : of_profile({});
            }},
    builtin{"customer.last_agent", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_profile_text(in.who.last_agent); }},
    builtin{"customer.tags", fact_type::text_list,
            [](const auto&, const auto& in, auto) { return of_profile(std::span<const std::string>(in.who.tags)); }},
    builtin{"customer.satisfaction", fact_type::number,
            [](const auto&, const auto& in, auto) {
                return in.who.satisfaction ? of_profile(*in.who.satisfaction) : of_profile({});
            }},
    builtin{"time.hour", fact_type::integer,
            [](const auto& rules, const auto& in, auto) { return of_clock(std::int64_t{rules.zone.at(in.now).hour}); },
            false, true},
    builtin{"time.weekday", fact_type::ordered_choice,
            [](const auto& rules, const auto& in, auto) {
                return of_clock(weekdays[static_cast<std::size_t>(rules.zone.at(in.now).weekday)]);
            },
            false, true},
    builtin{"time.date", fact_type::date,
            [](const auto& rules, const auto& in, auto) {
                return of_clock(time_point{std::chrono::sys_days{rules.zone.at(in.now).date}});
            },
            false, true},
};

/// Facts whose name has the admin's own name in it: prefix, then that name, then suffix.
struct family {
    std::string_view prefix;
    std::string_view suffix;
    fact_reader read;
    std::optional<fact_type> type;  ///< none: as profile.yaml declares it
};

constexpr std::array<std::string_view, 3> calendar_states{"open", "closed", "holiday"};

constexpr std::array families{
    family{"contact.attributes.", "",
           [](const auto& rules, const auto& in, auto name) {
               return of_attribute(in.about.declared, rules.contact_attributes, name);
           },
           std::nullopt},
    family{"calendar.", "",
           [](const auto& rules, const auto& in, auto name) {
               const auto found = rules.calendars.find(name);
               if (found == rules.calendars.end()) return fact_reading{};
               return fact_reading{conditions::name_of(found->second.state_at(in.now)), "calendar", std::nullopt};
           },
           fact_type::choice},
    family{"queue.", ".waiting",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).waiting); },
           fact_type::integer},
    family{"queue.", ".agents_present",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).agents_present); },
           fact_type::integer},
    family{"queue.", ".longest_wait",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).longest_wait); },
           fact_type::duration},
    family{"queue.", ".estimated_wait",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).estimated_wait); },
           fact_type::duration},
    // Last: `customer.` begins the built-in names as well.
    family{"customer.", "",
           [](const auto& rules, const auto& in, auto name) {
               return of_attribute(in.who.declared, rules.customer_attributes, name);
           },
           std::nullopt},
};

fact_readers::row reader_of(std::string_view fact) {
    for (const auto& each : builtins)
        if (each.name == fact) return {each.read, {}};
    for (const auto& each : families)
        if (fact.starts_with(each.prefix) && fact.ends_with(each.suffix) &&
            fact.size() > each.prefix.size() + each.suffix.size())
            return {each.read, std::string(fact.substr(each.prefix.size(),
                                                       fact.size() - each.prefix.size() - each.suffix.size()))};
    return {};
}

std::vector<std::string> names_of_kinds() {
    std::vector<std::string> names;
    for (const auto kind : all_channel_kinds) names.emplace_back(kindred::name_of(kind));
    return names;
}

fact_definition definition_of(const builtin& given) {
    fact_definition fact{.name = std::string(given.name), .type = given.type, .costly = given.costly};
    fact.always_known = given.always;
    if (given.name == "channel.kind") fact.names = names_of_kinds();
    if (given.name == "time.weekday") fact.names.assign(weekdays.begin(), weekdays.end());
    return fact;
}

/// What is asked of a ticket, in escalations and surveys only: name and type, names of a choice come from the ruleset.
struct escalation_fact {
    std::string_view name;
    fact_type type;
};
constexpr std::array escalation_facts{
    escalation_fact{"ticket.queue", fact_type::choice},
    escalation_fact{"ticket.waiting", fact_type::duration},
    escalation_fact{"ticket.priority", fact_type::ordered_choice},
    escalation_fact{"ticket.target_left", fact_type::duration},
    escalation_fact{"ticket.transfers", fact_type::integer},
    escalation_fact{disposition_fact, fact_type::text},
};

void declare_escalation_facts(compiled_rules& rules) {
    for (const auto& each : escalation_facts) {
        fact_definition fact{.name = std::string(each.name), .type = each.type, .scope = fact_scope::escalation};
        if (each.name == "ticket.queue")
            for (const auto& queue : rules.queues) fact.names.push_back(queue.name);
        if (each.name == "ticket.priority")
            for (const auto& level : rules.priorities) fact.names.push_back(level.name);
        rules.catalog.declare(std::move(fact));
    }
}

void declare_attributes(const attribute_schema& schema, std::string_view prefix, conditions::fact_catalog& catalog) {
    for (const auto& each : schema.attributes) {
        fact_definition fact{.name = std::string(prefix) + each.name, .type = each.type};
        fact.unsure = each.unsure;
        fact.always_known = !std::holds_alternative<std::monostate>(each.fallback);
        catalog.declare(std::move(fact));
    }
}

/// Looking such a fact up takes some work: it is asked for last.
void declare_costly(std::string name, fact_type type, std::vector<std::string> names,
                    conditions::fact_catalog& catalog) {
    fact_definition fact{.name = std::move(name), .type = type, .names = std::move(names), .costly = true};
    fact.always_known = true;
    catalog.declare(std::move(fact));
}

}  // namespace

void declare_facts(compiled_rules& rules) {
    auto& catalog = rules.catalog;
    for (const auto& each : builtins) catalog.declare(definition_of(each));
    declare_attributes(rules.customer_attributes, "customer.", catalog);
    declare_attributes(rules.contact_attributes, "contact.attributes.", catalog);
    for (const auto& [name, calendar] : rules.calendars)
        declare_costly("calendar." + name, fact_type::choice, {calendar_states.begin(), calendar_states.end()},
                       catalog);
    for (const auto& queue : rules.queues)
        for (const auto& each : families)
            if (each.prefix == "queue.")
                declare_costly("queue." + queue.name + std::string(each.suffix), *each.type, {}, catalog);
    declare_escalation_facts(rules);
}

std::vector<conditions::fact_definition> facts_that_always_exist() {
    std::vector<fact_definition> facts;
    for (const auto& each : builtins) facts.push_back(definition_of(each));
    for (const auto& each : escalation_facts)
        if (each.name != disposition_fact)
            facts.push_back({.name = std::string(each.name), .type = each.type, .scope = fact_scope::escalation});
    return facts;
}

std::vector<fact_family> fact_families() {
    std::vector<fact_family> all;
    for (const auto& each : families) all.push_back({each.prefix, each.suffix, each.type});
    return all;
}

fact_readers readers_for(const conditions::fact_catalog& catalog) {
    fact_readers readers;
    for (std::size_t i = 0; i < catalog.size(); ++i) {
        const auto& name = catalog[static_cast<conditions::fact_id>(i)].name;
        readers.rows.push_back(reader_of(name));
    }
    return readers;
}

std::vector<std::string> builtin_customer_names() {
    constexpr std::string_view prefix = "customer.";
    std::vector<std::string> names;
    for (const auto& each : builtins)
        if (each.name.starts_with(prefix)) names.emplace_back(each.name.substr(prefix.size()));
    return names;
}

conditions::fact_reading contact_facts::read(conditions::fact_id fact) const {
    const auto& row = readers_.rows[conditions::index_of(fact)];
    return row.read == nullptr ? fact_reading{} : row.read(rules_, input_, row.argument);
}

}  // namespace kindred::rules
