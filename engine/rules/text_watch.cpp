#include "engine/rules/text_watch.hpp"

#include "engine/conditions/folding.hpp"
#include "engine/conditions/text_sieve.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

/// The last `least` bytes with what belongs to the word that they begin in: what is found there is found in the whole.
std::string_view end_of(std::string_view text, std::size_t least) {
    if (text.size() <= least) return text;
    const auto space = text.rfind(' ', text.size() - least);
    return space == std::string_view::npos ? text : text.substr(space + 1);
}

}  // namespace

void text_watch::add(const conditions::condition& when, conditions::fact_id text) {
    if (const auto* group = std::get_if<conditions::condition_group>(&when.what)) {
        for (const auto& each : group->members) add(each, text);
        return;
    }
    const auto& test = std::get<conditions::fact_test>(when.what);
    if (test.fact != text) return;
    if (const auto* words = std::get_if<conditions::has_words>(&test.wanted))
        phrases_.insert(phrases_.end(), words->phrases.begin(), words->phrases.end());
    else
        asks_otherwise_ = true;
}

void text_watch::finish() {
    std::sort(phrases_.begin(), phrases_.end());
    phrases_.erase(std::unique(phrases_.begin(), phrases_.end()), phrases_.end());
    for (const auto& each : phrases_) longest_ = std::max(longest_, each.size());
}

bool text_watch::hear(heard& so_far, std::string_view words) const {
    if (asks_otherwise_) return true;
    if (phrases_.empty()) return false;
    auto text = conditions::fold_phrase(words);
    if (text.empty()) return false;
    if (!so_far.end.empty()) text.insert(0, so_far.end + ' ');
    const conditions::text_sieve sieve(text);
    bool news = false;
    for (std::uint32_t number = 0; number < phrases_.size(); ++number) {
        const auto& phrase = phrases_[number];
        if (!sieve.may_contain(phrase)) continue;
        const auto place = std::lower_bound(so_far.phrases.begin(), so_far.phrases.end(), number);
        const bool known = place != so_far.phrases.end() && *place == number;
        if (known || !conditions::contains_phrase(text, phrase)) continue;
        so_far.phrases.insert(place, number);
        news = true;
    }
    so_far.end = end_of(text, longest_);
    return news;
}

}  // namespace kindred::rules
