#include "engine/runtime/surveys/asking.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/desks/board.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/sending/reply_parts.hpp"
#include "engine/runtime/surveys/survey_link.hpp"
#include "engine/runtime/surveys/survey_words.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

/// The web chat shows buttons and opens the page; everywhere else the text says all.
bool has_buttons(const channel_entry& via) { return answer_way_in(via) == answer_way::buttons; }

std::string language_of_context(const ticket& about) { return outgoing_from(about.context).language; }

const rules::survey_definition* survey_for(step& in, const ticket& about, const channel_entry& via,
                                           const customer& person, const std::string& disposition) {
    const auto& on = in.on();
    const auto record = record_of(about);
    rules::surveyed_ticket asked;
    asked.id = about.id;
    asked.facts.queue = about.queue;
    asked.facts.priority = record.priority;
    asked.facts.transfers = record.transfers;
    asked.facts.disposition = disposition;
    asked.segments = record.segments;
    asked.stage = record.stage;
    asked.asked_before = person.surveyed_at;
    contact arrived;
    arrived.channel_name = about.channel;
    arrived.kind = via.kind;
    arrived.language = language_of_context(about);
    const live_board board(on, in.now());
    return rules::survey_for(on.rules.compiled(), {arrived, person, in.now(), board}, asked);
}

asked_survey asked_of(const rules::survey_definition& from, std::string language, const std::string& default_language) {
    asked_survey made;
    made.name = from.name;
    made.language = std::move(language);
    for (const auto& each : from.questions) {
        auto& question = made.questions.emplace_back();
        question.name = each.name;
        question.kind = each.kind;
        question.text = rules::said_in(each.says, made.language, default_language);
        for (const auto& option : each.options)
            question.options.push_back({option.name, rules::said_in(option.says, made.language, default_language)});
    }
    return made;
}

/// The place of the next question from `first` on that a number answers and nobody has answered yet.
std::optional<std::size_t> next_to_tap(const asked_survey& survey, std::size_t first) {
    for (auto place = first; place < survey.questions.size(); ++place)
        if (survey.questions[place].scale() && !survey.is_answered(survey.questions[place].name)) return place;
    return std::nullopt;
}

/// What stands beside the question where no buttons say it.
std::string in_digits(const asked_question& question, const survey_words& words) {
    const auto scale = *question.scale();
    auto text = question.text + '\n';
    for (std::size_t i = 0; i < question.options.size(); ++i)
        text += std::to_string(i + 1) + " = " + question.options[i].text + '\n';
    const auto ends = ends_of(words, question.kind);
    if (!ends.low.empty())
        text += std::to_string(scale.least) + " = " + std::string(ends.low) + ", " + std::to_string(scale.most) +
                " = " + std::string(ends.high) + '\n';
    return text +
           filled(filled(words.reply_with, "{low}", std::to_string(scale.least)), "{high}", std::to_string(scale.most));
}

/// `"choices":[{"value":"1","label":"1"}, ...],"low":...,"high":...` for the web chat's buttons.
void write_choices(json::writer& out, const asked_question& question, const survey_words& words) {
    const auto scale = *question.scale();
    out.key("choices").begin_array();
    for (int value = scale.least; value <= scale.most; ++value) {
        const auto text = std::to_string(value);
        const auto place = static_cast<std::size_t>(value - scale.least);
        const auto& label = question.options.empty() ? text : question.options.at(place).text;
        out.begin_object().member("value", text).member("label", label).end_object();
    }
    out.end_array();
    const auto ends = ends_of(words, question.kind);
    out.member_if("low", ends.low).member_if("high", ends.high);
}

/// One message of a survey, and its line in the history.
struct survey_message {
    std::string text;                          ///< as it is sent
    std::string shown;                         ///< as agents see it: without the address at which it is answered
    const asked_question* question = nullptr;  ///< that a number answers
    bool begins = false;                       ///< the survey
    std::string_view page = {};                ///< where there is more to be told
};

std::string line_of(const asked_survey& survey, const survey_message& said) {
    const auto& words = survey_words_in(survey.language);
    json::writer out;
    out.begin_object().member("survey", survey.name).member("way", name_of(survey.way)).member("text", said.shown);
    out.member("automatic", true);
    if (said.begins) out.member("asked", true);
    if (said.question != nullptr) {
        out.member("question", said.question->name);
        write_choices(out, *said.question, words);
    }
    if (!said.page.empty()) out.member("page", true);
    return out.end_object().take();
}

/// For the web chat alone: other connectors need what stands there of the contact.
std::string details_of(const asked_survey& survey, const survey_message& said) {
    json::writer out;
    out.begin_object().key("survey").begin_object();
    if (said.question != nullptr) write_choices(out, *said.question, survey_words_in(survey.language));
    return out.member_if("page", said.page).end_object().end_object().take();
}

