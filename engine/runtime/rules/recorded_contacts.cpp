#include "engine/runtime/rules/recorded_contacts.hpp"

#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/runtime/people/words_gone.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t tickets_at_once = 500;
constexpr std::size_t most_entries = 500;

/// One decision of a ticket's history, with the contact that it was made for.
struct recorded_decision {
    const store::entry_row* contact = nullptr;
    const store::entry_row* decision = nullptr;
};

/// The first: what came later was decided in view of what agents had done.
recorded_decision first_decision(const std::vector<store::entry_row>& entries) {
    recorded_decision found;
    for (const auto& each : entries) {
        if (each.kind == "contact") found.contact = &each;
        if (each.kind != "decision") continue;
        found.decision = &each;
        break;
    }
    return found;
}

/// The last, and the contact that opened the ticket or opened it again: a decision for changed facts is about that one.
recorded_decision last_decision(const std::vector<store::entry_row>& entries) {
    recorded_decision found;
    const store::entry_row* latest = nullptr;
    for (const auto& each : entries) {
        if (each.kind == "contact") latest = &each;
        if (each.kind != "decision") continue;
        found.decision = &each;
        const auto parsed = json::document::parse(each.json);
        if (!parsed || !(*parsed)["again"].exists()) found.contact = latest;
    }
    return found;
}

std::optional<duration> handling_of(const std::vector<store::entry_row>& entries) {
    std::optional<time_point> began;
    for (const auto& each : entries) {
        if (each.kind == "accepted" || each.kind == "assigned") began = each.at;
        if (each.kind == "resolved" && began) return each.at - *began;
    }
    return std::nullopt;
}

std::optional<duration> duration_of(json::value given) { return parse_duration(given.text()); }

void read_figure(rules::given_situation& into, std::string_view fact, json::value value) {
    const auto dot = fact.rfind('.');
    const auto name = fact.substr(6, dot - 6);  // after "queue."
    auto& figures = into.queues[std::string(name)];
    const auto figure = fact.substr(dot + 1);
    if (figure == "waiting") figures.waiting = value.integer().value_or(0);
    if (figure == "agents_present") figures.agents_present = value.integer().value_or(0);
    if (figure == "longest_wait") figures.longest_wait = duration_of(value).value_or(duration{0});
    if (figure == "estimated_wait") figures.estimated_wait = duration_of(value).value_or(duration{0});
}

/// A built-in fact of the customer; false when it is none.
bool read_builtin(customer& into, std::string_view name, json::value value) {
    if (name == "known")
        into.known = value.boolean().value_or(into.known);
    else if (name == "name")
        into.name = value.text();
    else if (name == "language")
        into.language = value.text();
    else if (name == "open_tickets")
        into.open_tickets = value.integer().value_or(0);
    else if (name == "contacts")
        into.contacts = value.integer().value_or(0);
    else if (name == "last_contact_at")
        into.last_contact_at = parse_time(value.text());
    else if (name == "last_agent")
        into.last_agent = value.text();
    else if (name == "satisfaction")
        into.satisfaction = value.number();
    else if (name == "tags") {
        into.tags.clear();
        value.for_each([&](json::value tag) { into.tags.emplace_back(tag.text()); });
    } else
        return false;
    return true;
}

/// What the decision recorded wins over what the profile says today.
void read_facts(rules::given_situation& into, json::value facts, const rules::ruleset& rules) {
    facts.for_each_member([&](std::string_view fact, json::value recorded) {
        const auto value = recorded["value"];
        if (fact.starts_with("queue.")) return read_figure(into, fact, value);
        if (fact == "contact.intent") into.about.intent = value.text();
        if (fact == "contact.language") into.about.language = value.text();
        if (!fact.starts_with("customer.")) return;
        const auto name = fact.substr(9);
        if (read_builtin(into.who, name, value)) return;
        auto read = rules.customer_attribute(name, value);
        if (read) into.who.declared[std::string(name)] = {std::move(*read), "recorded", into.now};
    });
}

/// Attributes and pins that are younger than the decision did not exist then.
customer as_of(customer person, time_point at) {
    std::erase_if(person.declared, [&](const auto& each) { return each.second.at > at; });
    std::erase_if(person.pins, [&](const pin& each) { return each.at > at; });
    return person;
}

