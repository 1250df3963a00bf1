#include "engine/knowledge/head.hpp"

#include <algorithm>
#include <string>

namespace kindred::knowledge {
namespace {

/// The line that begins at `at`, without its end; moves `at` to the next.
std::string_view take_line(std::string_view text, std::size_t& at) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    at = std::min(end + 1, text.size());
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    return line;
}

}  // namespace

std::optional<headed_text> split_head(std::string_view file, std::string_view bytes, settings::problems& found) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (!settings::check_text(file, bytes, found)) return std::nullopt;
    std::size_t at = 0;
    if (take_line(bytes, at) != "---") {
        found.error(file, {1, 1}, "the file must begin with a head: a line of ---, then YAML, then a line of ---");
        return std::nullopt;
    }
    const std::size_t head_begin = at;
    int line = 1;
    while (true) {
        const std::size_t line_begin = at;
        if (line_begin >= bytes.size()) {
            found.error(file, {1, 1}, "the head that begins here is not closed by a line of ---");
            return std::nullopt;
        }
        ++line;
        if (take_line(bytes, at) != "---") continue;
        // An empty first line keeps the line numbers of the file.
        const auto head_text = "\n" + std::string(bytes.substr(head_begin, line_begin - head_begin));
        auto head = settings::parse_yaml(file, head_text, found);
        if (!head) return std::nullopt;
        return headed_text{std::move(*head), bytes.substr(at), line + 1};
    }
}

}  // namespace kindred::knowledge
