#include "engine/rules/loaders.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using settings::field;

constexpr int highest_level = 10;

namespace shapes = settings::shapes;

settings::shape level_shape() {
    auto language = shapes::choice({"contact.language"});
    auto long_form = shapes::section(
        {shapes::required("language", language), shapes::optional("level", shapes::integer(1, highest_level))});
    return shapes::either({shapes::integer(1, highest_level), std::move(language), std::move(long_form)});
}

/// `contact.language`, or { language: contact.language, level: 5 }: the level.
std::optional<int> read_language_level(const field& given) {
    auto language = given;
    int level = 1;
    if (given.is_mapping()) {
        auto long_form = given.as_section();
        language = long_form.require("language");
        long_form.read("level", level);
        long_form.finish();
    }
    const auto text = language.text_not_empty();
    if (!text) return std::nullopt;
    if (*text == "contact.language") return level;
    language.error("must be contact.language, not \"" + *text + "\": the language is the contact's");
    return std::nullopt;
}

void read_requirements(const field& given, load_context& context, step_definition& into) {
    for (const auto& each : given.entries()) {
        if (each.key == "language") {
            into.language_level = read_language_level(each.value);
            continue;
        }
        const std::string skill(each.key);
        const auto level = each.value.integer();
        const auto& known = context.rules.skills;
        const bool is_known = std::find(known.begin(), known.end(), skill) != known.end();
        if (!is_known && known.empty() && context.found.has_errors())
            continue;  // why there are none is reported already
        if (!is_known)
            each.value.found().error(each.value.file(), each.at,
                                     "there is no skill \"" + skill + '"' + settings::suggestion(skill, known));
        else if (level)
            into.asks.skills.push_back({skill, static_cast<int>(*level)});
    }
    std::sort(into.asks.skills.begin(), into.asks.skills.end(),
              [](const auto& left, const auto& right) { return left.skill < right.skill; });
}

}  // namespace

settings::shape steps_shape() {
    return shapes::list(shapes::section(
                            {shapes::optional("require", shapes::table(level_shape()).meaning("skill: level, 1 to 10")),
                             shapes::optional("for", shapes::span(duration{1}).meaning("the last step has none")),
                             shapes::optional("skip_if_nobody",
                                              shapes::yes_no().meaning("pass over it when nobody present meets it"))}))
        .at_least(1);
}

std::vector<step_definition> load_steps(const field& given, load_context& context) {
    std::vector<step_definition> steps;
    const auto elements = given.list();
    if (given.is_list() && elements.empty())
        given.error("must have at least one step; leave it out for one empty step");
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const bool last = i + 1 == elements.size();
        step_definition made;
        made.at = elements[i].at();
        auto in = elements[i].as_section();
        read_requirements(in.at("require"), context, made);
        const auto lasts = in.at("for");
        made.asks.lasts = lasts.span();
        in.read("skip_if_nobody", made.asks.skip_if_nobody);
        if (last && made.asks.lasts) {
            lasts.warning("has no effect: the last step never ends");
            made.asks.lasts.reset();
        }
        if (!last && elements[i].is_mapping() && lasts.raw() == nullptr)
            elements[i].found().error(elements[i].file(), elements[i].at(),
                                      "for: is missing; only the last step has no end");
        in.finish();
        steps.push_back(std::move(made));
    }
    if (steps.empty()) steps.emplace_back();
    return steps;
}

}  // namespace kindred::rules
