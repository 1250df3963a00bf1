#pragma once
#include <string>
#include <string_view>

namespace kindred {

/// Text as HTML and XML have it, between tags and in attributes.
std::string escaped_html(std::string_view text);

}  // namespace kindred
