#include "connectors/declared/text_template.hpp"

#include <utility>

namespace kindred::connectors::declared {
namespace {

constexpr std::string_view small_letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:?-";

/// The name that begins the text, which stands behind an open brace; empty when there is none with its end.
std::string_view name_at(std::string_view text) {
    if (text.empty() || small_letters.find(text.front()) == std::string_view::npos) return {};
    const auto end = text.find_first_not_of(name_letters);
    return end == std::string_view::npos || text[end] != '}' ? std::string_view{} : text.substr(0, end);
}

}  // namespace

text_template::text_template(std::string_view written) {
    std::string literal;
    while (!written.empty()) {
        const auto name = written.front() == '{' ? name_at(written.substr(1)) : std::string_view{};
        if (name.empty()) {
            literal += written.front();
            written.remove_prefix(1);
            continue;
        }
        if (!literal.empty()) pieces_.push_back({false, std::exchange(literal, {})});
        pieces_.push_back({true, std::string(name)});
        written.remove_prefix(name.size() + 2);
    }
    if (!literal.empty()) pieces_.push_back({false, std::move(literal)});
}

std::vector<std::string> text_template::names() const {
    std::vector<std::string> all;
    for (const auto& each : pieces_)
        if (each.is_name) all.push_back(each.text);
    return all;
}

bool text_template::begins_with_name(std::string_view name) const {
    return !pieces_.empty() && pieces_.front().is_name && pieces_.front().text == name;
}

std::string text_template::fill(const std::function<std::string(std::string_view)>& value) const {
    std::string filled;
    for (const auto& each : pieces_) filled += each.is_name ? value(each.text) : each.text;
    return filled;
}

}  // namespace kindred::connectors::declared
