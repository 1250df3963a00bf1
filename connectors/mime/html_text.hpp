#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace kindred::connectors::mime {

/// What an HTML mail (UTF-8) says as plain text: blocks on lines of their own, list items with "- ", quoted blocks
/// with "> ", no styles, scripts or hidden heads. Nothing is fetched. Nothing when it nests deeper than 256 elements.
std::optional<std::string> text_of_html(std::string_view html);

}  // namespace kindred::connectors::mime
