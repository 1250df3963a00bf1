#include "engine/rules/ruleset.hpp"

#include "engine/rules/decider.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

std::optional<text_body> render(const compiled_rules& rules, knowledge::text_kind kind, std::string_view id,
                                const decision_input& input) {
    decider placed(rules, input);
    const auto chosen = rules.library.named(kind, id, placed.languages());
    if (!chosen) return std::nullopt;
    placed.place_customer();
    const auto& entry = rules.library[chosen->index];
    return text_body{entry.id, entry.language, entry.title, entry.body.fill(placed.facts(), rules.zone)};
}

result<fact_value> read_json_attribute(const attribute_schema& schema, std::string_view name, json::value given) {
    const auto* definition = schema.find(name);
    if (definition != nullptr) return attribute_from_json(name, definition->type, given);
    return fail(errc::not_found,
                "there is no attribute \"" + std::string(name) + '"' + settings::suggestion(name, schema.names()));
}

}  // namespace

const queue_settings* compiled_rules::queue_named(std::string_view name) const {
    const auto found = std::find_if(queues.begin(), queues.end(), [&](const auto& each) { return each.name == name; });
    return found == queues.end() ? nullptr : &*found;
}

std::vector<std::string> compiled_rules::dimension_names() const {
    std::vector<std::string> names;
    for (const auto& each : dimensions) names.push_back(each.name);
    if (!stages.empty()) names.emplace_back("stage");
    return names;
}

std::vector<std::string> compiled_rules::segment_names(std::string_view dimension) const {
    std::vector<std::string> names;
    for (const auto& each : dimensions)
        if (each.name == dimension)
            for (const auto& group : each.groups) names.push_back(group.name);
    if (dimension == "stage")
        for (const auto& each : stages) names.push_back(each.name);
    return names;
}

const std::string& ruleset::hash() const { return compiled_->hash; }
const rule_files& ruleset::files() const { return compiled_->files; }
decision ruleset::decide(const decision_input& input) const { return decider(*compiled_, input).decide(); }

const std::vector<queue_settings>& ruleset::queues() const { return compiled_->queues; }
const queue_settings* ruleset::queue(std::string_view name) const { return compiled_->queue_named(name); }

const conditions::calendar* ruleset::calendar(std::string_view name) const {
    const auto found = compiled_->calendars.find(name);
    return found == compiled_->calendars.end() ? nullptr : &found->second;
}

const conditions::calendar* ruleset::calendar_of_queue(std::string_view queue_name) const {
    const auto* settings = queue(queue_name);
    return settings == nullptr || settings->calendar.empty() ? nullptr : calendar(settings->calendar);
}

const std::vector<std::string>& ruleset::skills() const { return compiled_->skills; }
const std::vector<priority_level>& ruleset::priorities() const { return compiled_->priorities; }
const std::string& ruleset::default_priority() const { return compiled_->default_priority; }
const site_settings& ruleset::site() const { return compiled_->site; }

int ruleset::cost_of(channel_kind kind) const {
    const auto found = compiled_->costs.find(kind);
    return found == compiled_->costs.end() ? 1 : found->second;
}

attributes ruleset::customer_defaults() const { return compiled_->customer_attributes.defaults(); }

result<fact_value> ruleset::customer_attribute(std::string_view name, json::value given) const {
    return read_json_attribute(compiled_->customer_attributes, name, given);
}
result<fact_value> ruleset::contact_attribute(std::string_view name, json::value given) const {
    return read_json_attribute(compiled_->contact_attributes, name, given);
}

result<void> ruleset::check_pin(std::string_view dimension_name, std::string_view value) const {
    const auto values = compiled_->segment_names(dimension_name);
    if (values.empty())
        return fail(errc::not_found, "dimension: there is no \"" + std::string(dimension_name) + '"' +
                                         settings::suggestion(dimension_name, compiled_->dimension_names()));
    if (std::find(values.begin(), values.end(), value) != values.end()) return {};
    return fail(errc::not_found, "value: there is no \"" + std::string(value) + "\" in " + std::string(dimension_name) +
                                     settings::suggestion(value, values));
}

std::optional<text_body> ruleset::script(std::string_view id, const decision_input& input) const {
    return render(*compiled_, knowledge::text_kind::script, id, input);
}
std::optional<text_body> ruleset::article(std::string_view id, const decision_input& input) const {
    return render(*compiled_, knowledge::text_kind::article, id, input);
}

}  // namespace kindred::rules
