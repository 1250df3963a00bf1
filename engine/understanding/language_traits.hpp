#pragma once
#include "engine/understanding/letters.hpp"

#include <span>
#include <string_view>

namespace kindred::understanding {

/// The scripts a language (ISO 639-1) is written in; Latin for those not in the table.
std::span<const script> scripts_of(std::string_view language);

/// Languages and dialects that short texts in `language` are easily taken for, as ISO 639 codes: where a site does not
/// serve them themselves, they speak for it.
std::span<const std::string_view> neighbours_of(std::string_view language);

}  // namespace kindred::understanding
