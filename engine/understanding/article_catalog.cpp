#include "engine/understanding/article_catalog.hpp"

#include <algorithm>
#include <map>

namespace kindred::understanding {
namespace {

/// What an article says, without the heading that is its title.
std::string body_of(const knowledge::entry& article) {
    std::string text;
    for (const auto& part : article.body.parts()) text += part.text;
    const auto heading = text.find('#');
    if (heading == std::string::npos || text.find_first_not_of(" \t\r\n") != heading) return text;
    const auto end = std::min(text.find('\n', heading), text.size());
    const bool is_title = text.substr(heading, end - heading).find(article.title) != std::string::npos;
    return is_title ? text.substr(end) : text;
}

std::vector<searchable_article> searchable(const knowledge::library& library) {
    std::vector<searchable_article> made;
    for (const auto& each : library.entries()) {
        if (each.kind != knowledge::text_kind::article) continue;
        searchable_article article{{each.title}, body_of(each)};
        article.questions.insert(article.questions.end(), each.questions.begin(), each.questions.end());
        made.push_back(std::move(article));
    }
    return made;
}

/// Where a language stands among those wanted; an article without one is in each.
std::size_t rank_of(std::string_view language, const std::vector<std::string>& wanted) {
    if (language.empty()) return 0;
    return static_cast<std::size_t>(std::find(wanted.begin(), wanted.end(), language) - wanted.begin());
}

}  // namespace

article_catalog::article_catalog(const knowledge::library& library, article_finder::same_text treat)
    : finder_(searchable(library), treat) {
    std::map<std::string_view, std::size_t> ids;
    for (std::size_t i = 0; i < library.entries().size(); ++i) {
        const auto& each = library[i];
        if (each.kind != knowledge::text_kind::article) continue;
        const auto id = ids.emplace(each.id, ids.size()).first->second;
        by_id_.resize(ids.size());
        by_id_[id].push_back(articles_.size());
        articles_.push_back({i, id, each.language});
    }
}

bool article_catalog::is_in_first_language(std::size_t place, const std::vector<std::string>& languages) const {
    if (languages.empty()) return true;
    const auto rank = rank_of(articles_[place].language, languages);
    if (rank == languages.size()) return false;
    const auto& siblings = by_id_[articles_[place].id];
    return std::none_of(siblings.begin(), siblings.end(),
                        [&](auto other) { return rank_of(articles_[other].language, languages) < rank; });
}

std::vector<found_article> article_catalog::find(const gram_list& text, const std::vector<std::string>& languages,
                                                 const std::function<bool(std::size_t)>& fits,
                                                 std::size_t limit) const {
    const auto allowed = [&](std::size_t place) {
        return is_in_first_language(place, languages) && (!fits || fits(articles_[place].entry));
    };
    std::vector<found_article> found;
    std::vector<std::size_t> taken;
    for (const auto& hit : finder_.find(text, allowed, articles_.size())) {
        if (found.size() == limit) break;
        const auto& article = articles_[hit.article];
        if (std::find(taken.begin(), taken.end(), article.id) != taken.end()) continue;
        taken.push_back(article.id);
        found.push_back({article.entry, hit.score});
    }
    return found;
}

}  // namespace kindred::understanding
