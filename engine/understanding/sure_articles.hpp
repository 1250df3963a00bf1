#pragma once
#include "engine/understanding/article_catalog.hpp"

#include <string>
#include <vector>

namespace kindred::understanding {

/// An article that may answer a text, and how near its words are: the article's score for the text by its mean score
/// for its own title and questions, so that 1 is as near as if somebody had asked in the article's own words.
struct near_article {
    std::string id;
    double nearness = 0;  ///< over 0; may be over 1
};

/// How probable it is that an article answers a text, from 0 to 1: by its nearness and by how much nearer it is than
/// the next one that may be shown (0: there is no other). Fitted to labelled questions of which three quarters have an
/// answer; docs/self-service.md has the figures.
double confidence_of(double nearness, double next);

/// The articles of a library with how near they are to a text, for answers that nobody looks at before they are sent.
/// Immutable; safe from every thread. Making one learns as article_finder does, and asks up to 20 questions of each
/// article.
class sure_articles {
public:
    explicit sure_articles(const knowledge::library& library);

    /// Nearest first, at most `limit`; languages as article_catalog::find() has them.
    std::vector<near_article> find(const gram_list& text, const std::vector<std::string>& languages,
                                   std::size_t limit) const;

private:
    article_catalog catalog_;
    std::vector<std::string> ids_;    ///< by place in the library
    std::vector<double> own_scores_;  ///< the same; 0: no article, or one that its own words do not find
};

}  // namespace kindred::understanding
