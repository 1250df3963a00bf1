#pragma once
#include <string>
#include <string_view>

namespace kindred::connectors::mime {

/// The paragraphs of a format=flowed text (RFC 3676): lines that end with a space go on in the next line of the same
/// quote depth. `delete_spaces` is the parameter DelSp.
std::string unflow(std::string_view text, bool delete_spaces);

}  // namespace kindred::connectors::mime
