#include "engine/api/survey_pages.hpp"

#include "engine/api/public_page.hpp"
#include "engine/api/status.hpp"
#include "engine/api/submit.hpp"
#include "engine/base/text.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/surveys/survey_words.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

using runtime::asked_question;
using runtime::asked_survey;
using runtime::survey_words;

http::response note(unsigned status, const survey_words& words, std::string_view text) {
    return html_page(
        status, words_in(words.language), words.title,
        "<h1>" + escape_markup(words.title) + "</h1><p class=\"box\" role=\"status\">" + escape_markup(text) + "</p>");
}

/// Why a survey cannot be answered, as its customer is told.
http::response refused(const error& why, const survey_words& words) {
    switch (why.code) {
        case errc::forbidden: return note(403, words, words.forged);
        case errc::conflict: return note(410, words, words.used);
        case errc::not_found:
        case errc::timed_out: return note(410, words, words.expired);
        case errc::invalid: return note(400, words, words.nothing_said);
        case errc::too_large: return note(413, words, why.message);
        default: return problem(why);
    }
}

std::string choice(const asked_question& question, int value, std::string_view label, bool chosen) {
    return "<label><input type=\"radio\" name=\"" + escape_markup(question.name) + "\" value=\"" +
           std::to_string(value) + "\"" + (chosen ? " checked" : "") + "> " + escape_markup(label) + "</label>";
}

std::string scale_of(const asked_question& question, const survey_words& words, std::string_view given) {
    const auto scale = *question.scale();
    const auto ends = ends_of(words, question.kind);
    std::string body;
    for (int value = scale.least; value <= scale.most; ++value) {
        std::string label = std::to_string(value);
        if (!question.options.empty())
            label = question.options.at(static_cast<std::size_t>(value - scale.least)).text;
        else if (value == scale.least && !ends.low.empty())
            label += " (" + std::string(ends.low) + ")";
        else if (value == scale.most && !ends.high.empty())
            label += " (" + std::string(ends.high) + ")";
        body += choice(question, value, label, given == std::to_string(value));
    }
    return body;
}

std::string field_of(const std::vector<form_field>& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return each.name == name; });
    return found == fields.end() ? std::string() : found->value;
}

/// What is not answered yet, each question in a box of its own. `given`: what was chosen already, by the query.
http::response form_of(const asked_survey& survey, const std::vector<form_field>& given) {
    const auto& words = runtime::survey_words_in(survey.language);
    std::string body = "<h1>" + escape_markup(words.title) + "</h1><form method=\"post\">";
    for (const auto& each : survey.questions) {
        if (survey.is_answered(each.name)) continue;
        body += "<fieldset><legend>" + escape_markup(each.text) + "</legend>";
        if (each.scale())
            body += scale_of(each, words, field_of(given, each.name));
        else
            body += "<textarea name=\"" + escape_markup(each.name) + "\" rows=\"4\" maxlength=\"1000\" aria-label=\"" +
                    escape_markup(each.text) + "\"></textarea><small>" + escape_markup(words.optional) + "</small>";
        body += "</fieldset>";
    }
    body += "<button>" + escape_markup(words_in(words.language).send) + "</button></form>";
    return html_page(200, words_in(words.language), words.title, body);
}

result<std::vector<runtime::survey_answer>> answers_in(const std::string& form, const asked_survey& survey) {
    const auto fields = parse_form(form);
    std::vector<runtime::survey_answer> answers;
    for (const auto& each : survey.questions) {
        const auto given = field_of(fields, each.name);
        if (survey.is_answered(each.name) || trim(given).empty()) continue;
        auto read = runtime::read_answer(each, trim(given));
        if (!read) return read.error();
        answers.push_back(std::move(*read));
    }
    if (answers.empty()) return fail(errc::invalid, "nothing was answered");
    return answers;
}

result<std::string> secret_of(runtime::site& site) {
    auto row = site.durable().kept_one(runtime::secret_rows, runtime::survey_secret_id);
    if (!row) return row.error();
    return std::move(row->bytes);
}

}  // namespace

result<survey_pages::opened> survey_pages::open(const call& asked) const {
    const auto secret = secret_of(site_);
    if (!secret) return secret.error();
    const auto token = decode_percent(std::string_view(asked.path).substr(runtime::survey_path.size()));
    const auto link = runtime::survey_link_from(token, *secret);
    if (!link) return fail(errc::forbidden, "the address is not signed by us");
    if (site_.now().now() >= link->until) return fail(errc::timed_out, "the survey is over");
    const auto row = site_.durable().ticket(link->ticket);
    if (!row) return row.error();
    std::string_view dispatch_bytes;
    const auto held = runtime::unpack(*row, dispatch_bytes);
    if (!held) return held.error();
    auto survey = runtime::survey_of(*held);
    if (!survey || survey->entry != link->entry) return fail(errc::not_found, "there is no such survey");
    if (survey->link_used || !survey->has_unanswered()) return fail(errc::conflict, "the survey is answered");
    return opened{*link, held->customer, std::move(*survey)};
}

void survey_pages::handle(const std::shared_ptr<call>& asked) {
    const auto about = open(*asked);
    if (!about)
        return asked->send(
            refused(about.error(), runtime::survey_words_in(words_in(asked->header("accept-language")).language)));
    if (asked->method == "POST") return take(asked, *about);
    asked->send(form_of(about->survey, parse_form(asked->query)));
}

void survey_pages::take(const std::shared_ptr<call>& asked, const opened& about) {
    const auto& words = runtime::survey_words_in(about.survey.language);
    auto answers = answers_in(asked->body, about.survey);
    if (!answers) return asked->send(refused(answers.error(), words));
    runtime::customer_change wanted;
    wanted.customer = about.whose;
    wanted.source = "survey:" + about.survey.name;
    wanted.what = runtime::profile::survey_answers{about.link.ticket, about.link.entry, std::move(*answers), {}};
    wanted.done = [asked, &words](const result<std::string>& said) {
        asked->send(said ? note(200, words, words.thanks) : refused(said.error(), words));
    };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

std::string page_of_survey(runtime::site& site, const store::ticket_row& row) {
    std::string_view dispatch_bytes;
    const auto held = runtime::unpack(row, dispatch_bytes);
    if (!held) return {};
    const auto survey = runtime::survey_of(*held);
    const auto secret = survey ? secret_of(site) : result<std::string>(std::string());
    if (!survey || !secret || survey->link_used) return {};
    return std::string(runtime::survey_path) + runtime::to_token({row.id, survey->entry, survey->until}, *secret);
}

}  // namespace kindred::api
