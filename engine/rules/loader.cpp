#include "engine/rules/loaders.hpp"

namespace kindred::rules {
namespace {

void compile(load_context& context) {
    auto& rules = context.rules;
    load_site(context);
    load_calendars(context);
    load_skills(context);
    load_profile(context);
    load_queues(context);
    load_priorities(context);
    declare_facts(rules);
    declare_segments_and_stages(context);
    load_segments(context);
    load_stages(context);
    load_library(context);
    load_routing(context);
    load_surveys(context);
    load_macros(context);
    for (const auto& check : context.checks_at_the_end) check();
}

/// What decider::decide() asks of the contact's text.
void watch_contact_words(compiled_rules& rules) {
    const auto text = rules.catalog.find("contact.text");
    if (!text) return;
    auto& into = rules.contact_words;
    for (const auto& dimension : rules.dimensions)
        for (const auto& group : dimension.groups) into.add(group.when, *text);
    for (const auto& stage : rules.stages) into.add(stage.when, *text);
    for (const auto& route : rules.routes) into.add(route.when, *text);
    for (const auto& entry : rules.library.entries()) into.add(entry.fits, *text);
    into.finish();
}

/// Once the last condition is parsed, what is in use is known.
void finish(compiled_rules& rules) {
    rules.contact_language = rules.catalog.use("contact.language");
    rules.customer_language = rules.catalog.use("customer.language");
    rules.readers = readers_for(rules.catalog);
    for (auto& each : rules.dimensions) each.fact = rules.catalog.find("segment." + each.name);
    rules.stage_fact = rules.catalog.find("stage");
    std::vector<const conditions::condition*> in_order;
    for (const auto& route : rules.routes) in_order.push_back(&route.when);
    rules.index.emplace(in_order, rules.catalog);
    watch_contact_words(rules);
    if (rules.site.languages.empty()) rules.site.languages.push_back(rules.site.default_language);
}

}  // namespace

loaded load(rule_files files, std::string_view shown_folder) {
    auto rules = std::make_shared<compiled_rules>();
    rules->hash = hash_of(files);
    rules->files = std::move(files);
    settings::problems found;
    {
        const sources parsed(rules->files, shown_folder, found);
        load_context context{parsed, *rules, found};
        compile(context);
    }
    loaded outcome;
    outcome.problems = found.sorted();
    if (found.has_errors()) return outcome;
    finish(*rules);
    outcome.rules.emplace(std::move(rules));
    return outcome;
}

loaded load_folder(const std::filesystem::path& folder) {
    auto files = read_folder(folder);
    if (files) return load(std::move(*files), folder.string());
    auto message = files.error().message;
    if (const auto prefix = folder.string() + ": "; message.starts_with(prefix)) message.erase(0, prefix.size());
    return {std::nullopt, {{folder.string(), {}, settings::severity::error, std::move(message)}}};
}

}  // namespace kindred::rules
