#include "connectors/mime/encoded_words.hpp"

#include "connectors/mime/charset.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <optional>

namespace kindred::connectors::mime {
namespace {

// RFC 2047 allows 75; some programs write a whole subject as one word. A bound keeps the search linear.
constexpr std::size_t longest_word = 2048;

struct encoded_word {
    std::string_view charset;  ///< without a language tag (RFC 2231)
    std::string bytes;
    std::size_t length = 0;  ///< in the header
};

std::optional<std::string> decode_q(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '_') {
            bytes.push_back(' ');
        } else if (text[i] == '=' && i + 2 < text.size()) {
            const auto byte = from_hex(text.substr(i + 1, 2));
            if (!byte) return std::nullopt;
            bytes += *byte;
            i += 2;
        } else {
            bytes.push_back(text[i]);
        }
    }
    return bytes;
}

/// Lenient: missing padding and cut-off words occur in real mail.
std::optional<std::string> decode_b(std::string_view text) {
    std::string padded(text.substr(0, text.find('=')));
    if (padded.size() % 4 == 1) padded.pop_back();
    padded.append((4 - padded.size() % 4) % 4, '=');
    return from_base64(padded);
}

/// The encoded word that `text` begins with.
std::optional<encoded_word> read_encoded_word(std::string_view text) {
    if (!text.starts_with("=?")) return std::nullopt;
    text = text.substr(0, longest_word);
    const auto charset_end = text.find('?', 2);
    if (charset_end == std::string_view::npos || charset_end == 2 || charset_end + 2 >= text.size())
        return std::nullopt;
    if (text[charset_end + 2] != '?') return std::nullopt;
    const auto content = charset_end + 3;
    const auto end = text.find("?=", content);
    if (end == std::string_view::npos) return std::nullopt;
    const auto inside = text.substr(content, end - content);
    auto charset = text.substr(2, charset_end - 2);
    charset = charset.substr(0, charset.find('*'));
    const char encoding = text[charset_end + 1];
    std::optional<std::string> bytes;
    if (encoding == 'q' || encoding == 'Q') bytes = decode_q(inside);
    if (encoding == 'b' || encoding == 'B') bytes = decode_b(inside);
    if (!bytes || !is_known_charset(charset)) return std::nullopt;
    return encoded_word{charset, std::move(*bytes), end + 2};
}

/// A run of encoded words with nothing but white space between them, decoded.
struct run {
    std::string text;
    std::size_t length = 0;
};

std::optional<run> read_run(std::string_view text) {
    auto word = read_encoded_word(text);
    if (!word) return std::nullopt;
    run joined{{}, word->length};
    for (;;) {
        const auto rest = text.substr(joined.length);
        const auto gap = std::min(rest.find_first_not_of(" \t"), rest.size());
        auto next = read_encoded_word(rest.substr(gap));
        if (next && equal_ignoring_case(next->charset, word->charset)) {
            word->bytes += next->bytes;
        } else {
            joined.text += decode_charset(word->bytes, word->charset);
            if (!next) return joined;
            word->charset = next->charset;
            word->bytes = std::move(next->bytes);
        }
        joined.length += gap + next->length;
    }
}

std::string without_controls(std::string_view text) {
    std::string clean;
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) clean.push_back(c);
    return clean;
}

void append_quoted(std::string& out, std::string_view text, bool inside_quotes) {
    if (!inside_quotes) out.push_back('"');
    for (const char c : without_controls(text)) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    if (!inside_quotes) out.push_back('"');
}

}  // namespace

std::string unfold(std::string_view value) {
    std::string line;
    for (const char c : trim(value)) {
        if (c == '\r' || c == '\n') continue;
        line.push_back(c == '\t' ? ' ' : c);
    }
    return line;
}

std::string decode_header(std::string_view value) {
    const auto line = decode_charset(unfold(value), {});
    std::string text;
    for (std::size_t at = 0; at < line.size();) {
        const auto start = std::min(line.find("=?", at), line.size());
        text.append(line, at, start - at);
        at = start;
        if (at == line.size()) break;
        if (const auto decoded = read_run(std::string_view(line).substr(at))) {
            text += decoded->text;
            at += decoded->length;
        } else {
            text += "=?";
            at += 2;
        }
    }
    return std::string(trim(without_controls(text)));
}

std::string decode_address_header(std::string_view value) {
    const auto line = decode_charset(unfold(value), {});
    std::string text;
    bool quoted = false;
    for (std::size_t at = 0; at < line.size();) {
        if (const auto decoded = read_run(std::string_view(line).substr(at))) {
            append_quoted(text, decoded->text, quoted);
            at += decoded->length;
            continue;
        }
        if (line[at] == '\\' && quoted && at + 1 < line.size())
            text.push_back(line[at++]);
        else if (line[at] == '"')
            quoted = !quoted;
        text.push_back(line[at++]);
    }
    return text;
}

}  // namespace kindred::connectors::mime
