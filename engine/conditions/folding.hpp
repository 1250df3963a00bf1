#pragma once
#include <string>
#include <string_view>

/// Text as conditions compare it.
namespace kindred::conditions {

/// NFKC case-folded; accents count. Ill-formed bytes become U+FFFD.
std::string fold(std::string_view text);
/// NFC, case kept.
std::string compose(std::string_view text);
/// Folded, with every run of white space as one space: what phrases are looked for in.
std::string fold_phrase(std::string_view text);

/// Whether `phrase` occurs in `text` as whole words; next to letters of scripts that are written without spaces it may
/// begin and end anywhere. Both are results of fold_phrase().
bool contains_phrase(std::string_view text, std::string_view phrase);

}  // namespace kindred::conditions
