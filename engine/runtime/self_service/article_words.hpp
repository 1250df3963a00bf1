#pragma once
#include <cstddef>
#include <string_view>

namespace kindred::runtime {

/// What is said beside an article that answers a contact.
struct article_words {
    std::string_view language;
    std::string_view before;  ///< the article
    std::string_view helped;
    std::string_view person;
    std::string_view or_answer;  ///< in mails: writing back is enough
    std::string_view thanks;
    std::string_view person_comes;
    std::string_view in_hands;  ///< somebody is at it already
    std::string_view over;      ///< the address holds no more
    std::string_view forged;
};

/// In this language ("es-MX" is Spanish), else in English.
const article_words& article_words_in(std::string_view language);
/// How many bytes the longest `helped` or `person` of any language has: what is longer answers no article.
std::size_t longest_article_answer();

}  // namespace kindred::runtime
