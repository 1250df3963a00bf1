#include "engine/understanding/article_finder.hpp"

#include "engine/understanding/intent_model.hpp"

#include <algorithm>

namespace kindred::understanding {
namespace {

constexpr std::size_t parts_left_out = 10;
/// A classifier is worth while from so many questions for each article, on average.
constexpr std::size_t enough_questions = 5;
/// Beyond these, learning would hold up loading, or take much memory: the index stands alone.
constexpr std::size_t most_questions = 20'000;
constexpr std::size_t most_weights = 16'000'000;
/// The classifier's score weighs as much as the index's at so many questions for each article, and grows with them.
constexpr float balanced_questions = 6;
constexpr float most_share = 8;

struct question_set {
    std::vector<gram_list> grams;
    std::vector<std::uint32_t> articles;
};

question_set questions_of(std::span<const searchable_article> articles) {
    question_set made;
    for (std::uint32_t article = 0; article < articles.size(); ++article)
        for (const auto& each : articles[article].questions) {
            made.grams.push_back(grams_of(each));
            made.articles.push_back(article);
        }
    return made;
}

bool is_enough(std::size_t questions, std::size_t articles) {
    return articles >= 2 && questions >= articles * enough_questions && questions <= most_questions;
}

}  // namespace

article_finder::article_finder(std::span<const searchable_article> articles, same_text treat)
    : index_(articles), treat_(treat) {
    learn(articles);
}

void article_finder::learn(std::span<const searchable_article> articles) {
    const auto all = questions_of(articles);
    if (!is_enough(all.grams.size(), articles.size())) return;
    gram_counter counter;
    for (const auto& each : all.grams) counter.add({each.words, each.pairs, each.pieces, each.bridges});
    const auto space = counter.space(1);
    if (space.grams().size() * articles.size() > most_weights) return;
    const auto on_average = static_cast<float>(all.grams.size()) / static_cast<float>(articles.size());
    classifier_share_ = std::min(most_share, on_average / balanced_questions);
    const auto parts = treat_ == same_text::is_left_out ? parts_left_out : 1;
    for (std::size_t part = 0; part < parts; ++part) {
        std::vector<std::vector<feature>> vectors;
        std::vector<std::uint32_t> classes;
        for (std::size_t i = 0; i < all.grams.size(); ++i) {
            if (parts > 1 && fingerprint(all.grams[i]) % parts == part) continue;
            vectors.push_back(intent_features(space, all.grams[i]));
            classes.push_back(all.articles[i]);
        }
        classifiers_.push_back({space, solve(vectors, classes, articles.size(), space.grams().size())});
    }
}

std::vector<float> article_finder::scores(const gram_list& text) const {
    auto scores = index_.scores(text, treat_ == same_text::is_left_out);
    if (classifiers_.empty()) return scores;
    const auto& judge = classifiers_[fingerprint(text) % classifiers_.size()];
    const auto judged = judge.weights.scores(intent_features(judge.space, text));
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (scores[i] > 0) scores[i] += classifier_share_ * std::max(0.0F, judged[i]);
    return scores;
}

std::vector<article_hit> article_finder::find(const gram_list& text, const std::function<bool(std::size_t)>& allowed,
                                              std::size_t limit) const {
    const auto score = scores(text);
    std::vector<article_hit> hits;
    for (std::size_t article = 0; article < score.size(); ++article)
        if (score[article] > 0 && (!allowed || allowed(article)))
            hits.push_back({article, static_cast<double>(score[article])});
    const auto shown = std::min(limit, hits.size());
    std::partial_sort(hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(shown), hits.end(),
                      [](const auto& left, const auto& right) {
                          return left.score != right.score ? left.score > right.score : left.article < right.article;
                      });
    hits.resize(shown);
    return hits;
}

}  // namespace kindred::understanding
