#include "engine/runtime/self_service/surest_article.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/self_service.hpp"

#include <algorithm>

namespace kindred::runtime {

std::vector<understanding::near_article> near_enough(const understanding::sure_articles& all,
                                                     const rules::ruleset& rules, channel_kind kind,
                                                     std::string_view text, const std::string& language) {
    const auto& wanted = rules.compiled().self_service;
    const bool sent_there = std::find(wanted.channels.begin(), wanted.channels.end(), kind) != wanted.channels.end();
    if (!wanted.confidence || !sent_there) return {};
    auto found = all.find(understanding::grams_of(text), {language}, most_near_articles);
    const bool may_do = !found.empty() && understanding::confidence_of(found.front().nearness, 0) >= *wanted.confidence;
    if (!may_do) found.clear();
    return found;
}

std::optional<surest_article> surest_of(const std::vector<understanding::near_article>& near,
                                        const rules::ruleset& rules, const rules::decision_input& input,
                                        const rules::decision& decided) {
    const auto least = rules.compiled().self_service.confidence;
    if (near.empty() || !least || rules::is_left_to_people(rules, input, decided)) return {};
    std::optional<surest_article> best;
    double nearness = 0;
    // Where all others that were looked at are for somebody else, the next may be as near as the last of them.
    double next = near.size() < most_near_articles ? 0 : near.back().nearness;
    for (const auto& each : near) {
        if (!best && understanding::confidence_of(each.nearness, 0) < *least) return {};
        auto article = rules::fitting_article(rules, each.id, input);
        if (!article) continue;
        if (best) {
            next = each.nearness;
            break;
        }
        best = surest_article{std::move(*article), 0};
        nearness = each.nearness;
    }
    if (!best) return {};
    best->confidence = understanding::confidence_of(nearness, next);
    return best->confidence < *least ? std::nullopt : best;
}

}  // namespace kindred::runtime
