#include "engine/conditions/vocabulary.hpp"

namespace kindred::conditions {

symbol vocabulary::intern(fact_id fact, std::string_view folded) {
    if (by_fact_.size() <= index_of(fact)) by_fact_.resize(index_of(fact) + 1);
    auto& words = by_fact_[index_of(fact)];
    const auto found = words.find(folded);
    if (found != words.end()) return found->second;
    const auto fresh = static_cast<symbol>(words.size() + 1);
    words.emplace(folded, fresh);
    return fresh;
}

symbol vocabulary::find(fact_id fact, std::string_view folded) const {
    if (!has(fact)) return 0;
    const auto& words = by_fact_[index_of(fact)];
    const auto found = words.find(folded);
    return found == words.end() ? 0 : found->second;
}

std::string_view vocabulary::text_of(fact_id fact, symbol constant) const {
    if (!has(fact)) return {};
    for (const auto& [text, known] : by_fact_[index_of(fact)])
        if (known == constant) return text;
    return {};
}

bool vocabulary::has(fact_id fact) const {
    return index_of(fact) < by_fact_.size() && !by_fact_[index_of(fact)].empty();
}

}  // namespace kindred::conditions
