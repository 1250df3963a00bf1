#include "engine/runtime/people/words_gone.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/surveys/asked_survey.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace kindred::runtime {
namespace {

using names = std::span<const std::string_view>;

// Of each kind what stays: what figures are made of, and who did it.
constexpr std::array<std::string_view, 6> of_contacts{"kind",   "timestamp", "locale",
                                                      "intent", "language",  "understood"};
constexpr std::array<std::string_view, 6> of_replies{"automatic", "script", "agent", "survey", "asked", "question"};
constexpr std::array<std::string_view, 3> of_notes{"agent", "mentions", "pinned"};
constexpr std::array<std::string_view, 1> of_edits{"about"};
constexpr std::array<std::string_view, 2> of_context{"subject", "details"};  // what goes of it

bool contains(names all, std::string_view name) { return std::find(all.begin(), all.end(), name) != all.end(); }

std::string with_only(std::string_view json, names kept) {
    const auto parsed = json::document::parse(json);
    json::writer out;
    out.begin_object();
    if (parsed)
        parsed->root().for_each_member([&](std::string_view name, json::value each) {
            if (contains(kept, name)) out.key(name).raw(each.to_text());
        });
    return out.member("expired", true).end_object().take();
}

/// Figures and choices stay, what was said in words goes.
std::string answers_without_words(std::string_view json) {
    const auto parsed = json::document::parse(json);
    json::writer out;
    out.begin_object();
    if (parsed)
        parsed->root().for_each_member([&](std::string_view name, json::value each) {
            if (name != "answers") {
                out.key(name).raw(each.to_text());
                return;
            }
            out.key(name).begin_array();
            each.for_each([&](json::value answer) {
                out.begin_object();
                answer.for_each_member([&](std::string_view part, json::value value) {
                    if (part != "text") out.key(part).raw(value.to_text());
                });
                out.end_object();
            });
            out.end_array();
        });
    return out.member("expired", true).end_object().take();
}

/// A decision keeps the facts that it read, and what was written is one.
std::string decision_without_words(std::string_view json) {
    const auto parsed = json::document::parse(json);
    json::writer out;
    out.begin_object();
    if (parsed)
        parsed->root().for_each_member([&](std::string_view name, json::value each) {
            if (name != "facts" || !each.is_object()) {
                out.key(name).raw(each.to_text());
                return;
            }
            out.key(name).begin_object();
            each.for_each_member([&](std::string_view fact, json::value read) {
                if (fact != "contact.text" && fact != "contact.subject") out.key(fact).raw(read.to_text());
            });
            out.end_object();
        });
    return out.member("expired", true).end_object().take();
}

}  // namespace

std::optional<store::entry_row> without_words(const store::entry_row& line) {
    auto made = line;
    if (line.kind == "contact")
        made.json = with_only(line.json, of_contacts);
    else if (line.kind == "reply" || line.kind == "survey")
        made.json = with_only(line.json, of_replies);
    else if (line.kind == "note")
        made.json = with_only(line.json, of_notes);
    else if (line.kind == "edit")
        made.json = with_only(line.json, of_edits);
    else if (line.kind == "decision")
        made.json = decision_without_words(line.json);
    else if (line.kind == "survey_answer")
        made.json = answers_without_words(line.json);
    else
        return std::nullopt;
    return made;
}

bool has_lost_its_words(const store::entry_row& contact) {
    const auto parsed = json::document::parse(contact.json);
    return parsed && (*parsed)["expired"].boolean().value_or(false);
}

store::outbox_row without_words(store::outbox_row message) {
    auto said = outgoing_from_json(message.json);
    said.text.clear();
    said.subject.clear();
    said.details.clear();
    said.use_template.reset();
    said.files.clear();
    message.json = to_json(said);
    return message;
}

void lose_words(ticket& about) {
    about.subject.clear();
    if (const auto parsed = json::document::parse(about.context.empty() ? "{}" : about.context)) {
        json::writer out;
        out.begin_object();
        parsed->root().for_each_member([&](std::string_view name, json::value each) {
            if (!contains(of_context, name)) out.key(name).raw(each.to_text());
        });
        about.context = out.end_object().take();
    }
    if (auto survey = survey_of(about)) {
        for (auto& each : survey->answers) each.text.clear();
        keep_survey(about, *survey);
    }
    auto record = record_of(about);
    record.words_gone = true;
    keep_record(about, record);
}

bool has_lost_its_words(const ticket& about) { return has_kept(about, "words_gone"); }

}  // namespace kindred::runtime
