#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/understanding/sure_articles.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which article rules would answer a contact with. On a record it is told in two steps, before and after the contact
/// is decided; what-if tells it in one go.
namespace kindred::runtime {

/// So many articles are looked at; the best that is for the customer may be one of them.
inline constexpr std::size_t most_near_articles = 5;

/// The articles that may answer a text in this channel kind, nearest first; empty where none is sent there or none can
/// be sure enough.
std::vector<understanding::near_article> near_enough(const understanding::sure_articles& all,
                                                     const rules::ruleset& rules, channel_kind kind,
                                                     std::string_view text, const std::string& language);

struct surest_article {
    rules::text_body article;
    double confidence = 0;
};

/// The one of them that is for the customer and sure enough. None: there is none, or the customer is left to people.
std::optional<surest_article> surest_of(const std::vector<understanding::near_article>& near,
                                        const rules::ruleset& rules, const rules::decision_input& input,
                                        const rules::decision& decided);

}  // namespace kindred::runtime
