#include "engine/runtime/self_service/article_reader.hpp"

#include "engine/base/json.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/runtime/self_service/surest_article.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

/// So long the first contact after a change of rules waits for their articles.
constexpr std::chrono::milliseconds patience{500};

std::string language_in(const channel::record& happened, std::string_view usual, const rules::ruleset& rules) {
    auto named = language_of(happened.locale);
    for (const auto& each : happened.details) {
        if (!named.empty() || each.name != "understood") continue;
        if (const auto parsed = json::document::parse(each.json)) named = (*parsed)["language"].text();
    }
    if (named.empty()) named = usual;
    return named.empty() ? rules.site().default_language : named;
}

std::string detail_of(const std::vector<understanding::near_article>& found, const std::string& ruleset) {
    json::writer out;
    out.begin_object().member("ruleset", ruleset).key("articles").begin_array();
    for (const auto& each : found)
        out.begin_object().member("id", each.id).member("nearness", each.nearness).end_object();
    return out.end_array().end_object().take();
}

}  // namespace

article_reader::ready_articles article_reader::make_ready(const rules::ruleset& rules) {
    if (!rules.compiled().self_service.confidence) return nullptr;
    return std::make_shared<const understanding::sure_articles>(rules.compiled().library);
}

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
    if (ready_for_ != rules.hash() || ready_ == nullptr) return;
    const auto found =
        near_enough(*ready_, rules, kind, words_of(happened), language_in(happened, usual_language, rules));
    if (!found.empty()) happened.add_detail("self_service", detail_of(found, rules.hash()));
}

}  // namespace kindred::runtime