/// Pins that the decision went by, where the profile has lost them.
void restore_pins(customer& into, json::value decision, time_point at) {
    decision["pinned"].for_each([&](json::value dimension) {
        const auto name = dimension.text();
        const auto value = name == "stage" ? decision["stage"].text() : decision["segments"][name].text();
        const bool there = std::any_of(into.pins.begin(), into.pins.end(),
                                       [&](const pin& each) { return each.dimension == name && each.value == value; });
        if (!there) into.pins.push_back({std::string(name), std::string(value), "recorded", {}, at, std::nullopt});
    });
}

rules::given_situation situation_of(const store::ticket_row& row, channel_kind kind, const recorded_decision& recorded,
                                    const customer& who, const rules::ruleset& rules) {
    rules::given_situation made;
    made.now = recorded.decision->at;
    made.about = contact_from_stored(recorded.contact->json, row.channel, kind, rules, recorded.contact->at);
    made.who = as_of(who, made.now);
    const auto parsed = json::document::parse(recorded.decision->json);
    if (!parsed) return made;
    restore_pins(made.who, parsed->root(), made.now);
    read_facts(made, (*parsed)["facts"], rules);
    return made;
}

/// The kind of the ticket's channel is among what the decision recorded wherever a rule asked for it.
channel_kind kind_of(const recorded_decision& recorded, const std::string& channel,
                     const rules::kind_of_channel& kinds) {
    const auto parsed = json::document::parse(recorded.decision->json);
    const auto name = parsed ? (*parsed)["facts"]["channel.kind"]["value"].text() : std::string_view{};
    for (const auto each : all_channel_kinds)
        if (name_of(each) == name) return each;
    const auto known = kinds ? kinds(channel) : std::nullopt;
    return known.value_or(channel_kind::api);
}

}  // namespace

result<void> for_each_recorded(store::store& from, const rules::ruleset& before, const rules::ruleset& after,
                               std::size_t most, const rules::kind_of_channel& kinds,
                               const std::function<void(rules::recorded_contact&&)>& each) {
    // Lists go from the newest back: the numbers alone are collected first.
    std::vector<store::ticket_row> rows;
    store::ticket_filter filter;
    filter.limit = tickets_at_once;
    while (rows.size() < most) {
        auto page = from.tickets(filter);
        if (!page) return page.error();
        if (page->empty()) break;
        filter.before = page->back().id;
        for (auto& row : *page) {
            row.state.clear();
            rows.push_back(std::move(row));
        }
    }
    if (rows.size() > most) rows.resize(most);
    std::reverse(rows.begin(), rows.end());
    for (const auto& row : rows) {
        const auto entries = from.entries(row.id, 0, most_entries);
        if (!entries) return entries.error();
        const auto recorded = first_decision(*entries);
        if (recorded.contact == nullptr || recorded.decision == nullptr) continue;
        // Without its words other rules would decide otherwise for that alone.
        if (has_lost_its_words(*recorded.contact)) continue;
        customer who;
        if (const auto stored = from.customer(row.customer))
            if (auto read = customer_from_json(stored->id, stored->version, stored->json)) who = std::move(*read);
        const auto kind = kind_of(recorded, row.channel, kinds);
        each({situation_of(row, kind, recorded, who, before), situation_of(row, kind, recorded, who, after), true,
              handling_of(*entries)});
    }
    return {};
}

std::string ruleset_of_last_decision(const std::vector<store::entry_row>& entries) {
    const auto recorded = last_decision(entries);
    const auto parsed =
        recorded.decision == nullptr ? json::document::parse("{}") : json::document::parse(recorded.decision->json);
    return parsed ? std::string((*parsed)["ruleset"].text()) : std::string();
}

std::optional<rules::given_situation> situation_of_last_decision(const store::ticket_row& row,
                                                                 const std::vector<store::entry_row>& entries,
                                                                 const customer& who, const rules::ruleset& rules,
                                                                 const rules::kind_of_channel& kinds) {
    const auto recorded = last_decision(entries);
    if (recorded.contact == nullptr || recorded.decision == nullptr) return std::nullopt;
    return situation_of(row, kind_of(recorded, row.channel, kinds), recorded, who, rules);
}

}  // namespace kindred::runtime
