#pragma once
#include "engine/understanding/article_index.hpp"
#include "engine/understanding/linear_solver.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace kindred::understanding {

/// An article by its place among those that were given.
struct article_hit {
    std::size_t article = 0;
    double score = 0;  ///< over 0; comparable between texts
};

/// Finds articles for a text: by the index alone while there are few ways of asking for each, together with a
/// classifier learnt from them where there are enough. Immutable; safe from every thread. Making one may learn (see
/// solve()).
class article_finder {
public:
    /// How a finder treats questions that are the very text it is asked with.
    enum class same_text {
        finds = 1,
        is_left_out,  ///< for evaluations; makes ten classifiers, each without a tenth of the questions
    };
    explicit article_finder(std::span<const searchable_article> articles, same_text treat = same_text::finds);

    /// Best first, at most `limit`, of those that `allowed` says may be found (all, where it is empty).
    std::vector<article_hit> find(const gram_list& text, const std::function<bool(std::size_t)>& allowed = {},
                                  std::size_t limit = 10) const;
    bool has_classifier() const { return !classifiers_.empty(); }

private:
    struct classifier {
        feature_space space;
        linear_weights weights;
    };
    void learn(std::span<const searchable_article> articles);
    std::vector<float> scores(const gram_list& text) const;

    article_index index_;
    same_text treat_;
    float classifier_share_ = 0;
    std::vector<classifier> classifiers_;  ///< none, one, or one for each tenth of the questions
};

}  // namespace kindred::understanding
