#pragma once
#include <string>
#include <string_view>

namespace kindred::understanding {

/// What CLD2 takes a text for.
struct compact_guess {
    std::string language;  ///< ISO 639; empty when it has no idea
    bool reliable = false;
};

/// CLD2 with its best-effort flag: without it, it has no answer for most single words. `text` is UTF-8.
compact_guess detect_compactly(std::string_view text);

}  // namespace kindred::understanding