void send(step& in, ticket& about, const channel_entry& via, const asked_survey& survey, const survey_message& said,
          std::vector<channel::outgoing> parts) {
    const auto number = in.entry(about, "survey", line_of(survey, said));
    for (auto& part : parts) {
        part.automatic = true;
        if (has_buttons(via) && &part == &parts.back()) part.details = details_of(survey, said);
        in.send(about, number, std::move(part));
    }
}

void note_skipped(step& in, ticket& about, const std::string& survey, std::string_view reason) {
    json::writer out;
    in.entry(about, "survey_skipped",
             out.begin_object().member("survey", survey).member("reason", reason).end_object().take());
}

result<std::vector<channel::outgoing>> parts_of(const step& in, const ticket& about, const channel_entry& via,
                                                const std::string& text) {
    action::reply said;
    said.text = text;
    return reply_parts(via, about.context, said, in.now());
}

/// Where the survey's page is, below our public address.
std::string page_of(const world& on, const ticket& about, const asked_survey& survey) {
    return std::string(survey_path) + to_token({about.id, survey.entry, survey.until}, on.survey_secret);
}

}  // namespace

void ask_how_it_went(step& in, ticket& about, const std::string& disposition) {
    auto& on = in.on();
    const auto& rules = on.rules.compiled();
    if (rules.surveys.empty()) return;
    // One answer to many tickets says nothing of each.
    for (const auto* not_asked_after : {"survey", "merged_into", "incident"})
        if (has_kept(about, not_asked_after)) return;
    const auto* via = on.channels.find(about.channel);
    auto* person = on.customers.find(about.customer);
    const auto way = via == nullptr ? std::nullopt : answer_way_in(*via);
    if (!way || person == nullptr) return;
    const auto* chosen = survey_for(in, about, *via, *person, disposition);
    if (chosen == nullptr) return;

    const auto language = person->language.empty() ? language_of_context(about) : person->language;
    auto survey = asked_of(*chosen, language, rules.site.default_language);
    survey.way = *way;
    survey.asked_at = in.now();
    survey.until = in.now() + chosen->expires;
    if (*way != answer_way::link) survey.open = next_to_tap(survey, 0);
    if (!survey.open) survey.way = answer_way::link;
    if (auto forbidden = why_not_to_write(on, about, true, in.now()))
        return note_skipped(in, about, survey.name, *forbidden);
    if (!may_answer_automatically(about.context))
        return note_skipped(in, about, survey.name, "the message that is answered wants no automatic one");
    if (on.public_url.empty()) return note_skipped(in, about, survey.name, "server.public_url is not set");

    survey.entry = about.entries + 1;  // of the line that asks
    const auto& words = survey_words_in(language);
    auto invitation = rules::said_in(chosen->invitation, language, rules.site.default_language);
    const auto page = page_of(on, about, survey);
    survey_message said;
    said.begins = true;
    if (survey.open) {
        said.question = &survey.questions[*survey.open];
        if (!invitation.empty()) invitation += '\n';
        said.text =
            invitation + (survey.way == answer_way::digits ? in_digits(*said.question, words) : said.question->text);
        said.shown = said.text;
    } else {
        if (invitation.empty()) invitation = words.invitation;
        said.shown = said.text = invitation;
        said.page = page;
        if (!has_buttons(*via)) said.text += '\n' + on.public_url + page;
    }
    auto parts = parts_of(in, about, *via, said.text);
    if (!parts) return note_skipped(in, about, survey.name, parts.error().message);
    send(in, about, *via, survey, said, std::move(*parts));
    keep_survey(about, survey);
    person->surveyed_at = in.now();
    ++person->version;
    in.touch(*person);
}

void go_on_asking(step& in, ticket& about, asked_survey& survey) {
    const auto* via = in.on().channels.find(about.channel);
    const auto& words = survey_words_in(survey.language);
    const auto answered = survey.open.value_or(survey.questions.size());
    survey.open = next_to_tap(survey, answered);
    keep_survey(about, survey);
    if (via == nullptr) return;
    survey_message said;
    std::string page;
    if (survey.open) {
        said.question = &survey.questions[*survey.open];
        said.text = survey.way == answer_way::digits ? in_digits(*said.question, words) : said.question->text;
        said.shown = said.text;
    } else {
        said.text = said.shown = words.thanks;
        if (survey.has_unanswered() && !survey.link_used) {
            page = page_of(in.on(), about, survey);
            said.page = page;
            said.shown += ' ' + filled(words.more, " {link}", "");
            said.text = has_buttons(*via) ? said.shown
                                          : said.text + ' ' + filled(words.more, "{link}", in.on().public_url + page);
        }
    }
    if (auto parts = parts_of(in, about, *via, said.text)) send(in, about, *via, survey, said, std::move(*parts));
}

}  // namespace kindred::runtime
