#pragma once
#include <string>
#include <string_view>

namespace kindred::api {

/// HTML of the Markdown that articles are written in: CommonMark with tables, struck out text and bare addresses as
/// GitHub has them. HTML in it is left out, and so are addresses that could run something. Any
/// thread may call it.
std::string html_of_markdown(std::string_view markdown);

}  // namespace kindred::api
