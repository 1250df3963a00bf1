#pragma once
#include "engine/knowledge/library.hpp"
#include "engine/understanding/article_finder.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::understanding {

/// An article that answers a text.
struct found_article {
    std::size_t entry = 0;  ///< its place in the library
    double score = 0;       ///< over 0; comparable between texts
};

/// The articles of a library, found by text. It does not look into the library again, which may go away. Immutable;
/// safe from every thread.
class article_catalog {
public:
    explicit article_catalog(const knowledge::library& library,
                             article_finder::same_text treat = article_finder::same_text::finds);

    /// Best first, one for each id, at most `limit`. An id that exists in several languages is looked at in the first
    /// of `languages` that it exists in (an article without a language is in every one), and passed over when it is in
    /// none of them; without `languages`, in all. `fits` says which entries may be shown; empty: all.
    std::vector<found_article> find(const gram_list& text, const std::vector<std::string>& languages,
                                    const std::function<bool(std::size_t entry)>& fits = {},
                                    std::size_t limit = 10) const;

    bool empty() const { return articles_.empty(); }
    /// How many articles there are, each language counted.
    std::size_t size() const { return articles_.size(); }
    bool has_classifier() const { return finder_.has_classifier(); }

private:
    struct article {
        std::size_t entry;
        std::size_t id;  ///< equal for the languages of one article
        std::string language;
    };
    bool is_in_first_language(std::size_t place, const std::vector<std::string>& languages) const;

    std::vector<article> articles_;
    std::vector<std::vector<std::size_t>> by_id_;  ///< places in articles_
    article_finder finder_;
};

}  // namespace kindred::understanding
