#include "engine/rules/loaders.hpp"

#include <algorithm>
#include <array>

namespace kindred::rules {
namespace {

using settings::field;
namespace shapes = settings::shapes;

constexpr duration longest_hold = std::chrono::hours{24};
/// Where an article can be sent with buttons, links or digits to answer it by.
constexpr std::array<std::pair<std::string_view, channel_kind>, 3> kinds{
    {{"chat", channel_kind::chat}, {"email", channel_kind::email}, {"social", channel_kind::social}}};

void read_channels(const field& given, std::vector<channel_kind>& into) {
    if (!given.present()) return;
    into.clear();
    for (const auto& each : given.list(true)) {
        const auto kind = each.choice(settings::choices<channel_kind>(kinds));
        if (kind && std::find(into.begin(), into.end(), *kind) == into.end()) into.push_back(*kind);
    }
}

settings::shape excluded_shape() {
    return shapes::either({shapes::list_or_one(shapes::name()), shapes::condition("condition")});
}

/// Groups by dimension, and under "when" a condition; a dimension of that name still is one where names are given.
void read_exclude(const field& given, load_context& context, self_service_settings& into) {
    for (const auto& each : given.entries()) {
        if (each.key == "when" && each.value.is_mapping()) {
            static const auto condition = shapes::condition("condition");
            into.place = {std::string(each.value.file()), each.at};
            into.exclude_when =
                conditions::parse_condition(each.value.shaped(condition), context.ordinary_conditions());
            continue;
        }
        if (!check_dimension(each, context.rules)) continue;
        const std::string dimension(each.key);
        const auto known = context.rules.segment_names(dimension);
        for (const auto& name : each.value.list(true)) {
            auto text = name.text_not_empty();
            if (text && check_name(name, dimension, *text, known)) into.exclude[dimension].push_back(std::move(*text));
        }
    }
}

}  // namespace

settings::shape self_service_shape() {
    return shapes::section(
               {shapes::optional("confidence",
                                 shapes::number(0.01, 1).meaning(
                                     "how sure it must be that an article answers; none is sent without")),
                shapes::optional("channels",
                                 shapes::list_or_one(shapes::choice_of(kinds)).meaning("chat and email unless said")),
                shapes::optional("exclude", shapes::table(excluded_shape())
                                                .meaning("segments by dimension, stages, or when: only people answer "
                                                         "them")),
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
    auto& made = context.rules.self_service;
    auto in = given.as_section();
    const auto confidence = in.at("confidence");
    made.confidence = confidence.number();
    const auto channels = in.at("channels");
    read_channels(channels, made.channels);
    const auto exclude = in.at("exclude");
    read_exclude(exclude, context, made);
    const auto hold = in.at("hold");
    made.hold = hold.span().value_or(duration{0});
    in.read("faq", made.faq);
    in.finish();
    const bool wants_answers = channels.present() || exclude.present() || hold.present();
    if (wants_answers && !confidence.present())
        given.error("confidence: is missing; it says how sure it must be that an article answers");
}

}  // namespace kindred::rules
