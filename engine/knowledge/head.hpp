#pragma once
#include "engine/settings/tree.hpp"

#include <optional>
#include <string_view>

namespace kindred::knowledge {

/// A Markdown file taken apart: the YAML between two lines of `---`, and what follows.
struct headed_text {
    settings::node head;
    std::string_view body;  ///< points into the bytes that were parsed
    int body_line = 1;      ///< the line that the body begins on
};

/// Nothing, with the problem reported, when the head is missing, not closed or no mapping.
std::optional<headed_text> split_head(std::string_view file, std::string_view bytes, settings::problems& found);

}  // namespace kindred::knowledge
