#pragma once
#include "engine/http/response.hpp"

#include <string>
#include <string_view>

/// Pages that customers see without logging in: HTML made here, without scripts.
namespace kindred::api {

/// What the pages themselves say, beside what the rules have texts for.
struct page_words {
    std::string_view language;
    std::string_view send;
    std::string_view thanks;
    std::string_view search;
    std::string_view questions;
    std::string_view nothing_found;
    std::string_view helped;
    std::string_view yes;
    std::string_view no;
    std::string_view person;
    std::string_view your_question;
    std::string_view your_email;
    std::string_view sent;
    std::string_view back;
};

/// In the first language of "es-MX,es;q=0.8" (also just "es") that there are words in, else in English.
const page_words& words_in(std::string_view languages);

/// A whole page: `body` is HTML. No caches, no scripts, no frames, no referrer.
http::response html_page(unsigned status, const page_words& words, std::string_view title, std::string_view body);

}  // namespace kindred::api
