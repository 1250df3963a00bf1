#include "engine/rules/loaders.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kindred::rules {
namespace {

using conditions::fact_type;
using settings::field;
using settings::named_field;
using change_kind = attribute_change::kind;

constexpr std::array<std::pair<std::string_view, fact_type>, 10> attribute_types{{
    {"text", fact_type::text},
    {"integer", fact_type::integer},
    {"number", fact_type::number},
    {"yes_no", fact_type::yes_no},
    {"boolean", fact_type::yes_no},
    {"time", fact_type::time},
    {"date", fact_type::date},
    {"duration", fact_type::duration},
    {"list", fact_type::text_list},
    {"texts", fact_type::text_list},
}};

namespace shapes = settings::shapes;

settings::shape attributes_shape(bool of_customers) {
    std::vector<settings::key_shape> keys{shapes::required("type", shapes::choice_of(attribute_types)),
                                          shapes::optional("default", shapes::anything())};
    if (of_customers) keys.push_back(shapes::optional("kind", shapes::choice_of(customer_kinds)));
    return shapes::table(shapes::section(std::move(keys))).matching(plain_name_pattern);
}

void read_attributes(const field& given, bool of_customers, attribute_schema& into) {
    const auto taken = of_customers ? builtin_customer_names() : std::vector<std::string>{};
    for (const auto& each : given.entries()) {
        attribute_definition made;
        made.name = each.key;
        auto section = each.value.as_section();
        const auto type = section.require("type").choice(settings::choices<fact_type>(attribute_types));
        const auto fallback = section.at("default");
        if (of_customers) {
            std::string_view kind;
            section.choose("kind", kind, settings::choices<std::string_view>(customer_kinds));
            made.kind = kind;
        }
        if (type) {
            made.type = *type;
            if (auto value = read_attribute(fallback, *type); value && fallback.raw() != nullptr)
                made.fallback = std::move(*value);
        }
        section.finish();
        if (!check_plain_name(each.value, each.at, each.key)) continue;
        if (!check_fresh_name(each.value, each.at, "attribute", made.name, into.names())) continue;
        if (std::find(taken.begin(), taken.end(), each.key) != taken.end()) {
            each.value.found().error(each.value.file(), each.at,
                                     "\"" + made.name + "\" is built in and cannot be declared");
            continue;
        }
        // A wrong type is reported once; declaring the name all the same keeps its uses from being reported too.
        made.unsure = !type;
        into.attributes.push_back(std::move(made));
    }
}

bool can_add(fact_type type) {
    return type == fact_type::integer || type == fact_type::number || type == fact_type::duration ||
           type == fact_type::text_list;
}

void read_change(const named_field& given, change_kind what, const attribute_schema& schema, profile_event& into) {
    const std::string name(given.key);
    if (!check_name(field(given.value.file(), "", given.value.raw(), given.value.found(), given.at),
                    "customer attribute", name, schema.names()))
        return;
    attribute_change change;
    change.what = what;
    change.attribute = name;
    change.type = schema.find(name)->type;
    if (what == change_kind::add && !can_add(change.type)) {
        given.value.error("cannot be added to: it is " + std::string(conditions::name_of(change.type)));
        return;
    }
    const auto* raw = given.value.raw();
    if (given.value.is_scalar() && !raw->quoted && raw->text.size() > 1 && raw->text.front() == '$') {
        change.from = raw->text.substr(1);
    } else if (auto value = read_attribute(given.value, change.type)) {
        change.from = std::move(*value);
    } else {
        return;
    }
    into.changes.push_back(std::move(change));
}

void read_event(const named_field& given, load_context& context) {
    profile_event event;
    event.name = given.key;
    const auto& schema = context.rules.customer_attributes;
    auto section = given.value.as_section();
    for (const auto& [key, what] : {std::pair{"add", change_kind::add}, std::pair{"set", change_kind::set},
                                    std::pair{"set_once", change_kind::set_once}})
        for (const auto& each : section.at(key).entries()) read_change(each, what, schema, event);
    const auto cleared = section.at("clear");
    for (const auto& each : cleared.list(true))
        if (auto name = read_name(each, "customer attribute", schema.names()); !name.empty())
            event.changes.push_back({change_kind::clear, name, schema.find(name)->type, fact_value{}});
    section.finish();
    auto& events = context.rules.events;
    const bool taken = std::any_of(events.begin(), events.end(), [&](const auto& e) { return e.name == event.name; });
    if (taken)
        given.value.found().error(given.value.file(), given.at, "there is an event \"" + event.name + "\" already");
    else
        events.push_back(std::move(event));
}

}  // namespace

const settings::shape& profile_file_shape() {
    static const auto shape = [] {
        const auto changes = [](const char* meaning) { return shapes::table(shapes::anything()).meaning(meaning); };
        auto event = shapes::section(
            {shapes::optional("add", changes("sums numbers and durations, adds texts to a list")),
             shapes::optional("set", changes("a constant, or $member of the event's payload; $at is its time")),
             shapes::optional("set_once", changes("likewise, unless the attribute has a value")),
             shapes::optional("clear", shapes::list_or_one(shapes::name()))});
        return shapes::section({shapes::optional("customer", attributes_shape(true)),
                                shapes::optional("contact", attributes_shape(false)),
                                shapes::optional("events", shapes::table(std::move(event)))})
            .maybe_empty();
    }();
    return shape;
}

void load_profile(load_context& context) {
    context.for_each_file(file_kind::profile, [&](settings::section& top) {
        read_attributes(top.at("customer"), true, context.rules.customer_attributes);
        read_attributes(top.at("contact"), false, context.rules.contact_attributes);
        for (const auto& each : top.at("events").entries()) read_event(each, context);
    });
}

}  // namespace kindred::rules
