#include "engine/rules/loaders.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using settings::field;

namespace shapes = settings::shapes;

bool asks_for_ticket(const conditions::condition& when, const conditions::fact_catalog& catalog) {
    if (const auto* test = std::get_if<conditions::fact_test>(&when.what))
        return catalog[test->fact].name.starts_with("ticket.");
    const auto& members = std::get<conditions::condition_group>(when.what).members;
    return std::any_of(members.begin(), members.end(),
                       [&](const auto& each) { return asks_for_ticket(each, catalog); });
}

void read_actions(const field& given, load_context& context, escalation_definition& into) {
    auto in = given.as_section();
    into.priority = read_name(in.at("priority"), "priority", context.priority_names());
    into.also_offer = read_name(in.at("also_offer"), "queue", context.queue_names());
    in.read("notify", into.notify);
    if (given.is_mapping() && given.raw()->members.empty())
        given.error("says nothing to do: priority, also_offer, notify");
    in.finish();
}

}  // namespace

settings::shape escalations_shape() {
    auto actions =
        shapes::section({shapes::optional("priority", shapes::name()), shapes::optional("also_offer", shapes::name()),
                         shapes::optional("notify", shapes::list_or_one(shapes::name()))});
    actions.least_count = 1;
    return shapes::list(shapes::section({shapes::required("name", shapes::name()),
                                         shapes::required("when", shapes::condition("escalation_condition")),
                                         shapes::required("then", std::move(actions))}));
}

void load_escalations(const field& given, load_context& context) {
    const auto parsing = context.conditions_where([](const conditions::fact_definition& fact) {
        return fact.name == disposition_fact ? fact.name + " can be asked for in surveys only" : std::string();
    });
    for (const auto& each : given.list()) {
        auto in = each.as_section();
        if (!each.is_mapping()) continue;
        escalation_definition made;
        const auto name = in.require("name");
        if (auto text = name.text_not_empty()) made.name = std::move(*text);
        made.place = {std::string(each.file()), name.at()};
        const auto when = in.require("when");
        made.when = conditions::parse_condition(when, parsing);
        if (when.is_mapping() && !context.found.has_errors() && !asks_for_ticket(made.when, context.rules.catalog))
            when.error("asks for no ticket.* fact: nothing would ever set it off");
        read_actions(in.require("then"), context, made);
        in.finish();
        auto& all = context.rules.escalations;
        if (std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.name == made.name; }))
            name.found().error(name.file(), name.at(), "there is an escalation \"" + made.name + "\" already");
        else if (!made.name.empty())
            all.push_back(std::move(made));
    }
}

}  // namespace kindred::rules
