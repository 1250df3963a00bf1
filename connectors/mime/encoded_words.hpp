#pragma once
#include <string>
#include <string_view>

namespace kindred::connectors::mime {

/// An unstructured header value as UTF-8 (RFC 2047, RFC 6532): unfolded, encoded words decoded, adjacent ones of one
/// charset joined before their charset is decoded. A word that cannot be decoded stays as it is written.
std::string decode_header(std::string_view value);

/// An address header with its encoded words as quoted strings in UTF-8, so that a comma or '<' inside a decoded name
/// does not become punctuation.
std::string decode_address_header(std::string_view value);

/// A header value without its line breaks.
std::string unfold(std::string_view value);

}  // namespace kindred::connectors::mime
