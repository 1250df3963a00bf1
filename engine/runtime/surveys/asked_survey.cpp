#include "engine/runtime/surveys/asked_survey.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/card_numbers.hpp"
#include "engine/runtime/tickets/decision_record.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

void write_question(json::writer& out, const asked_question& question) {
    out.begin_object().member("name", question.name).member("kind", rules::name_of(question.kind));
    out.member("text", question.text);
    if (!question.options.empty()) {
        out.key("options").begin_array();
        for (const auto& each : question.options)
            out.begin_object().member("name", each.name).member("text", each.text).end_object();
        out.end_array();
    }
    out.end_object();
}

asked_question question_from(json::value from) {
    asked_question made{std::string(from["name"].text()),
                        rules::question_kind_named(from["kind"].text()),
                        std::string(from["text"].text()),
                        {}};
    from["options"].for_each([&](json::value each) {
        made.options.push_back({std::string(each["name"].text()), std::string(each["text"].text())});
    });
    return made;
}

survey_answer answer_from(json::value from) {
    survey_answer made;
    made.question = from["question"].text();
    made.kind = rules::question_kind_named(from["kind"].text());
    if (const auto value = from["value"].integer()) made.value = static_cast<int>(*value);
    made.choice = from["choice"].text();
    made.text = from["text"].text();
    return made;
}

std::string to_json(const asked_survey& survey) {
    json::writer out;
    out.begin_object().member("name", survey.name).member("entry", survey.entry).member("way", name_of(survey.way));
    out.member("language", survey.language).member("asked_at", to_millis(survey.asked_at));
    out.member("until", to_millis(survey.until)).key("questions").begin_array();
    for (const auto& each : survey.questions) write_question(out, each);
    out.end_array();
    if (!survey.answers.empty()) {
        out.key("answers").begin_array();
        for (const auto& each : survey.answers) write_answer(out, each);
        out.end_array();
    }
    if (survey.link_used) out.member("link_used", true);
    if (survey.open) out.member("open", *survey.open);
    return out.end_object().take();
}

}  // namespace

const asked_question* asked_survey::find(std::string_view question) const {
    const auto found =
        std::find_if(questions.begin(), questions.end(), [&](const auto& each) { return each.name == question; });
    return found == questions.end() ? nullptr : &*found;
}

bool asked_survey::is_answered(std::string_view question) const {
    return std::any_of(answers.begin(), answers.end(), [&](const auto& each) { return each.question == question; });
}

bool asked_survey::has_unanswered() const {
    return std::any_of(questions.begin(), questions.end(), [&](const auto& each) { return !is_answered(each.name); });
}

std::optional<asked_survey> survey_of(const ticket& about) {
    if (!has_kept(about, "survey")) return std::nullopt;
    const auto parsed = json::document::parse(record_of(about).survey);
    if (!parsed) return std::nullopt;
    const auto from = parsed->root();
    asked_survey made;
    made.name = from["name"].text();
    made.entry = static_cast<std::uint32_t>(from["entry"].integer().value_or(0));
    made.way = answer_way_named(from["way"].text());
    made.language = from["language"].text();
    made.asked_at = from_millis(from["asked_at"].integer().value_or(0));
    made.until = from_millis(from["until"].integer().value_or(0));
    from["questions"].for_each([&](json::value each) { made.questions.push_back(question_from(each)); });
    from["answers"].for_each([&](json::value each) { made.answers.push_back(answer_from(each)); });
    made.link_used = from["link_used"].boolean().value_or(false);
    if (const auto open = from["open"].integer(); open && *open >= 0 && *open < std::ssize(made.questions))
        made.open = static_cast<std::size_t>(*open);
    return made;
}

void keep_survey(ticket& about, const asked_survey& survey) {
    auto record = record_of(about);
    record.survey = to_json(survey);
    keep_record(about, record);
}

void write_answer(json::writer& out, const survey_answer& answer) {
    out.begin_object().member("question", answer.question).member("kind", rules::name_of(answer.kind));
    if (answer.value) out.member("value", *answer.value);
    out.member_if("choice", answer.choice).member_if("text", answer.text).end_object();
}

void write_survey(json::writer& out, const ticket& about) {
    const auto survey = survey_of(about);
    if (!survey) return out.null(), void();
    out.begin_object().member("name", survey->name).member("entry", survey->entry).member("way", name_of(survey->way));
    out.member("asked_at", to_rfc3339(survey->asked_at)).member("until", to_rfc3339(survey->until));
    out.key("answers").begin_array();
    for (const auto& each : survey->answers) write_answer(out, each);
    out.end_array().end_object();
}

result<survey_answer> read_answer(const asked_question& question, std::string_view given) {
    survey_answer made;
    made.question = question.name;
    made.kind = question.kind;
    const auto scale = question.scale();
    if (!scale) {
        if (given.size() > longest_survey_text) return fail(errc::too_large, question.name + ": at most 4000 bytes");
        if (!is_utf8(given)) return fail(errc::invalid, question.name + ": wants text in UTF-8");
        made.text = channel::without_card_numbers(given);
        return made;
    }
    const auto number = parse_number(given);
    if (!number || given.size() > 2 || static_cast<int>(*number) < scale->least ||
        static_cast<int>(*number) > scale->most)
        return fail(errc::invalid, question.name + ": wants a number from " + std::to_string(scale->least) + " to " +
                                       std::to_string(scale->most));
    const auto value = static_cast<int>(*number);
    if (question.options.empty()) {
        made.value = value;
        return made;
    }
    const auto& chosen = question.options.at(static_cast<std::size_t>(value) - 1);
    made.choice = chosen.name;
    made.text = chosen.text;
    return made;
}

}  // namespace kindred::runtime
