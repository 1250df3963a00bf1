#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/connector.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::channel {

/// How long a UTF-8 text is as the provider counts.
std::size_t length_of(std::string_view text, text_unit counted_in);

/// "4096 characters", "5000 UTF-16 units", "1000 bytes": for messages to people.
std::string to_text(const text_limit& limit);

/// The text in parts none of which is longer than the limit: cut at the last paragraph that fits, else at the last
/// sentence, else word, else between two graphemes (UAX #29), so that no accent, flag or family is torn apart. Parts
/// lose the white space at their cuts; nothing else is lost. A text that fits is one part.
/// errc::invalid: not UTF-8, or one grapheme alone is longer than the limit.
result<std::vector<std::string>> split_text(std::string_view text, const text_limit& limit);

}  // namespace kindred::channel
