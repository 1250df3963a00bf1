#include "engine/rules/loaders.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace kindred::rules {
namespace {

using settings::field;

namespace shapes = settings::shapes;

constexpr std::array<std::pair<std::string_view, question_kind>, 5> kinds{{{"csat", question_kind::csat},
                                                                           {"nps", question_kind::nps},
                                                                           {"ces", question_kind::ces},
                                                                           {"text", question_kind::text},
                                                                           {"preference", question_kind::preference}}};
constexpr std::size_t most_options = 9;  // so that one digit answers
constexpr std::int64_t largest_seed = 1'000'000'000;

/// A text for everybody, or one by language with the site's default among them.
translations read_words(const field& given, const load_context& context) {
    translations made;
    if (!given.is_mapping()) {
        if (auto text = given.text_not_empty()) made.emplace("", std::move(*text));
        return made;
    }
    for (const auto& each : given.entries()) {
        const std::string language(each.key);
        if (!is_language_code(language))
            each.value.found().error(each.value.file(), each.at,
                                     '"' + language + "\" is not a language code such as en or es");
        if (auto text = each.value.text_not_empty()) made.emplace(language, std::move(*text));
    }
    const auto& wanted = context.rules.site.default_language;
    if (!given.raw()->members.empty() && !made.contains(wanted))
        given.error("is not said in \"" + wanted + "\", the site's default language");
    return made;
}

void read_options(const field& given, const load_context& context, survey_question& into) {
    for (const auto& each : given.entries()) {
        check_plain_name(each.value, each.at, each.key);
        into.options.push_back({std::string(each.key), read_words(each.value, context)});
    }
    if (given.is_mapping() && (into.options.size() < 2 || into.options.size() > most_options))
        given.error("wants 2 to 9 options");
    if (given.present() && into.kind != question_kind::preference)
        given.error("are for preference alone: the other kinds have answers of their own");
}

/// A name that nobody gave: the kind, numbered from the second on.
std::string usual_name(const std::vector<survey_question>& before, question_kind kind) {
    const auto* const found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& each) { return each.second == kind; });
    const std::string plain(found->first);
    const auto taken = [&](const std::string& name) {
        return std::any_of(before.begin(), before.end(), [&](const auto& each) { return each.name == name; });
    };
    auto name = plain;
    for (int number = 2; taken(name); ++number) name = plain + "-" + std::to_string(number);
    return name;
}

void read_question(const field& given, const load_context& context, std::vector<survey_question>& into) {
    survey_question made;
    if (!given.is_mapping()) {
        if (auto text = given.text_not_empty()) made.says.emplace("", std::move(*text));
        made.name = usual_name(into, made.kind);
        if (!made.says.empty()) into.push_back(std::move(made));
        return;
    }
    auto in = given.as_section();
    if (const auto kind = in.require("kind"); kind.present())
        made.kind = kind.choice(settings::choices<question_kind>(kinds)).value_or(made.kind);
    made.says = read_words(in.require("text"), context);
    const auto name = in.at("name");
    if (auto text = name.text_not_empty(); text && check_plain_name(name, name.at(), *text))
        made.name = std::move(*text);
    read_options(in.at("options"), context, made);
    in.finish();
    if (made.name.empty()) made.name = usual_name(into, made.kind);
    const bool fresh = std::none_of(into.begin(), into.end(), [&](const auto& each) { return each.name == made.name; });
    if (fresh)
        into.push_back(std::move(made));
    else
        name.found().error(name.file(), name.at(), "there is a question \"" + made.name + "\" already");
}

void read_shares(const field& given, const load_context& context, survey_definition& into) {
    for (const auto& each : given.entries()) {
        if (!check_dimension(each, context.rules)) continue;
        const std::string dimension(each.key);
        segment_shares made{dimension, {}};
        const auto known = context.rules.segment_names(dimension);
        for (const auto& segment : each.value.entries()) {
            const std::string name(segment.key);
            if (std::find(known.begin(), known.end(), name) == known.end())
                segment.value.found().error(
                    segment.value.file(), segment.at,
                    dimension + ": there is no \"" + name + '"' + settings::suggestion(name, known));
            if (const auto percent = segment.value.percent()) made.percent.emplace(name, *percent);
        }
        into.shares.push_back(std::move(made));
    }
}

void read_survey(const field& given, load_context& context, const conditions::parse_context& parsing) {
    auto in = given.as_section();
    if (!given.is_mapping()) return;
    survey_definition made;
    const auto name = in.require("name");
    if (auto text = name.text_not_empty()) made.name = std::move(*text);
    made.place = {std::string(given.file()), name.at()};
    made.when = conditions::parse_condition(in.at("when"), parsing);
    const auto ask = in.require("ask");
    for (const auto& each : ask.list(true)) read_question(each, context, made.questions);
    if (ask.is_list() && ask.raw()->items.empty()) ask.error("must have at least one question");
    made.invitation = read_words(in.at("invite"), context);
    made.share = in.at("share").percent().value_or(100);
    read_shares(in.at("shares"), context, made);
    in.read("seed", made.seed);
    in.read("at_most_every", made.at_most_every);
    in.read("expires", made.expires);
    in.finish();
    auto& all = context.rules.surveys;
    if (std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.name == made.name; }))
        name.found().error(name.file(), name.at(), "there is a survey \"" + made.name + "\" already");
    else if (!made.name.empty())
        all.push_back(std::move(made));
}

settings::shape words_shape() {
    return shapes::either({shapes::name(), shapes::table(shapes::name()).matching(language_code_pattern)})
        .meaning("a text, or one by language");
}

settings::shape question_shape() {
    return shapes::either(
        {shapes::name().meaning("to be answered in words"),
         shapes::section(
             {shapes::required("kind", shapes::choice_of(kinds).meaning("csat 1-5, nps 0-10, ces 1-7, in words, or one "
                                                                        "of the options")),
              shapes::required("text", words_shape()),
              shapes::optional(
                  "name",
                  shapes::name().matching(plain_name_pattern).meaning("in reports and records; the kind unless said")),
              shapes::optional("options", shapes::table(words_shape())
                                              .matching(plain_name_pattern)
                                              .meaning("of a preference; without them it is answered in words"))})});
}

}  // namespace

const settings::shape& surveys_file_shape() {
    static const auto shape = [] {
        auto survey = shapes::section(
            {shapes::required("name", shapes::name()),
             shapes::optional("when", shapes::condition("survey_condition").meaning("after which tickets")),
             shapes::required("ask", shapes::list_or_one(question_shape()).at_least(1)),
             shapes::optional("invite", words_shape().meaning("what is said before the first question")),
             shapes::optional("share", shapes::percent()),
             shapes::optional("shares", shapes::table(shapes::table(shapes::percent()))
                                            .meaning("of single segments, by dimension: these go before share")),
             shapes::optional("seed", shapes::integer(0, largest_seed).meaning("another one takes another sample")),
             shapes::optional("at_most_every", shapes::span().meaning("for one customer")),
             shapes::optional("expires", shapes::span(std::chrono::minutes{1}, std::chrono::days{365})
                                             .meaning("how long it can be answered; 14d unless said"))});
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
