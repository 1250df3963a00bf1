#include "engine/conditions/parse.hpp"

#include "engine/conditions/operand_reader.hpp"
#include "engine/conditions/operators.hpp"

#include <algorithm>

namespace kindred::conditions {
namespace {

using settings::field;
using settings::named_field;

/// Parses one `when` with all that is nested in it.
class condition_parser {
public:
    explicit condition_parser(const parse_context& context) : context_(context) {}

    /// All entries of a mapping must hold.
    condition mapping(const field& given) {
        condition_group all;
        all.at = given.at();
        for (const auto& entry : given.entries()) add_entry(entry, all.members);
        if (all.members.size() == 1) return std::move(all.members.front());
        return numbered(std::move(all));
    }

private:
    void add_entry(const named_field& entry, std::vector<condition>& into) {
        if (const auto kind = group_named(entry.key)) {
            condition_group group;
            group.kind = *kind;
            group.at = entry.at;
            for (const auto& each : entry.value.list()) group.members.push_back(mapping(each));
            into.push_back(numbered(std::move(group)));
            return;
        }
        const auto fact = known_fact(entry);
        if (!fact) return;
        if (entry.value.is_list()) {
            add_test(*fact, operator_kind::in, entry, entry.value, into);
        } else if (entry.value.is_mapping()) {
            add_operators(*fact, entry, into);
        } else {
            add_test(*fact, operator_kind::is, entry, entry.value, into);
        }
    }

    void add_operators(fact_id fact, const named_field& entry, std::vector<condition>& into) {
        const auto operators = entry.value.entries();
        if (operators.empty()) entry.value.error("states no operator; it takes " + operators_of(type_of(fact)));
        for (const auto& each : operators) {
            const auto op = operator_named(each.key);
            if (!op) {
                context_error(each, "there is no operator \"" + std::string(each.key) + "\"" +
                                        settings::suggestion(each.key, all_operator_names()));
                continue;
            }
            add_test(fact, *op, entry, each.value, into, each.at);
        }
    }

    void add_test(fact_id fact, operator_kind op, const named_field& entry, const field& value,
                  std::vector<condition>& into, std::optional<settings::position> op_at = std::nullopt) {
        if (!takes(type_of(fact), op)) {
            value.found().error(value.file(), op_at.value_or(value.at()),
                                std::string(entry.key) + " is " + std::string(name_of(type_of(fact))) +
                                    " and has no \"" + std::string(name_of(op)) + "\"; it takes " +
                                    operators_of(type_of(fact)));
            return;
        }
        auto wanted = read_operand({context_, fact, op, entry.key}, value);
        if (!wanted) return;
        std::string written = std::string(entry.key) + ": ";
        const std::string operand_text = value.raw() == nullptr ? "" : settings::to_flow_text(*value.raw());
        written += op_at ? "{ " + std::string(name_of(op)) + ": " + operand_text + " }" : operand_text;
        into.push_back({fact_test{fact, std::move(*wanted), std::move(written), entry.at}, context_.next_number++});
    }

    std::optional<fact_id> known_fact(const named_field& entry) {
        const auto* definition = context_.catalog.declared(entry.key);
        if (definition == nullptr && context_.may_exist && context_.may_exist(entry.key)) return std::nullopt;
        if (definition == nullptr) {
            context_error(entry, "there is no fact \"" + std::string(entry.key) + "\"" +
                                     settings::suggestion(entry.key, context_.catalog.all_names()));
            return std::nullopt;
        }
        const bool no_names = is_choice(definition->type) && definition->names.empty();
        if (definition->unsure || (no_names && entry.value.found().has_errors())) return std::nullopt;
        auto why_not = context_.refuses ? context_.refuses(*definition) : std::string();
        if (why_not.empty()) return context_.catalog.use(entry.key);
        context_error(entry, std::move(why_not));
        return std::nullopt;
    }

    static bool is_choice(fact_type type) { return type == fact_type::choice || type == fact_type::ordered_choice; }

    static void context_error(const named_field& entry, std::string message) {
        entry.value.found().error(entry.value.file(), entry.at, std::move(message));
    }

    static std::optional<group_kind> group_named(std::string_view key) {
        if (key == "all") return group_kind::all;
        if (key == "any") return group_kind::any;
        if (key == "none") return group_kind::none;
        return std::nullopt;
    }

    condition numbered(condition_group group) { return {std::move(group), context_.next_number++}; }
    fact_type type_of(fact_id fact) const { return context_.catalog[fact].type; }

    const parse_context& context_;
};

}  // namespace

condition parse_condition(const field& when, const parse_context& context) {
    if (when.raw() != nullptr && !when.is_mapping()) {
        when.error("must be a mapping from facts to what they must be");
        return {condition_group{}, context.next_number++};
    }
    return condition_parser(context).mapping(when);
}

}  // namespace kindred::conditions
