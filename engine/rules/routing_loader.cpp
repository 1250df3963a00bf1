#include "engine/rules/loaders.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using settings::field;
using settings::section;

constexpr duration longest_head_start = std::chrono::hours{24 * 366};
constexpr int highest_cost = 1'000'000;

namespace shapes = settings::shapes;

void add_outcome_shape(std::vector<settings::key_shape>& keys) {
    keys.push_back(shapes::required("queue", shapes::name()));
    keys.push_back(shapes::optional("priority", shapes::name()));
    for (const char* target : {"first_response", "next_response", "resolution"})
        keys.push_back(shapes::optional(target, shapes::span()));
    keys.push_back(shapes::optional("steps", steps_shape()));
    keys.push_back(shapes::optional("script", shapes::name().meaning("an id; the best-fitting one unless said")));
}

settings::shape route_shape() {
    std::vector<settings::key_shape> keys{
        shapes::required("name", shapes::name().matching("^(?!fallback$)[^]*\\S")),
        shapes::optional("when", shapes::condition("condition")),
        shapes::optional("share", shapes::percent().meaning("of the customers, always the same ones"))};
    add_outcome_shape(keys);
    return shapes::section(std::move(keys));
}

settings::shape costs_shape() {
    std::vector<settings::key_shape> keys;
    for (const auto kind : all_channel_kinds)
        keys.push_back(shapes::optional(std::string(kindred::name_of(kind)), shapes::integer(0, highest_cost)));
    return shapes::section(std::move(keys));
}

const std::map<channel_kind, int>& default_costs() {
    static const std::map<channel_kind, int> costs{{channel_kind::phone, 10}, {channel_kind::chat, 3},
                                                   {channel_kind::social, 3}, {channel_kind::email, 1},
                                                   {channel_kind::forum, 1},  {channel_kind::api, 1}};
    return costs;
}

void read_costs(const field& given, load_context& context) {
    auto in = given.as_section();
    for (const auto kind : all_channel_kinds)
        if (const auto cost = in.at(kindred::name_of(kind)).integer())
            context.rules.costs[kind] = static_cast<int>(*cost);
    in.finish();
}

void read_priority(section& in, load_context& context, route_definition& into) {
    const auto given = in.at("priority");
    into.priority = given.raw() == nullptr ? context.rules.default_priority
                                           : read_name(given, "priority", context.priority_names());
    for (const auto& each : context.rules.priorities)
        if (each.name == into.priority) into.head_start = each.head_start;
}

void read_script(const field& given, load_context& context, route_definition& into) {
    auto id = given.text_not_empty();
    if (!id) return;
    check_name(given, "script", *id, context.script_ids());
    into.script = std::move(*id);
}

/// What routes and the fallback have in common.
void read_outcome(section& in, load_context& context, route_definition& into) {
    into.queue = read_name(in.require("queue"), "queue", context.queue_names());
    read_priority(in, context, into);
    in.read("first_response", into.first_response);
    in.read("next_response", into.next_response);
    in.read("resolution", into.resolution);
    into.steps = load_steps(in.at("steps"), context);
    read_script(in.at("script"), context, into);
}

void read_route(const field& given, load_context& context, const conditions::parse_context& parsing) {
    auto in = given.as_section();
    if (!given.is_mapping()) return;
    route_definition route;
    const auto name = in.require("name");
    if (auto text = name.text_not_empty()) route.name = std::move(*text);
    route.place = {std::string(given.file()), name.at()};
    route.when = conditions::parse_condition(in.at("when"), parsing);
    route.share = in.at("share").percent();
    read_outcome(in, context, route);
    in.finish();
    if (route.name == "fallback")
        name.error("\"fallback\" is the name of the fallback; choose another");
    else if (!route.name.empty() && !context.route_names.insert(route.name).second)
        name.found().error(name.file(), name.at(), "there is a route \"" + route.name + "\" already");
    else if (!route.name.empty())
        context.rules.routes.push_back(std::move(route));
}

void read_fallback(const field& given, load_context& context, std::optional<route_definition>& into) {
    if (given.raw() == nullptr) return;
    if (into) {
        given.error("is given twice; there is one fallback");
        return;
    }
    route_definition fallback;
    fallback.name = "fallback";
    fallback.place = {std::string(given.file()), given.at()};
    fallback.when = {conditions::condition_group{}, context.rules.conditions_count++};
    auto in = given.as_section();
    read_outcome(in, context, fallback);
    in.finish();
    into = std::move(fallback);
}

