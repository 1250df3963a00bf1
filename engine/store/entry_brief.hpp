#pragma once
#include <string>
#include <string_view>

namespace kindred::store {

/// What reports ask of one line of a ticket's history: the few members of its JSON that figures are made of, without
/// what people wrote. engine/insight reads a brief as it reads the whole.
///
/// Raised when briefs change, so that older ones are not taken for what they are not.
inline constexpr int brief_form = 2;

/// Whether lines of this kind have briefs. Of all others figures know nothing.
bool has_brief(std::string_view kind);

/// Appends the brief of a line: JSON, or nothing where a kind's lines say nothing but that they are there. False: this
/// kind has none.
bool append_brief(std::string_view kind, std::string_view json, std::string& into);

}  // namespace kindred::store
