#pragma once
#include <optional>
#include <string>

namespace re2 {
class RE2;
}

namespace kindred::rules {

/// A text in which the pattern is found, for patterns that are mostly literal (groups, alternatives, anchors, simple
/// classes); none where no such text was found. What it gives has been tried.
std::optional<std::string> example_of(const re2::RE2& pattern);

}  // namespace kindred::rules
