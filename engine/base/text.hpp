#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred {

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, nothing over U+10FFFF, no overlong forms).
bool is_utf8(std::string_view bytes);
/// The same text with every ill-formed byte replaced by U+FFFD.
std::string to_utf8(std::string_view bytes);
/// The number of code points in well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

/// Appends `text` as a JSON string with quotes; ill-formed bytes become U+FFFD, and U+2028/2029 are escaped.
void append_json_string(std::string& out, std::string_view text);
/// `&`, `<`, `>`, `"`, `'` as entities: fit for XML text and attributes, and for HTML.
std::string escape_markup(std::string_view text);
/// application/x-www-form-urlencoded and query strings: '+' is a space, bad escapes stay as they are.
std::string decode_percent(std::string_view text);
/// Everything but A-Z a-z 0-9 - _ . ~ as %XX.
std::string encode_percent(std::string_view text);

std::string_view trim(std::string_view text);
/// ASCII only: for protocol words, never for what people write.
std::string to_lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);
std::vector<std::string_view> split(std::string_view text, char separator);

/// One name=value pair of a form body or query, both decoded.
struct form_field {
    std::string name;
    std::string value;
};
/// The fields in their order, duplicates kept.
std::vector<form_field> parse_form(std::string_view body);

/// The name of `known` nearest to `wrong`, when it is near enough to be what was meant (for "did you mean").
std::optional<std::string> nearest(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace kindred
