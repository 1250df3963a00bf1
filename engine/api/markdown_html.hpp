#pragma once
#include <string>
#include <string_view>

namespace kindred::api {

/// HTML of the Markdown that articles are written in: headings, paragraphs, lists, quotes, code, emphasis and links.
/// All HTML in it is shown as text; links go to https, http, mailto and tel, or stay within the site.
std::string html_of_markdown(std::string_view markdown);

}  // namespace kindred::api
