#include "engine/rules/loaders.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using settings::field;

namespace shapes = settings::shapes;

void read_survey(const field& given, load_context& context, const conditions::parse_context& parsing) {
    auto in = given.as_section();
    if (!given.is_mapping()) return;
    survey_definition made;
    const auto name = in.require("name");
    if (auto text = name.text_not_empty()) made.name = std::move(*text);
    made.place = {std::string(given.file()), name.at()};
    made.when = conditions::parse_condition(in.at("when"), parsing);
    const auto ask = in.require("ask");
    made.questions = ask.texts(true);
    if (ask.is_list() && ask.raw()->items.empty()) ask.error("must have at least one question");
    made.share = in.at("share").percent().value_or(100);
    in.read("at_most_every", made.at_most_every);
    in.finish();
    auto& all = context.rules.surveys;
    if (std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.name == made.name; }))
        name.found().error(name.file(), name.at(), "there is a survey \"" + made.name + "\" already");
    else if (!made.name.empty())
        all.push_back(std::move(made));
}

}  // namespace

const settings::shape& surveys_file_shape() {
    static const auto shape = [] {
        auto survey = shapes::section(
            {shapes::required("name", shapes::name()),
             shapes::optional("when", shapes::condition("escalation_condition").meaning("after which tickets")),
             shapes::required("ask", shapes::list_or_one(shapes::name()).at_least(1)),
             shapes::optional("share", shapes::percent()),
             shapes::optional("at_most_every", shapes::span().meaning("for one customer"))});
        return shapes::section({shapes::required("surveys", shapes::list(std::move(survey)))}).maybe_empty();
    }();
    return shape;
}

void load_surveys(load_context& context) {
    const auto parsing = context.conditions_where(nullptr);
    context.for_each_file(file_kind::surveys, [&](settings::section& top) {
        for (const auto& each : top.require("surveys").list()) read_survey(each, context, parsing);
    });
}

}  // namespace kindred::rules
