#include "engine/mail/imap_response.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kindred::mail {
namespace {

bool is_edge(char letter) {
    return letter == ' ' || letter == '(' || letter == ')' || letter == '[' || letter == ']' || letter == '\t';
}

/// Where a word stands in a text, between edges and ignoring case.
std::size_t find_word(std::string_view text, std::string_view word) {
    for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
        if (at > 0 && !is_edge(text[at - 1])) continue;
        const auto end = at + word.size();
        if (end < text.size() && !is_edge(text[end])) continue;
        if (equal_ignoring_case(text.substr(at, word.size()), word)) return at;
    }
    return std::string_view::npos;
}

template <class Number>
std::optional<Number> number_at(std::string_view text) {
    Number value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end == text.data()) return std::nullopt;
    if (end != text.data() + text.size() && !is_edge(*end)) return std::nullopt;
    return value;
}

/// The size of a literal that a line announces at its end: "{123}" or "{123+}".
std::optional<std::size_t> literal_of(std::string_view line) {
    if (!line.ends_with('}')) return std::nullopt;
    const auto open = line.rfind('{');
    if (open == std::string_view::npos) return std::nullopt;
    auto digits = line.substr(open + 1, line.size() - open - 2);
    if (digits.ends_with('+')) digits.remove_suffix(1);
    std::size_t size = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (digits.empty() || problem != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return size;
}

}  // namespace

std::string imap_response::word() const {
    auto first = text.substr(0, text.find_first_of(" ["));
    std::transform(first.begin(), first.end(), first.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
    });
    return first;
}

std::optional<std::uint32_t> imap_response::count_of(std::string_view keyword) const {
    const auto space = text.find(' ');
    if (tag != "*" || space == std::string::npos) return std::nullopt;
    const auto rest = std::string_view(text).substr(space + 1);
    if (!equal_ignoring_case(rest.substr(0, rest.find(' ')), keyword)) return std::nullopt;
    return number_at<std::uint32_t>(std::string_view(text).substr(0, space));
}

std::optional<std::uint64_t> imap_response::number_after(std::string_view name) const {
    const auto at = find_word(text, name);
    if (at == std::string_view::npos || at + name.size() + 1 > text.size()) return std::nullopt;
    return number_at<std::uint64_t>(std::string_view(text).substr(at + name.size() + 1));
}

bool imap_response::has(std::string_view word) const { return find_word(text, word) != std::string_view::npos; }

result<void> imap_reader::take(std::string_view bytes) {
    while (!bytes.empty()) {
        if (in_literal_) {
            const auto part = bytes.substr(0, literal_left_);
            open_.literals.back().append(part);
            literal_left_ -= part.size();
            bytes.remove_prefix(part.size());
            in_literal_ = literal_left_ > 0;
            continue;
        }
        const auto end = bytes.find('\n');
        line_.append(bytes.substr(0, end));
        if (line_.size() + open_.text.size() > longest_line)
            return fail(errc::too_large, "a line of the server is over 64 KiB");
        if (end == std::string_view::npos) return {};
        bytes.remove_prefix(end + 1);
        if (line_.ends_with('\r')) line_.pop_back();
        if (auto ended = end_line(); !ended) return ended.error();
    }
    return {};
}

result<void> imap_reader::end_line() {
    auto line = std::exchange(line_, {});
    if (const auto size = literal_of(line)) {
        if (*size > most_literal_) return fail(errc::too_large, "the server sends more than was asked for");
        if (open_.literals.size() == most_literals) return fail(errc::too_large, "a response has too many literals");
        open_.text.append(line, 0, line.rfind('{')).append("{}");
        open_.literals.emplace_back();
        literal_left_ = *size;
        in_literal_ = *size > 0;
        return {};
    }
    open_.text += line;
    const auto space = open_.text.find(' ');
    open_.tag = open_.text.substr(0, space);
    if (open_.tag.empty()) return fail(errc::invalid, "the server does not speak IMAP");
    open_.text.erase(0, space == std::string::npos ? open_.text.size() : space + 1);
    whole_.push_back(std::exchange(open_, {}));
    return {};
}

std::optional<imap_response> imap_reader::next() {
    if (given_ == whole_.size()) {
        whole_.clear();
        given_ = 0;
        return std::nullopt;
    }
    return std::move(whole_[given_++]);
}

result<std::string> imap_quoted(std::string_view text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x20 || byte > 0x7E) return fail(errc::invalid, "a character stands in it that IMAP cannot quote");
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return quoted += '"';
}

}  // namespace kindred::mail
