#include "engine/settings/source_text.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::settings {

source_text::source_text(std::string_view text) : text_(text), line_starts_{0} {
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
        line_starts_.push_back(at + 1);
}

position source_text::at(std::size_t byte) {
    byte = std::min(byte, text_.size());
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), byte);
    const std::size_t start = *(after - 1);
    // Places are asked for from front to back: counting goes on from the last one, or a long line costs its square.
    if (last_byte_ < start || last_byte_ > byte) {
        last_byte_ = start;
        last_column_ = 1;
    }
    last_column_ += static_cast<int>(count_code_points(text_.substr(last_byte_, byte - last_byte_)));
    last_byte_ = byte;
    return {static_cast<int>(after - line_starts_.begin()), last_column_};
}

bool source_text::quote_closes(std::size_t byte) const {
    const char quote = (*this)[byte];
    for (++byte; byte < text_.size(); ++byte) {
        if (quote == '"' && text_[byte] == '\\') {
            ++byte;
        } else if (text_[byte] == quote) {
            if (quote != '\'' || (*this)[byte + 1] != '\'') return true;
            ++byte;  // '' is one quote inside single quotes
        }
    }
    return false;
}

}  // namespace kindred::settings
