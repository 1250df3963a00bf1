#pragma once
#include <string>
#include <string_view>

namespace kindred::connectors::mime {

/// Bytes in the charset that a mail declares, as UTF-8. Labels mean what mail programs mean by them (WHATWG Encoding
/// Standard: ks_c_5601-1987 is windows-949, iso-8859-1 is windows-1252, ...). An unknown or missing label: UTF-8 when
/// the bytes are that, else windows-1252. What cannot be decoded becomes U+FFFD.
std::string decode_charset(std::string_view bytes, std::string_view label);

/// Whether `label` names a charset that can be decoded.
bool is_known_charset(std::string_view label);

}  // namespace kindred::connectors::mime
