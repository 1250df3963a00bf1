#pragma once
#include "engine/understanding/article_catalog.hpp"

#include <string>
#include <vector>

namespace kindred::understanding {

struct sure_article {
    std::string id;
    double confidence = 0;  ///< over 0, at most 1
};

/// The articles of a library with how sure it is that they answer a text, for answers that nobody looks at before they
/// are sent. The confidence is the article's score for the text by its mean score for its own title and questions: 1
/// is as sure as if somebody had asked in the article's own words. Immutable; safe from every thread. Making one learns
/// as article_finder does, and asks up to 20 questions of each article.
class sure_articles {
public:
    explicit sure_articles(const knowledge::library& library);

    /// Surest first, at most `limit`, none below `least`; languages as article_catalog::find() has them.
    std::vector<sure_article> find(const gram_list& text, const std::vector<std::string>& languages, double least,
                                   std::size_t limit) const;

private:
    article_catalog catalog_;
    std::vector<std::string> ids_;    ///< by place in the library
    std::vector<double> own_scores_;  ///< the same; 0: no article, or one that its own words do not find
};

}  // namespace kindred::understanding
