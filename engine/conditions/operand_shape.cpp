#include "engine/conditions/operand_reader.hpp"

namespace kindred::conditions {
namespace {

using settings::shape;
namespace shapes = settings::shapes;
using enum operator_kind;

shape weekday_shape() {
    constexpr auto days = "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$";
    return shapes::name().matching(days);
}

shape time_shape() { return shapes::either({shapes::time(), shapes::date()}); }

/// A constant that the fact is compared with.
shape value_shape(const fact_definition& fact) {
    switch (fact.type) {
        case fact_type::text:
        case fact_type::text_list: return shapes::text();
        case fact_type::choice: return fact.names.empty() ? shapes::text() : shapes::choice(fact.names);
        case fact_type::ordered_choice:
            if (fact.name == "time.weekday") return weekday_shape();
            return fact.names.empty() ? shapes::text() : shapes::choice(fact.names);
        case fact_type::yes_no: return shapes::yes_no();
        case fact_type::integer:
        case fact_type::number: return shapes::number(-largest_number, largest_number);
        case fact_type::duration: return shapes::span(duration::min());
        case fact_type::time: return time_shape();
        case fact_type::date: return shapes::date();
    }
    return shapes::anything();
}

shape operand_shape(operator_kind op, const shape& value) {
    switch (op) {
        case in:
        case not_in: return shapes::list_or_one(value).at_least(1);
        case between: return shapes::list(value).at_least(2).at_most(2);
        case contains:
        case starts_with:
        case ends_with: return shapes::name();
        case contains_any: return shapes::list_or_one(shapes::name()).at_least(1);
        case matches: return shapes::name().meaning("an RE2 pattern");
        case known: return shapes::yes_no();
        case within:
        case older_than: return shapes::span();
        default: return value;
    }
}

shape forms_of(const shape& value, const std::vector<operator_kind>& taken, bool compares_as_a_whole) {
    std::vector<settings::key_shape> keys;
    for (const auto op : taken) keys.push_back(shapes::optional(std::string(name_of(op)), operand_shape(op, value)));
    auto operators = shapes::section(std::move(keys));
    operators.least_count = 1;
    if (!compares_as_a_whole) return operators;
    return shapes::either({value, shapes::list(value).at_least(1), std::move(operators)});
}

std::vector<operator_kind> operators_taken(fact_type type) {
    std::vector<operator_kind> taken;
    for (const auto& name : all_operator_names())
        if (const auto op = *operator_named(name); takes(type, op)) taken.push_back(op);
    return taken;
}

}  // namespace

shape asked_shape(const fact_definition& fact) {
    return forms_of(value_shape(fact), operators_taken(fact.type), takes(fact.type, is));
}

shape asked_shape_of_any_type() {
    std::vector<operator_kind> all;
    for (const auto& name : all_operator_names()) all.push_back(*operator_named(name));
    return forms_of(shapes::text(), all, true);
}

}  // namespace kindred::conditions
