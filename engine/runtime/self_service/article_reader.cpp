#include "engine/runtime/self_service/article_reader.hpp"

#include "engine/base/json.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

/// So long the first contact after a change of rules waits for their articles.
constexpr std::chrono::milliseconds patience{500};
constexpr std::size_t most_articles = 3;

std::string words_of(const channel::record& happened) {
    const auto& body = happened.stripped_text ? happened.stripped_text : happened.text;
    if (happened.subject.empty()) return body.value_or(std::string());
    return happened.subject + '\n' + body.value_or(std::string());
}

std::string language_in(const channel::record& happened, std::string_view usual, const rules::ruleset& rules) {
    auto named = language_of(happened.locale);
    for (const auto& each : happened.details) {
        if (!named.empty() || each.name != "understood") continue;
        if (const auto parsed = json::document::parse(each.json)) named = (*parsed)["language"].text();
    }
    if (named.empty()) named = usual;
    return named.empty() ? rules.site().default_language : named;
}

std::string detail_of(const std::vector<understanding::sure_article>& found,
                      const rules::self_service_settings& wanted) {
    json::writer out;
    out.begin_object().key("articles").begin_array();
    for (const auto& each : found)
        out.begin_object().member("id", each.id).member("confidence", each.confidence).end_object();
    out.end_array().member("least", *wanted.confidence).member("hold_ms", wanted.hold.count());
    out.key("exclude").begin_object();
    for (const auto& [dimension, names] : wanted.exclude) {
        out.key(dimension).begin_array();
        for (const auto& name : names) out.value(name);
        out.end_array();
    }
    return out.end_object().end_object().take();
}

std::shared_ptr<const articles_to_send> make_ready(const rules::ruleset& rules) {
    auto made = std::make_shared<articles_to_send>();
    made->wanted = rules::self_service_of(rules);
    if (made->wanted.confidence)
        made->articles = std::make_unique<const understanding::sure_articles>(rules.compiled().library);
    return made;
}

}  // namespace

void article_reader::prepare(const rules::ruleset& rules) {
    const auto is_made = [this](duration within) {
        return in_the_making_.valid() && in_the_making_.wait_for(within) == std::future_status::ready;
    };
    if (ready_for_ != rules.hash()) {
        // One at a time: rules that change meanwhile get theirs with a later contact.
        if (in_the_making_.valid() && !is_made(duration{0})) return;
        ready_for_ = rules.hash();
        ready_ = nullptr;
        in_the_making_ = std::async(std::launch::async, [rules] { return make_ready(rules); });
        if (is_made(patience)) ready_ = in_the_making_.get();
        return;
    }
    if (is_made(duration{0})) ready_ = in_the_making_.get();
}

void article_reader::read(channel::record& happened, channel_kind kind, std::string_view usual_language,
                          const rules::ruleset& rules) {
    // A provider's own detail of this name would be taken for ours.
    std::erase_if(happened.details, [](const auto& each) { return each.name == "self_service"; });
    if (happened.kind != channel::record_kind::message || !happened.answer_automatically) return;
    prepare(rules);
    if (ready_for_ != rules.hash() || ready_ == nullptr || ready_->articles == nullptr) return;
    const auto& wanted = ready_->wanted;
    if (std::find(wanted.channels.begin(), wanted.channels.end(), kind) == wanted.channels.end()) return;
    const auto found = ready_->articles->find(understanding::grams_of(std::string_view(words_of(happened))),
                                              {language_in(happened, usual_language, rules)},
                                              *wanted.confidence - article_lead, most_articles);
    if (!found.empty()) happened.add_detail("self_service", detail_of(found, wanted));
}

}  // namespace kindred::runtime
