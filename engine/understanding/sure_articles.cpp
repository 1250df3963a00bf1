#include "engine/understanding/sure_articles.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::understanding {
namespace {

constexpr std::size_t most_asked = 20;

// Logistic regression on the 252 questions of tests/understanding/samples/faq_questions_*.csv.
constexpr double intercept = -2.88;
constexpr double by_nearness = 6.61;
constexpr double by_lead = 4.41;
constexpr double most_telling = 1.5;

}  // namespace

sure_articles::sure_articles(const knowledge::library& library) : catalog_(library) {
    const auto& entries = library.entries();
    ids_.resize(entries.size());
    own_scores_.resize(entries.size());
    for (std::size_t place = 0; place < entries.size(); ++place) {
        const auto& article = entries[place];
        if (article.kind != knowledge::text_kind::article) continue;
        ids_[place] = article.id;
        const auto itself = [place](std::size_t entry) { return entry == place; };
        std::vector<std::string> asked{article.title};
        asked.insert(asked.end(), article.questions.begin(), article.questions.end());
        asked.resize(std::min(asked.size(), most_asked));
        double sum = 0;
        for (const auto& each : asked)
            for (const auto& hit : catalog_.find(grams_of(std::string_view(each)), {}, itself, 1)) sum += hit.score;
        own_scores_[place] = sum / static_cast<double>(asked.size());
    }
}

std::vector<near_article> sure_articles::find(const gram_list& text, const std::vector<std::string>& languages,
                                              std::size_t limit) const {
    std::vector<near_article> found;
    for (const auto& hit : catalog_.find(text, languages, {}, ids_.size()))
        if (const auto own = own_scores_[hit.entry]; own > 0) found.push_back({ids_[hit.entry], hit.score / own});
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.nearness > right.nearness; });
    found.resize(std::min(found.size(), limit));
    return found;
}

double confidence_of(double nearness, double next) {
    const double lead = std::max(0.0, nearness - next);
    return 1 / (1 + std::exp(-(intercept + by_nearness * std::min(nearness, most_telling) + by_lead * lead)));
}

}  // namespace kindred::understanding
