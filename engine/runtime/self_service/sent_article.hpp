#pragma once
#include "engine/base/json.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The article that the customer of a ticket was answered with, as it is kept with the ticket.
namespace kindred::runtime {

/// What the customer says to an article.
enum class article_word {
    nothing = 1,
    helped,
    person,  ///< they want one
    wrote    ///< something else, which people read
};
std::string_view name_of(article_word said);
/// "helped" and "person"; none for everything else.
std::optional<article_word> article_word_named(std::string_view name);

struct sent_article {
    std::string id;
    std::string title;
    std::string language;
    std::uint32_t entry = 0;  ///< in the ticket's history
    time_point until;         ///< its links hold before then
    article_word said = article_word::nothing;
    /// While agents are not offered the ticket: dispatch's replan command that ends this, as base64url.
    std::string release;
};

/// None: no article was sent.
std::optional<sent_article> sent_article_of(const ticket& about);
void keep_sent_article(ticket& about, const sent_article& sent);

/// Where the customer says it, below our public address.
inline constexpr std::string_view article_path = "/answers/";

}  // namespace kindred::runtime
