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
    if (found != given.end() && fits(found->second.value, definition->type))
        return {conditions::view_of(found->second.value), found->second.source, found->second.at};
    if (std::holds_alternative<std::monostate>(definition->fallback)) return {};
    return {conditions::view_of(definition->fallback), "default", std::nullopt};
}

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct builtin {
    std::string_view name;
    fact_type type;
    fact_reader read;
    bool costly = false;
};

// One row is one fact. The argument of a reader is empty for these.
constexpr std::array builtins{
    builtin{"channel.name", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_contact_text(in, in.about.channel_name); }},
    builtin{"channel.kind", fact_type::choice,
            [](const auto&, const auto& in, auto) { return of_contact(in, kindred::name_of(in.about.kind)); }},
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
            [](const auto&, const auto& in, auto) { return of_contact(in, in.about.attachments); }},
    builtin{"contact.is_reply", fact_type::yes_no,
            [](const auto&, const auto& in, auto) { return of_contact(in, in.about.is_reply); }},
    builtin{"customer.known", fact_type::yes_no,
            [](const auto&, const auto& in, auto) { return of_profile(in.who.known); }},
    builtin{"customer.name", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_profile_text(in.who.name); }},
    builtin{"customer.language", fact_type::text,
            [](const auto&, const auto& in, auto) { return of_profile_text(in.who.language); }},
    builtin{"customer.open_tickets", fact_type::integer,
            [](const auto&, const auto& in, auto) { return of_profile(in.who.open_tickets); }},
    builtin{"customer.contacts", fact_type::integer,
            [](const auto&, const auto& in, auto) { return of_profile(in.who.contacts); }},
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
            [](const auto& rules, const auto& in, auto) { return of_clock(std::int64_t{rules.zone.at(in.now).hour}); }},
    builtin{"time.weekday", fact_type::ordered_choice,
            [](const auto& rules, const auto& in, auto) {
                return of_clock(weekdays[static_cast<std::size_t>(rules.zone.at(in.now).weekday)]);
            }},
    builtin{"time.date", fact_type::date,
            [](const auto& rules, const auto& in, auto) {
                return of_clock(time_point{std::chrono::sys_days{rules.zone.at(in.now).date}});
            }},
};

/// Facts whose name has the admin's own name in it: prefix, then that name, then suffix.
struct family {
    std::string_view prefix;
    std::string_view suffix;
    fact_reader read;
};

constexpr std::array families{
    family{"contact.attributes.", "",
           [](const auto& rules, const auto& in, auto name) {
               return of_attribute(in.about.declared, rules.contact_attributes, name);
           }},
    family{"calendar.", "",
           [](const auto& rules, const auto& in, auto name) {
               const auto found = rules.calendars.find(name);
               if (found == rules.calendars.end()) return fact_reading{};
               return fact_reading{conditions::name_of(found->second.state_at(in.now)), "calendar", std::nullopt};
           }},
    family{"queue.", ".waiting",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).waiting); }},
    family{"queue.", ".agents_present",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).agents_present); }},
    family{"queue.", ".longest_wait",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).longest_wait); }},
    family{"queue.", ".estimated_wait",
           [](const auto&, const auto& in, auto name) { return of_queue(in.board.figures_of(name).estimated_wait); }},
    // Last: `customer.` begins the built-in names as well.
    family{"customer.", "",
           [](const auto& rules, const auto& in, auto name) {
               return of_attribute(in.who.declared, rules.customer_attributes, name);
           }},
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

void declare_builtins(conditions::fact_catalog& catalog) {
    for (const auto& each : builtins) {
        fact_definition fact{std::string(each.name), each.type, {}, fact_scope::anywhere, each.costly};
        if (each.name == "channel.kind") fact.names = names_of_kinds();
        if (each.name == "time.weekday") fact.names.assign(weekdays.begin(), weekdays.end());
        catalog.declare(std::move(fact));
    }
}

void declare_escalation_facts(compiled_rules& rules) {
    const auto declare = [&](const char* name, fact_type type, std::vector<std::string> names = {}) {
        rules.catalog.declare({name, type, std::move(names), fact_scope::escalation, false});
    };
    std::vector<std::string> queues;
    for (const auto& each : rules.queues) queues.push_back(each.name);
    std::vector<std::string> priorities;
    for (const auto& each : rules.priorities) priorities.push_back(each.name);
    declare("ticket.queue", fact_type::choice, std::move(queues));
    declare("ticket.waiting", fact_type::duration);
    declare("ticket.priority", fact_type::ordered_choice, std::move(priorities));
    declare("ticket.target_left", fact_type::duration);
    declare("ticket.transfers", fact_type::integer);
}

}  // namespace

void declare_facts(compiled_rules& rules) {
    auto& catalog = rules.catalog;
    declare_builtins(catalog);
    for (const auto& each : rules.customer_attributes.attributes)
        catalog.declare({"customer." + each.name, each.type, {}, fact_scope::anywhere, false, each.unsure});
    for (const auto& each : rules.contact_attributes.attributes)
        catalog.declare({"contact.attributes." + each.name, each.type, {}, fact_scope::anywhere, false, each.unsure});
    for (const auto& [name, calendar] : rules.calendars)
        catalog.declare(
            {"calendar." + name, fact_type::choice, {"open", "closed", "holiday"}, fact_scope::anywhere, true});
    for (const auto& each : rules.queues) {
        catalog.declare({"queue." + each.name + ".waiting", fact_type::integer, {}, fact_scope::anywhere, true});
        catalog.declare({"queue." + each.name + ".agents_present", fact_type::integer, {}, fact_scope::anywhere, true});
        catalog.declare({"queue." + each.name + ".longest_wait", fact_type::duration, {}, fact_scope::anywhere, true});
        catalog.declare(
            {"queue." + each.name + ".estimated_wait", fact_type::duration, {}, fact_scope::anywhere, true});
    }
    declare_escalation_facts(rules);
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
