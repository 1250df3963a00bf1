#include "engine/rules/compiled_rules.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using change_kind = attribute_change::kind;

result<fact_value> value_of(const attribute_change& change, json::value payload, time_point at) {
    if (const auto* constant = std::get_if<fact_value>(&change.from)) return *constant;
    const auto& member = std::get<std::string>(change.from);
    if (member == "at" && !payload["at"].exists()) {
        const auto day = time_point{std::chrono::floor<std::chrono::days>(at)};
        if (change.type == conditions::fact_type::time) return fact_value(at);
        if (change.type == conditions::fact_type::date) return fact_value(day);
    }
    const auto given = payload[member];
    if (!given.exists())
        return fail(errc::invalid, member + ": is missing; the event sets " + change.attribute + " from it");
    if (change.type == conditions::fact_type::text_list && given.is_string())
        return fact_value(std::vector<std::string>{std::string(given.text())});
    auto value = attribute_from_json(member, change.type, given);
    if (value && std::holds_alternative<std::monostate>(*value))
        return fail(errc::invalid, member + ": must not be null");
    return value;
}

/// The sum of what is there and what comes; nothing where it cannot be represented.
std::optional<fact_value> sum_of(const fact_value& old_value, const fact_value& added) {
    if (const auto* more = std::get_if<std::int64_t>(&added)) {
        if (const auto* real = std::get_if<double>(&old_value)) return *real + static_cast<double>(*more);
        const auto* old_number = std::get_if<std::int64_t>(&old_value);
        std::int64_t total = 0;
        if (__builtin_add_overflow(old_number == nullptr ? 0 : *old_number, *more, &total)) return std::nullopt;
        return total;
    }
    if (const auto* more = std::get_if<double>(&added)) {
        if (const auto* whole = std::get_if<std::int64_t>(&old_value)) return static_cast<double>(*whole) + *more;
        const auto* old_number = std::get_if<double>(&old_value);
        return (old_number == nullptr ? 0.0 : *old_number) + *more;
    }
    if (const auto* more = std::get_if<duration>(&added)) {
        const auto* old_span = std::get_if<duration>(&old_value);
        return (old_span == nullptr ? duration{0} : *old_span) + *more;
    }
    if (const auto* more = std::get_if<std::vector<std::string>>(&added)) {
        const auto* old_list = std::get_if<std::vector<std::string>>(&old_value);
        auto all = old_list == nullptr ? std::vector<std::string>{} : *old_list;
        for (const auto& each : *more)
            if (std::find(all.begin(), all.end(), each) == all.end()) all.push_back(each);
        return all;
    }
    return std::nullopt;
}

fact_value present_value(const attributes& held, const attribute_schema& schema, const attribute_change& change) {
    const auto found = held.find(change.attribute);
    if (found != held.end() && fits(found->second.value, change.type)) return found->second.value;
    const auto* definition = schema.find(change.attribute);
    return definition == nullptr ? fact_value{} : definition->fallback;
}

}  // namespace

result<void> ruleset::apply_event(customer& person, std::string_view event_name, json::value payload,
                                  time_point at) const {
    const auto& events = compiled_->events;
    const auto event =
        std::find_if(events.begin(), events.end(), [&](const auto& each) { return each.name == event_name; });
    if (event == events.end()) {
        std::vector<std::string> names;
        for (const auto& each : events) names.push_back(each.name);
        return fail(errc::not_found, "there is no event \"" + std::string(event_name) + "\" in profile.yaml" +
                                         settings::suggestion(event_name, names));
    }
    // Everything is read and added up on a copy: a payload that does not fit changes nothing.
    attributes changed = person.declared;
    const std::string source = "event:" + event->name;
    for (const auto& change : event->changes) {
        if (change.what == change_kind::clear) {
            changed.erase(change.attribute);
            continue;
        }
        const bool is_set = changed.contains(change.attribute) &&
                            !std::holds_alternative<std::monostate>(changed.find(change.attribute)->second.value);
        if (change.what == change_kind::set_once && is_set) continue;
        auto value = value_of(change, payload, at);
        if (!value) return value.error();
        if (change.what == change_kind::add) {
            auto total = sum_of(present_value(changed, compiled_->customer_attributes, change), *value);
            if (!total) return fail(errc::invalid, change.attribute + ": the sum is too large");
            value = std::move(*total);
        }
        changed.insert_or_assign(change.attribute, attribute{std::move(*value), source, at});
    }
    person.declared = std::move(changed);
    person.known = true;
    return {};
}

}  // namespace kindred::rules
