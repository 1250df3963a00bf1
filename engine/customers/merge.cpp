#include "engine/customers/merge.hpp"

#include <algorithm>

namespace kindred::customers {
namespace {

template <class Value>
bool contains(const std::vector<Value>& values, const Value& wanted) {
    return std::find(values.begin(), values.end(), wanted) != values.end();
}

bool same(const attribute& a, const attribute& b) { return a.value == b.value && a.source == b.source && a.at == b.at; }

bool same(const pin& a, const pin& b) { return a.dimension == b.dimension && a.value == b.value && a.at == b.at; }

bool has_pin_in(const customer& person, const std::string& dimension) {
    return std::any_of(person.pins.begin(), person.pins.end(),
                       [&](const pin& each) { return each.dimension == dimension; });
}

void fill_gaps(const customer& from, customer& into, merge_record& record) {
    for (const auto& [name, held] : from.declared)
        if (into.declared.try_emplace(name, held).second) record.attributes.push_back(name);
    for (const auto& tag : from.tags) {
        if (contains(into.tags, tag)) continue;
        into.tags.push_back(tag);
        record.tags.push_back(tag);
    }
    for (const auto& each : from.pins) {
        if (has_pin_in(into, each.dimension)) continue;
        into.pins.push_back(each);
        record.pins.push_back(each.dimension);
    }
    record.gave_name = into.name.empty() && !from.name.empty();
    if (record.gave_name) into.name = from.name;
    record.gave_language = into.language.empty() && !from.language.empty();
    if (record.gave_language) into.language = from.language;
    record.gave_satisfaction = !into.satisfaction && from.satisfaction;
    if (record.gave_satisfaction) into.satisfaction = from.satisfaction;
}

void take_back(const customer& from, customer& into, const merge_record& record) {
    for (const auto& name : record.attributes) {
        const auto held = into.declared.find(name);
        if (held != into.declared.end() && same(held->second, from.declared.at(name))) into.declared.erase(held);
    }
    std::erase_if(into.tags, [&](const std::string& tag) { return contains(record.tags, tag); });
    std::erase_if(into.pins, [&](const pin& each) {
        return contains(record.pins, each.dimension) &&
               std::any_of(from.pins.begin(), from.pins.end(), [&](const pin& own) { return same(own, each); });
    });
    if (record.gave_name && into.name == from.name) into.name.clear();
    if (record.gave_language && into.language == from.language) into.language.clear();
    if (record.gave_satisfaction && into.satisfaction == from.satisfaction) into.satisfaction.reset();
}

}  // namespace

void merge(customer& from, customer& into, std::string by, std::string reason, time_point now) {
    merge_record record;
    record.into = into.id;
    record.by = std::move(by);
    record.reason = std::move(reason);
    record.at = now;
    fill_gaps(from, into, record);
    into.identities.insert(into.identities.end(), from.identities.begin(), from.identities.end());
    into.merged_from.push_back(from.id);
    into.merged_from.insert(into.merged_from.end(), from.merged_from.begin(), from.merged_from.end());
    into.contacts += from.contacts;
    into.open_tickets += from.open_tickets;
    if (from.last_contact_at > into.last_contact_at) {
        into.last_contact_at = from.last_contact_at;
        if (!from.last_agent.empty()) into.last_agent = from.last_agent;
    }
    // Not taken back by unmerge(): who was asked a moment ago is not asked again.
    into.surveyed_at = std::max(into.surveyed_at, from.surveyed_at);
    into.known = true;
    ++into.version;
    from.merged = std::move(record);
    ++from.version;
}

void unmerge(customer& from, customer& into, std::int64_t open_tickets) {
    take_back(from, into, *from.merged);
    std::erase_if(into.identities, [&](const identity& each) {
        return std::any_of(from.identities.begin(), from.identities.end(),
                           [&](const identity& own) { return own.text == each.text; });
    });
    std::erase_if(into.merged_from,
                  [&](customer_id each) { return each == from.id || contains(from.merged_from, each); });
    into.contacts = std::max<std::int64_t>(0, into.contacts - from.contacts);
    into.open_tickets = std::max<std::int64_t>(0, into.open_tickets - open_tickets);
    ++into.version;
    from.open_tickets = open_tickets;
    from.merged.reset();
    ++from.version;
}

}  // namespace kindred::customers
