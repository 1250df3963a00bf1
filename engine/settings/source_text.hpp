#pragma once
#include "engine/settings/diagnostic.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace kindred::settings {

/// A text with its line starts: turns byte offsets into positions. The text must outlive it. Not thread-safe.
class source_text {
public:
    explicit source_text(std::string_view text);

    /// Costs the distance from the last place asked for in the same line, where that lies before this one.
    position at(std::size_t byte);
    std::string_view text() const { return text_; }
    char operator[](std::size_t byte) const { return byte < text_.size() ? text_[byte] : '\0'; }

    /// Whether the quoted scalar that begins at `byte` has its closing quote.
    bool quote_closes(std::size_t byte) const;

private:
    std::string_view text_;
    std::vector<std::size_t> line_starts_;
    std::size_t last_byte_ = 0;
    int last_column_ = 1;
};

}  // namespace kindred::settings
