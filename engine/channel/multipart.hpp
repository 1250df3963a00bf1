#pragma once
#include "engine/base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::channel {

/// One part of a multipart/form-data body (RFC 7578, names as the WHATWG HTML standard writes them: a backslash is
/// itself). The content views the body.
struct form_part {
    std::string name;
    std::optional<std::string> filename;  ///< its last path component; none: a plain field
    std::string type;                     ///< as declared; empty: not said
    std::string_view content;
};

/// The parts in their order. errc::invalid: a boundary that RFC 2046 does not allow, no closing boundary, a part
/// without a name; errc::too_large: over 1000 parts, or over 16 KiB of part headers.
result<std::vector<form_part>> parse_multipart(std::string_view body, std::string_view boundary);

}  // namespace kindred::channel
