#include "engine/runtime/arrivals/contact_reader.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/runtime/arrivals/usual_language.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

using understanding::intent_reading;

bool has_detail(const channel::record& happened, std::string_view name) {
    return std::any_of(happened.details.begin(), happened.details.end(),
                       [&](const auto& each) { return each.name == name; });
}

void add_intent(const intent_reading& said, json::writer& to) {
    if (said.says == intent_reading::verdict::sure)
        to.member("intent", said.guesses.front().label).member("intent_p", said.guesses.front().p);
    if (said.says != intent_reading::verdict::between) return;
    to.key("between").begin_array();
    to.value(said.guesses[0].label).value(said.guesses[1].label).end_array();
}

}  // namespace

void contact_reader::follow(const rules::ruleset& rules) {
    if (!models_.detect_languages) return;
    const auto& wanted = rules.site().languages;
    if (!detector_ || detector_->languages() != wanted) detector_.emplace(models_.languages, wanted);
}

void contact_reader::read(delivery& arrived, const rules::ruleset& rules) {
    follow(rules);
    for (std::size_t i = 0; i < arrived.records.size(); ++i) {
        auto& happened = arrived.records[i];
        if (happened.kind != channel::record_kind::message || has_detail(happened, "understood")) continue;
        auto found = understood(happened, usual_language(arrived, i));
        if (!found.empty()) happened.add_detail("understood", std::move(found));
    }
}

std::string contact_reader::understood(const channel::record& happened, std::string_view usual_language) const {
    const bool needs_language = detector_ && language_of(happened.locale).empty();
    const bool needs_intent = models_.intents != nullptr && !has_detail(happened, "intent");
    if (!needs_language && !needs_intent) return {};
    const auto text = words_of(happened);
    json::writer said;
    said.begin_object();
    const auto empty_size = said.text().size();
    if (needs_language) {
        const auto guess = detector_->detect(text, usual_language);
        if (!guess.language.empty()) said.member("language", guess.language).member("language_p", guess.p);
    }
    if (needs_intent) add_intent(models_.intents->read(understanding::grams_of(text)), said);
    if (said.text().size() == empty_size) return {};
    return said.end_object().take();
}

}  // namespace kindred::runtime