void choose_default_priority(const field& given, load_context& context) {
    auto& rules = context.rules;
    if (given.raw() != nullptr) rules.default_priority = read_name(given, "priority", context.priority_names());
    if (!rules.default_priority.empty() || rules.priorities.empty()) return;
    const bool has_normal = std::any_of(rules.priorities.begin(), rules.priorities.end(),
                                        [](const auto& each) { return each.name == "normal"; });
    if (has_normal)
        rules.default_priority = "normal";
    else if (given.raw() == nullptr)
        context.found.error(given.file(), given.at(),
                            "default_priority: is missing, and there is no priority \"normal\"");
}

}  // namespace

const settings::shape& routing_file_shape() {
    static const auto shape = [] {
        std::vector<settings::key_shape> fallback;
        add_outcome_shape(fallback);
        std::vector<settings::key_shape> keys{
            shapes::optional("priorities", shapes::table(shapes::span(-longest_head_start, longest_head_start))
                                               .meaning("a head start in the queue by name")),
            shapes::optional("default_priority", shapes::name()),
            shapes::optional("costs", costs_shape().meaning("of an agent's capacity")),
            shapes::optional("routes", shapes::list(route_shape()).meaning("the first that holds decides")),
            shapes::optional("fallback", shapes::section(std::move(fallback)).meaning("where the rest goes")),
            shapes::optional("escalations", escalations_shape()),
            shapes::optional("self_service", self_service_shape())};
        for (auto& each : work_keys()) keys.push_back(std::move(each));
        return shapes::section(std::move(keys)).maybe_empty();
    }();
    return shape;
}

void load_priorities(load_context& context) {
    auto& priorities = context.rules.priorities;
    context.rules.costs = default_costs();
    for (const auto& file : context.files.of(file_kind::routing)) {
        const auto* given = file.root.find("priorities");
        if (given == nullptr) continue;
        const auto& shape = routing_file_shape().key("priorities")->value;
        for (const auto& each : field(file.shown_path, "priorities", given, context.found).shaped(shape).entries()) {
            const std::string name(each.key);
            if (!check_fresh_name(each.value, each.at, "priority", name, context.priority_names())) continue;
            const auto head_start = each.value.span();
            priorities.push_back({name, head_start.value_or(duration{0})});
        }
    }
    if (priorities.empty())
        priorities = {{"urgent", std::chrono::minutes{30}},
                      {"high", std::chrono::minutes{10}},
                      {"normal", duration{0}},
                      {"low", -std::chrono::minutes{10}}};
    std::stable_sort(priorities.begin(), priorities.end(),
                     [](const auto& left, const auto& right) { return left.head_start < right.head_start; });
}

void load_routing(load_context& context) {
    if (!context.files.has(file_kind::routing)) {
        context.found.error(context.files.shown("routing.yaml"), {},
                            "is missing: a ruleset needs routes and a fallback");
        return;
    }
    const auto parsing = context.ordinary_conditions();
    std::optional<route_definition> fallback;
    // Every file may state the default; it holds for the routes of all of them.
    for (const auto& file : context.files.of(file_kind::routing)) {
        const auto* given = file.root.find("default_priority");
        if (given != nullptr || &file == &context.files.of(file_kind::routing).back())
            choose_default_priority(field(file.shown_path, "default_priority", given, context.found, {1, 1}), context);
    }
    context.for_each_file(file_kind::routing, [&](section& top) {
        top.at("priorities");
        top.at("default_priority");
        read_costs(top.at("costs"), context);
        load_work(top, context);
        for (const auto& each : top.at("routes").list()) read_route(each, context, parsing);
        read_fallback(top.at("fallback"), context, fallback);
        load_escalations(top.at("escalations"), context);
        load_self_service(top.at("self_service"), context);
    });
    if (fallback) {
        context.rules.routes.push_back(std::move(*fallback));
    } else if (!context.files.of(file_kind::routing).empty()) {
        context.found.error(context.files.of(file_kind::routing).back().shown_path, {1, 1},
                            "fallback: is missing; it says where contacts go that no route takes");
    }
}

}  // namespace kindred::rules
