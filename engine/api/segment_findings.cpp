#include "engine/api/segment_findings.hpp"

#include "engine/customers/everybody.hpp"
#include "engine/rules/compiled_rules.hpp"

#include <limits>
#include <unordered_map>

namespace kindred::api {
namespace {

constexpr std::size_t least_customers = 100;  // fewer say nothing that would hold for others

/// A declared attribute that a split can ask for, of all customers who may be looked at.
struct known_attribute {
    std::string name;
    bool is_number = false;
    std::unordered_map<customer_id, double> numbers;
    std::unordered_map<customer_id, std::string> texts;
};

std::vector<known_attribute> attributes_of(const rules::ruleset& rules) {
    using conditions::fact_type;
    std::vector<known_attribute> made;
    for (const auto& declared : rules.compiled().customer_attributes.attributes) {
        const bool number = declared.type == fact_type::number || declared.type == fact_type::integer;
        if (number || declared.type == fact_type::text) made.push_back({declared.name, number, {}, {}});
    }
    return made;
}

void note(known_attribute& into, customer_id whose, const fact_value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) into.numbers[whose] = static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&value)) into.numbers[whose] = *number;
    if (const auto* text = std::get_if<std::string>(&value)) into.texts[whose] = *text;
}

insight::attribute_column column_of(const known_attribute& from, const std::vector<customer_id>& whose) {
    insight::attribute_column made;
    made.name = "customer." + from.name;
    if (from.is_number) {
        std::vector<double> numbers;
        for (const auto each : whose) {
            const auto found = from.numbers.find(each);
            numbers.push_back(found == from.numbers.end() ? std::numeric_limits<double>::quiet_NaN() : found->second);
        }
        made.values = std::move(numbers);
    } else {
        std::vector<std::string> texts;
        for (const auto each : whose) {
            const auto found = from.texts.find(each);
            texts.push_back(found == from.texts.end() ? std::string() : found->second);
        }
        made.values = std::move(texts);
    }
    return made;
}

}  // namespace

result<insight::segment_study> study_segments(store::store& from, time_point begin, time_point end) {
    insight::segment_study study;
    const store::entry_selection wanted{begin,
                                        end,
                                        insight::segment_study::kinds(),
                                        insight::segment_study::kinds_with_json(),
                                        insight::segment_study::kinds_with_ticket(),
                                        true};
    auto taken = from.entries_between(wanted, [&](const store::selected_entry& row) {
        const auto& entry = row.entry;
        study.take({entry.ticket, entry.number, entry.kind, entry.at, entry.json, row.channel, row.customer});
        return true;
    });
    if (!taken) return taken.error();
    auto everybody = customers::for_everybody(from, [&](const customer& who) -> result<void> {
        if (who.satisfaction) study.note_satisfaction(who.id, *who.satisfaction);
        return {};
    });
    if (!everybody) return everybody.error();
    return study;
}

result<std::vector<insight::proposed_split>> propose_splits(store::store& from, const rules::ruleset& rules,
                                                            const insight::segment_study& study,
                                                            const insight::tree_policy& policy) {
    auto attributes = attributes_of(rules);
    const auto defaults = rules.customer_defaults();
    auto read = customers::for_everybody(from, [&](const customer& who) -> result<void> {
        for (auto& each : attributes) {
            const auto held = who.declared.find(each.name);
            const auto otherwise = defaults.find(each.name);
            if (held != who.declared.end())
                note(each, who.id, held->second.value);
            else if (otherwise != defaults.end())
                note(each, who.id, otherwise->second.value);
        }
        return {};
    });
    if (!read) return read.error();
    std::vector<insight::proposed_split> made;
    for (const auto& name : study.outcomes()) {
        const auto table = study.outcome(name);
        if (table.whose.size() < least_customers) continue;
        std::vector<insight::attribute_column> columns;
        for (const auto& each : attributes) columns.push_back(column_of(each, table.whose));
        const auto tree = insight::grow_tree(columns, table.columns, policy);
        if (!tree) return tree.error();
        if (!tree->proposes()) continue;
        made.push_back(
            {name, tree->explained, table.whose.size(), insight::segments_yaml(*tree, "by_" + name, "behavioral")});
    }
    return made;
}

}  // namespace kindred::api
