#include "engine/api/segment_findings.hpp"

#include "engine/base/background.hpp"
#include "engine/customers/everybody.hpp"
#include "engine/rules/compiled_rules.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <atomic>
#include <future>
#include <limits>
#include <thread>

namespace kindred::api {
namespace {

constexpr std::size_t least_customers = 100;  // fewer say nothing that would hold for others

/// Declared attributes that a split can ask for, of those customers who have an outcome.
class known_attributes {
public:
    known_attributes(const rules::ruleset& rules, const std::vector<insight::segment_study::outcome_table>& tables) {
        for (const auto& table : tables)
            for (const auto each : table.whose)
                places_.try_emplace(each.value, static_cast<std::uint32_t>(places_.size()));
        using conditions::fact_type;
        for (const auto& declared : rules.compiled().customer_attributes.attributes) {
            const bool number = declared.type == fact_type::number || declared.type == fact_type::integer;
            if (!number && declared.type != fact_type::text) continue;
            insight::attribute_column made;
            made.name = declared.name;
            if (number)
                made.values = std::vector<double>(places_.size(), std::numeric_limits<double>::quiet_NaN());
            else
                made.values = std::vector<std::string>(places_.size());
            all_.push_back(std::move(made));
        }
    }

    void note(const customer& who, const attributes& defaults) {
        const auto place = places_.find(who.id.value);
        if (place == places_.end()) return;
        for (auto& each : all_) {
            const auto held = who.declared.find(each.name);
            const auto otherwise = defaults.find(each.name);
            if (held != who.declared.end())
                set(each, place->second, held->second.value);
            else if (otherwise != defaults.end())
                set(each, place->second, otherwise->second.value);
        }
    }

    /// Of these customers, in their order.
    std::vector<insight::attribute_column> of(const std::vector<customer_id>& whose) const {
        std::vector<insight::attribute_column> columns;
        for (const auto& each : all_) {
            auto& made = columns.emplace_back();
            made.name = "customer." + each.name;
            std::visit([&](const auto& values) { made.values = picked(values, whose); }, each.values);
        }
        return columns;
    }

private:
    /// A value of another type than the attribute has now is not known.
    static void set(insight::attribute_column& in, std::uint32_t place, const fact_value& value) {
        auto* numbers = std::get_if<std::vector<double>>(&in.values);
        if (const auto* whole = std::get_if<std::int64_t>(&value); whole != nullptr && numbers != nullptr)
            (*numbers)[place] = static_cast<double>(*whole);
        if (const auto* number = std::get_if<double>(&value); number != nullptr && numbers != nullptr)
            (*numbers)[place] = *number;
        if (const auto* text = std::get_if<std::string>(&value); text != nullptr && numbers == nullptr)
            std::get<std::vector<std::string>>(in.values)[place] = *text;
    }
    template <class Value>
    std::vector<Value> picked(const std::vector<Value>& from, const std::vector<customer_id>& whose) const {
        std::vector<Value> made;
        made.reserve(whose.size());
        for (const auto each : whose) made.push_back(from[places_.at(each.value)]);
        return made;
    }

    boost::unordered_flat_map<std::uint64_t, std::uint32_t> places_;  ///< of customers
    std::vector<insight::attribute_column> all_;
};

/// Whose satisfaction is on record, and how high.
result<std::vector<std::pair<customer_id, double>>> stated_satisfaction(store::store& from) {
    std::vector<std::pair<customer_id, double>> made;
    auto read = customers::for_everybody(
        from,
        [&](const customer& who) -> result<void> {
            if (who.satisfaction) made.emplace_back(who.id, *who.satisfaction);
            return {};
        },
        "satisfaction");
    if (!read) return read.error();
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
    // Customers are read on a thread beside the one that walks their histories: each is half of the work.
    auto stated = std::async(std::launch::async, [&from] { return stated_satisfaction(from); });
    auto taken = from.entries_between(wanted, [&](const store::selected_entry& row) {
        const auto& entry = row.entry;
        study.take({entry.ticket, entry.number, entry.kind, entry.at, entry.json, row.channel, row.customer});
        return true;
    });
    const auto satisfied = stated.get();
    if (!taken) return taken.error();
    if (!satisfied) return satisfied.error();
    for (const auto& [who, satisfaction] : *satisfied) study.note_satisfaction(who, satisfaction);
    return study;
}

namespace {

/// What the first question asks decides; most of what a shop knows of its customers is what they do.
std::string kind_of(const insight::split_tree& tree, const rules::ruleset& rules) {
    constexpr std::string_view prefix = "customer.";
    const auto& asked = tree.nodes.front().question;
    const auto* declared =
        asked ? rules.compiled().customer_attributes.find(asked->attribute.substr(prefix.size())) : nullptr;
    return declared == nullptr || declared->kind.empty() ? "behavioral" : declared->kind;
}

}  // namespace

result<std::vector<insight::proposed_split>> propose_splits(store::store& from, const rules::ruleset& rules,
                                                            const insight::segment_study& study,
                                                            const insight::tree_policy& policy) {
    std::vector<std::string> names;
    std::vector<insight::segment_study::outcome_table> tables;
    for (const auto& name : study.outcomes()) {
        auto table = study.outcome(name);
        if (table.whose.size() < least_customers) continue;
        names.push_back(name);
        tables.push_back(std::move(table));
    }
    known_attributes attributes(rules, tables);
    const auto defaults = rules.customer_defaults();
    auto read = customers::for_everybody(from, [&](const customer& who) -> result<void> {
        attributes.note(who, defaults);
        return {};
    });
    if (!read) return read.error();
    // Each outcome by itself: two threads take the next one in turns.
    std::vector<result<insight::split_tree>> trees(names.size(), fail(errc::unknown, "not grown"));
    std::atomic<std::size_t> next{0};
    const auto grow = [&] {
        for (auto mine = next++; mine < names.size(); mine = next++)
            trees[mine] = insight::grow_tree(attributes.of(tables[mine].whose), tables[mine].columns, policy);
    };
    {
        const std::jthread helper([&] {
            work_in_the_background();
            grow();
        });
        grow();
    }
    std::vector<insight::proposed_split> made;
    for (std::size_t each = 0; each < names.size(); ++each) {
        const auto& tree = trees[each];
        if (!tree) return tree.error();
        if (!tree->proposes()) continue;
        made.push_back({names[each], tree->explained, tables[each].whose.size(),
                        insight::segments_yaml(*tree, "by_" + names[each], kind_of(*tree, rules))});
    }
    return made;
}

}  // namespace kindred::api
