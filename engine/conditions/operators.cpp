#include "engine/conditions/operators.hpp"

#include <array>
#include <utility>

namespace kindred::conditions {
namespace {

using enum operator_kind;

constexpr std::array<std::pair<std::string_view, operator_kind>, 19> names{{
    {"is", is},
    {"not", is_not},
    {"in", in},
    {"not_in", not_in},
    {"above", above},
    {"at_least", at_least},
    {"below", below},
    {"at_most", at_most},
    {"between", between},
    {"contains", contains},
    {"contains_any", contains_any},
    {"starts_with", starts_with},
    {"ends_with", ends_with},
    {"matches", matches},
    {"known", known},
    {"within", within},
    {"older_than", older_than},
    {"before", before},
    {"after", after},
}};

bool compares_equal(operator_kind op) { return op == is || op == is_not || op == in || op == not_in; }
bool compares_order(operator_kind op) {
    return op == above || op == at_least || op == below || op == at_most || op == between;
}
bool looks_inside(operator_kind op) {
    return op == contains || op == contains_any || op == starts_with || op == ends_with || op == matches;
}

}  // namespace

std::string_view name_of(operator_kind op) {
    for (const auto& [name, kind] : names)
        if (kind == op) return name;
    return "";
}

std::optional<operator_kind> operator_named(std::string_view name) {
    for (const auto& [known_name, kind] : names)
        if (known_name == name) return kind;
    return std::nullopt;
}

std::vector<std::string> all_operator_names() {
    std::vector<std::string> all;
    for (const auto& [name, kind] : names) all.emplace_back(name);
    return all;
}

bool takes(fact_type type, operator_kind op) {
    if (op == known) return true;
    switch (type) {
        case fact_type::text:
        case fact_type::text_list: return compares_equal(op) || looks_inside(op);
        case fact_type::choice:
        case fact_type::yes_no: return compares_equal(op);
        case fact_type::ordered_choice:
        case fact_type::integer:
        case fact_type::number:
        case fact_type::duration: return compares_equal(op) || compares_order(op);
        case fact_type::time: return op == within || op == older_than || op == before || op == after || op == between;
        case fact_type::date: return compares_equal(op) || op == before || op == after || op == between;
    }
    return false;
}

std::string operators_of(fact_type type) {
    std::string all;
    for (const auto& [name, kind] : names)
        if (takes(type, kind)) all.append(all.empty() ? "" : ", ").append(name);
    return all;
}

}  // namespace kindred::conditions
