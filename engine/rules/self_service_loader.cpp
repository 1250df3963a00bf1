#include "engine/rules/loaders.hpp"
#include "engine/rules/self_service.hpp"

#include <algorithm>
#include <array>

namespace kindred::rules {
namespace {

using settings::field;
namespace shapes = settings::shapes;

constexpr duration longest_hold = std::chrono::hours{24};
/// Where an article can be sent with buttons or links beside it.
constexpr std::array<std::pair<std::string_view, channel_kind>, 2> kinds{
    {{"chat", channel_kind::chat}, {"email", channel_kind::email}}};

void read_channels(const field& given, std::vector<channel_kind>& into) {
    if (!given.present()) return;
    into.clear();
    for (const auto& each : given.list(true)) {
        const auto kind = each.choice(settings::choices<channel_kind>(kinds));
        if (kind && std::find(into.begin(), into.end(), *kind) == into.end()) into.push_back(*kind);
    }
}

self_service_settings read_section(const field& given) {
    self_service_settings made;
    auto in = given.as_section();
    const auto confidence = in.at("confidence");
    made.confidence = confidence.number();
    const auto channels = in.at("channels");
    read_channels(channels, made.channels);
    const auto exclude = in.at("exclude");
    for (const auto& each : exclude.entries()) made.exclude[std::string(each.key)] = each.value.texts(true);
    const auto hold = in.at("hold");
    made.hold = hold.span().value_or(duration{0});
    in.read("faq", made.faq);
    in.finish();
    const bool wants_answers = channels.present() || exclude.present() || hold.present();
    if (wants_answers && !confidence.present())
        given.error("confidence: is missing; it says how sure it must be that an article answers");
    return made;
}

std::vector<std::string> segments_of(const compiled_rules& rules, std::string_view dimension_name) {
    std::vector<std::string> names;
    for (const auto& each : rules.dimensions)
        if (each.name == dimension_name)
            for (const auto& group : each.groups) names.push_back(group.name);
    if (dimension_name == "stage")
        for (const auto& each : rules.stages) names.push_back(each.name);
    return names;
}

void check_exclude(const field& given, const load_context& context) {
    std::vector<std::string> dimensions;
    for (const auto& each : context.rules.dimensions) dimensions.push_back(each.name);
    if (!context.rules.stages.empty()) dimensions.emplace_back("stage");
    for (const auto& each : given.entries()) {
        const std::string dimension(each.key);
        if (std::find(dimensions.begin(), dimensions.end(), dimension) == dimensions.end()) {
            given.found().error(
                given.file(), each.at,
                "there is no dimension \"" + dimension + '"' + settings::suggestion(dimension, dimensions));
            continue;
        }
        const auto known = segments_of(context.rules, dimension);
        for (const auto& name : each.value.list(true))
            if (const auto text = name.text_not_empty()) (void)check_name(name, dimension, *text, known);
    }
}

}  // namespace

settings::shape self_service_shape() {
    return shapes::section(
               {shapes::optional("confidence",
                                 shapes::number(0.01, 1).meaning(
                                     "how sure it must be that an article answers; none is sent without")),
                shapes::optional("channels", shapes::list_or_one(shapes::choice_of(kinds)).meaning("both unless said")),
                shapes::optional("exclude", shapes::table(shapes::list_or_one(shapes::name()))
                                                .meaning("segments by dimension, or stages: only people answer them")),
                shapes::optional("hold", shapes::span(duration{0}, longest_hold)
                                             .meaning("how long agents are not offered what an article answered")),
                shapes::optional("faq", shapes::yes_no().meaning("whether everybody finds articles at /faq"))})
        .meaning("what customers get before an agent");
}

void load_self_service(const field& given, load_context& context) {
    if (given.raw() == nullptr) return;
    const auto& files = context.files.of(file_kind::routing);
    const auto first = std::find_if(files.begin(), files.end(),
                                    [](const auto& each) { return each.root.find("self_service") != nullptr; });
    if (first->root.find("self_service") != given.raw()) {
        given.error("is given twice; it stands in " + first->shown_path + " already");
        return;
    }
    (void)read_section(given);
    if (given.is_mapping()) check_exclude(given.as_section().at("exclude"), context);
}

self_service_settings self_service_of(const ruleset& rules) {
    rule_files routing;
    for (const auto& each : rules.files())
        if (kind_of_file(each.path) == file_kind::routing) routing.push_back(each);
    settings::problems none;  // there were none when the rules were loaded
    const sources parsed(routing, {}, none);
    for (const auto& file : parsed.of(file_kind::routing))
        if (const auto* given = file.root.find("self_service"))
            return read_section(field(file.shown_path, "self_service", given, none)
                                    .shaped(routing_file_shape().key("self_service")->value));
    return {};
}

}  // namespace kindred::rules
