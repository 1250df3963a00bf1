#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/rules/surveys.hpp"
#include "engine/runtime/sending/answer_way.hpp"
#include "engine/runtime/surveys/survey_answer.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"

#include <optional>
#include <string>
#include <vector>

/// A survey that the customer of a ticket was asked, as it is kept with the ticket: in the words that were sent, so
/// that it can be answered whatever becomes of the rules.
namespace kindred::runtime {

struct asked_option {
    std::string name;
    std::string text;
};

struct asked_question {
    std::string name;
    rules::question_kind kind = rules::question_kind::text;
    std::string text;
    std::vector<asked_option> options;

    std::optional<rules::answer_scale> scale() const { return rules::scale_of(kind, options.size()); }
};

struct asked_survey {
    std::string name;
    std::uint32_t entry = 0;  ///< in the ticket's history
    answer_way way = answer_way::link;
    std::string language;
    time_point asked_at;
    time_point until;  ///< it is open before then
    std::vector<asked_question> questions;
    std::vector<survey_answer> answers;
    bool link_used = false;
    /// The place of the question that the next number answers; none: the conversation has been through.
    std::optional<std::size_t> open;

    const asked_question* find(std::string_view question) const;
    bool is_answered(std::string_view question) const;
    /// Whether the page has still something to ask.
    bool has_unanswered() const;
};

/// None: nobody was asked after this ticket.
std::optional<asked_survey> survey_of(const ticket& about);
void keep_survey(ticket& about, const asked_survey& survey);

/// Members: question, kind and value, choice or text.
void write_answer(json::writer& out, const survey_answer& answer);

/// What the API shows of the survey of a ticket: name, when, how, until when, and the answers. Nothing where nobody was
/// asked.
void write_survey(json::writer& out, const ticket& about);

/// One question's answer as it was typed or clicked. errc::invalid: not one of its answers.
result<survey_answer> read_answer(const asked_question& question, std::string_view given);

}  // namespace kindred::runtime
