#include "engine/rules/loaders.hpp"

#include <algorithm>
#include <utility>

namespace kindred::rules {
namespace {

using conditions::fact_definition;
using settings::field;
using settings::named_field;
using settings::section;

namespace shapes = settings::shapes;

settings::shape named_condition_shape(const char* rest) {
    return shapes::section({shapes::required("name", shapes::name()),
                            shapes::optional("when", shapes::condition("condition_before_stage").meaning(rest))});
}

/// Dimensions are worked out one after the other, then the stage: a condition may ask only for what comes before it.
conditions::parse_context conditions_before_stage(load_context& context) {
    return context.conditions_where([&context](const fact_definition& fact) -> std::string {
        if (fact.scope == conditions::fact_scope::escalation)
            return fact.name + " can be asked for in escalations only";
        if (fact.name == "stage") return "the stage is not known yet where segments and stages are worked out";
        const auto& settled = context.rules.dimensions;
        const bool later = fact.name.starts_with("segment.") &&
                           std::none_of(settled.begin(), settled.end(),
                                        [&](const auto& each) { return "segment." + each.name == fact.name; });
        return later ? fact.name + " is not known yet here: dimensions are worked out from top to bottom" : "";
    });
}

/// Names that other files may ask for, whatever else may be wrong with what has them.
struct found_names {
    std::vector<std::string> names;
    bool some_missing = false;  ///< something that ought to have a name has none: others may exist
};

void add_names_in(const settings::node* list, found_names& into) {
    if (list == nullptr || list->kind != settings::node_kind::list) {
        into.some_missing = true;
        return;
    }
    for (const auto& each : list->items) {
        const auto* name = each.find("name");
        if (name == nullptr || name->kind != settings::node_kind::scalar)
            into.some_missing = true;
        else if (std::find(into.names.begin(), into.names.end(), name->text) == into.names.end())
            into.names.push_back(name->text);
    }
}

/// A name and, unless it is the one that takes the rest, a condition.
struct named_condition {
    std::string name;
    conditions::condition when;
    written_at place;
};

std::optional<named_condition> read_named_condition(const field& given, const char* what, bool takes_rest,
                                                    const std::vector<std::string>& taken,
                                                    const conditions::parse_context& parsing) {
    auto in = given.as_section();
    if (!given.is_mapping()) return std::nullopt;
    named_condition made;
    const auto name = in.require("name");
    const auto when = in.at("when");
    made.place = {std::string(given.file()), name.at()};
    made.when = conditions::parse_condition(when, parsing);
    if (takes_rest && when.raw() != nullptr)
        when.error(std::string("must be left out: the ") + (std::string_view(what) == "stage" ? "first" : "last") +
                   ' ' + what + " takes the rest");
    if (!takes_rest && when.raw() == nullptr) in.require("when");
    in.finish();
    auto text = name.text_not_empty();
    if (!text || !check_fresh_name(name, name.at(), what, *text, taken)) return std::nullopt;
    made.name = std::move(*text);
    return made;
}

void read_dimension(const named_field& given, load_context& context) {
    dimension made;
    made.name = given.key;
    const auto parsing = conditions_before_stage(context);
    auto in = given.value.as_section();
    std::string_view kind;
    in.choose("kind", kind, settings::choices<std::string_view>(customer_kinds));
    made.kind = kind;
    const auto groups = in.require("groups");
    const auto elements = groups.list();
    if (groups.is_list() && elements.empty()) groups.error("must have at least one segment");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        auto group = read_named_condition(elements[i], "segment", i + 1 == elements.size(), names, parsing);
        if (!group) continue;
        names.push_back(group->name);
        made.groups.push_back({std::move(group->name), std::move(group->when), std::move(group->place)});
    }
    in.finish();
    if (!check_plain_name(given.value, given.at, made.name)) return;
    auto& all = context.rules.dimensions;
    if (std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == made.name; }))
        given.value.found().error(given.value.file(), given.at, "there is a dimension \"" + made.name + "\" already");
    else
        all.push_back(std::move(made));
}

/// Every decision gives these facts a value, in the end that of the one that takes the rest.
void declare_worked_out(std::string name, conditions::fact_type type, found_names found, load_context& context) {
    fact_definition fact{.name = std::move(name), .type = type, .names = std::move(found.names)};
    fact.unsure = found.some_missing;
    fact.always_known = true;
    context.rules.catalog.declare(std::move(fact));
}

void declare_dimensions(load_context& context, const settings::node& root) {
    const auto* segments = root.find("segments");
    if (segments == nullptr) return;
    for (const auto& each : segments->members) {
        found_names segments_of_it;
        add_names_in(each.value.find("groups"), segments_of_it);
        declare_worked_out("segment." + each.key, conditions::fact_type::choice, std::move(segments_of_it), context);
    }
}

}  // namespace

const settings::shape& segments_file_shape() {
    static const auto shape = [] {
        auto groups = shapes::list(named_condition_shape("the last has none and takes the rest")).at_least(1);
        auto dimension = shapes::section({shapes::optional("kind", shapes::choice_of(customer_kinds)),
                                          shapes::required("groups", std::move(groups))});
        return shapes::section(
                   {shapes::required("segments", shapes::table(std::move(dimension)).matching(plain_name_pattern))})
            .maybe_empty();
    }();
    return shape;
}

const settings::shape& stages_file_shape() {
    static const auto shape =
        shapes::section(
            {shapes::required("stages", shapes::list(named_condition_shape("the first has none and takes the rest"))
                                            .at_least(1)
                                            .meaning("in funnel order"))})
            .maybe_empty();
    return shape;
}

void declare_segments_and_stages(load_context& context) {
    for (const auto& file : context.files.of(file_kind::segments)) declare_dimensions(context, file.root);
    found_names stages;
    for (const auto& file : context.files.of(file_kind::stages))
        if (file.root.kind != settings::node_kind::nothing) add_names_in(file.root.find("stages"), stages);
    if (context.files.has(file_kind::stages))
        declare_worked_out("stage", conditions::fact_type::ordered_choice, std::move(stages), context);
}

void load_segments(load_context& context) {
    context.for_each_file(file_kind::segments, [&](section& top) {
        for (const auto& each : top.require("segments").entries()) read_dimension(each, context);
    });
}

void load_stages(load_context& context) {
    const auto parsing = conditions_before_stage(context);
    std::vector<std::string> names;
    bool is_first = true;
    context.for_each_file(file_kind::stages, [&](section& top) {
        const auto stages = top.require("stages");
        const auto elements = stages.list();
        if (stages.is_list() && elements.empty()) stages.error("must have at least one stage");
        for (const auto& each : elements) {
            auto stage = read_named_condition(each, "stage", std::exchange(is_first, false), names, parsing);
            if (!stage) continue;
            names.push_back(stage->name);
            context.rules.stages.push_back({std::move(stage->name), std::move(stage->when), std::move(stage->place)});
        }
    });
}

}  // namespace kindred::rules
