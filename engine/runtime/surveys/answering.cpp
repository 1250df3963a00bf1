#include "engine/runtime/surveys/answering.hpp"

#include "engine/base/text.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/people/moments.hpp"
#include "engine/runtime/surveys/asking.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/redecision.hpp"

namespace kindred::runtime {
namespace {

/// `survey`: as it was before these answers.
std::string line_of(const asked_survey& survey, answer_way way, const std::vector<survey_answer>& answers) {
    json::writer out;
    out.begin_object().member("survey", survey.name).member("way", name_of(way));
    if (survey.answers.empty()) out.member("first", true);
    out.key("answers").begin_array();
    for (const auto& each : answers) write_answer(out, each);
    return out.end_array().end_object().take();
}

/// The customer is as satisfied as they said last, from 1 to 5.
void note_satisfaction(step& in, customer& person, const std::vector<survey_answer>& answers,
                       const std::vector<opening_contact>& waiting) {
    for (const auto& each : answers) {
        if (each.kind != rules::question_kind::csat || !each.value) continue;
        const auto before = person;
        person.satisfaction = *each.value;
        ++person.version;
        in.touch(person);
        const auto after = person;
        note_moment(in, {.what = "satisfaction"}, before, after);
        redecide(in, {after, before, after}, waiting);
    }
}

/// Whether the conversation is at rest: while somebody works on the ticket a number may mean anything.
bool is_over(const ticket& about) {
    return about.status == store::ticket_status::resolved || about.status == store::ticket_status::wrapping_up;
}

}  // namespace

std::optional<outcome> answer_in_conversation(step& in, const channel_entry& via, const channel::record& happened,
                                              ticket& about) {
    if (!is_over(about) || !has_kept(about, "survey") || !happened.text || !happened.attachments.empty()) return {};
    if (happened.kind != channel::record_kind::message || about.channel != via.name) return {};
    auto survey = survey_of(about);
    if (!survey || !survey->open || in.now() >= survey->until) return {};
    auto answer = read_answer(survey->questions[*survey->open], trim(*happened.text));
    if (!answer) return {};
    outcome made;
    made.ticket = about.id;
    made.entry = in.entry(about, "survey_answer", line_of(*survey, survey->way, {*answer}));
    in.use_key({via.name, happened.event_id}, about.id, made.entry);
    survey->answers.push_back(*answer);
    go_on_asking(in, about, *survey);
    if (auto* person = in.on().customers.find(about.customer)) note_satisfaction(in, *person, {*answer}, {});
    made.now = situation_of(in.on(), &about);
    return made;
}

result<void> answer_by_link(step& in, ticket& about, customer& person, const profile::survey_answers& given,
                            const std::vector<opening_contact>& waiting) {
    auto survey = survey_of(about);
    if (!survey || survey->entry != given.entry || !is_or_goes_on_as(about.customer, person))
        return fail(errc::not_found, "there is no such survey");
    if (survey->link_used) return fail(errc::conflict, "the survey is answered");
    if (in.now() >= survey->until) return fail(errc::timed_out, "the survey is over");
    std::vector<survey_answer> fresh;
    for (const auto& each : given.answers)
        if (survey->find(each.question) != nullptr && !survey->is_answered(each.question)) fresh.push_back(each);
    if (fresh.empty()) return fail(errc::conflict, "the survey is answered");
    survey->link_used = true;
    survey->open.reset();
    in.entry(about, "survey_answer", line_of(*survey, answer_way::link, fresh));
    survey->answers.insert(survey->answers.end(), fresh.begin(), fresh.end());
    keep_survey(about, *survey);
    note_satisfaction(in, person, fresh, waiting);
    return {};
}

}  // namespace kindred::runtime
