#include "engine/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <numeric>

namespace kindred {
namespace {

/// Length of the well-formed sequence at the front, 0 when it is ill-formed.
std::size_t sequence_length(std::string_view bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    std::size_t size = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        size = 2;
    else if (lead >= 0xE0 && lead <= 0xEF)
        size = 3;
    else if (lead >= 0xF0 && lead <= 0xF4)
        size = 4;
    else
        return 0;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    if (bytes.size() < size || byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < size; ++i)
        if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    return size;
}

/// Whether JSON texts may have this letter as it is, and it is ASCII.
constexpr bool is_plain(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte >= 0x20 && byte < 0x80 && letter != '"' && letter != '\\';
}

/// How many letters at the front are plain.
std::size_t plain_run(std::string_view text) {
    constexpr std::uint64_t each = 0x0101010101010101U;
    constexpr std::uint64_t high = 0x80 * each;
    const auto has_zero = [](std::uint64_t bytes) { return (bytes - each) & ~bytes & high; };
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, sizeof eight);
        const auto control = (eight - 0x20 * each) & ~eight & high;  // exact while no letter has its high bit set
        if ((eight & high) != 0 || control != 0 || has_zero(eight ^ '"' * each) != 0 ||
            has_zero(eight ^ '\\' * each) != 0)
            break;
    }
    while (at < text.size() && is_plain(text[at])) ++at;
    return at;
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

int hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    return -1;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        // Mostly ASCII: eight bytes at a time as long as none has its high bit set.
        std::uint64_t eight = 0;
        while (bytes.size() >= sizeof eight) {
            std::memcpy(&eight, bytes.data(), sizeof eight);
            if ((eight & 0x8080808080808080U) != 0) break;
            bytes.remove_prefix(sizeof eight);
        }
        if (bytes.empty()) return true;
        const auto size = sequence_length(bytes);
        if (size == 0) return false;
        bytes.remove_prefix(size);
    }
    return true;
}

std::string to_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto size = sequence_length(bytes);
        text += size == 0 ? replacement : bytes.substr(0, size);
        bytes.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return text;
}

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

void append_json_string(std::string& out, std::string_view text) {
    std::size_t i = plain_run(text);
    if (i == text.size()) {
        // Nearly every key and most texts: in one piece.
        const auto at = out.size();
        out.resize(at + i + 2, '"');
        std::copy(text.begin(), text.end(), out.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        return;
    }
    out += '"';
    std::size_t plain = 0;
    const auto flush = [&] { out.append(text.substr(plain, i - plain)); };
    while (i < text.size()) {
        if (is_plain(text[i])) {
            i += plain_run(text.substr(i));
            continue;
        }
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x80) {
            const auto size = sequence_length(text.substr(i));
            const bool separator = size == 3 && byte == 0xE2 && static_cast<unsigned char>(text[i + 1]) == 0x80 &&
                                   (static_cast<unsigned char>(text[i + 2]) & 0xFEU) == 0xA8U;
            if (size != 0 && !separator) {
                i += size;
                continue;
            }
            flush();
            if (separator)
                out += static_cast<unsigned char>(text[i + 2]) == 0xA8 ? "\\u2028" : "\\u2029";
            else
                out += replacement;
            i += std::max<std::size_t>(size, 1);
        } else {
            flush();
            switch (byte) {
                case '"': out += "\\\""; break;
                case '\\': out += "\\\\"; break;
                case '\n': out += "\\n"; break;
                case '\r': out += "\\r"; break;
                case '\t': out += "\\t"; break;
                default: {
                    std::array<char, 8> escape{};
                    std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(byte));
                    out += escape.data();
                }
            }
            ++i;
        }
        plain = i;
    }
    flush();
    out += '"';
}

std::string escape_markup(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char letter : text) {
        switch (letter) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += letter;
        }
    }
    return out;
}

std::string decode_percent(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                   hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string encode_percent(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if ((byte < 0x80 && std::isalnum(byte) != 0) || letter == '-' || letter == '_' || letter == '.' ||
            letter == '~') {
            out += letter;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string to_lower_ascii(std::string_view text) {
    std::string out(text);
    // Written without a branch, so that the compiler takes many letters at once.
    for (char& letter : out) {
        const bool upper = static_cast<unsigned char>(letter - 'A') < 26;
        letter = static_cast<char>(letter | static_cast<char>(static_cast<unsigned>(upper) << 5U));
    }
    return out;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
               return a == b || (std::isalpha(static_cast<unsigned char>(a)) != 0 &&
                                 (static_cast<unsigned char>(a) | 0x20U) == (static_cast<unsigned char>(b) | 0x20U) &&
                                 std::isalpha(static_cast<unsigned char>(b)) != 0);
           });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::vector<form_field> parse_form(std::string_view body) {
    std::vector<form_field> fields;
    if (body.empty()) return fields;
    for (const auto pair : split(body, '&')) {
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const auto raw_value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        fields.push_back({decode_percent(pair.substr(0, equals)), decode_percent(raw_value)});
    }
    return fields;
}

std::optional<std::string> nearest(std::string_view wrong, const std::vector<std::string>& known) {
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(1, wrong.size() / 3) + 1;
    for (const auto& candidate : known) {
        const auto longer = std::max(candidate.size(), wrong.size()) - std::min(candidate.size(), wrong.size());
        if (longer >= best_distance) continue;
        // Three rows of the table of optimal string alignment: letters added, left out, changed, or swapped with the
        // next.
        std::vector<std::size_t> before_last(candidate.size() + 1);
        std::vector<std::size_t> last(candidate.size() + 1);
        std::vector<std::size_t> row(candidate.size() + 1);
        std::iota(row.begin(), row.end(), 0);
        for (std::size_t i = 0; i < wrong.size(); ++i) {
            before_last.swap(last);
            last.swap(row);
            row[0] = i + 1;
            for (std::size_t j = 0; j < candidate.size(); ++j) {
                const std::size_t substituted = last[j] + (wrong[i] == candidate[j] ? 0 : 1);
                row[j + 1] = std::min({last[j + 1] + 1, row[j] + 1, substituted});
                const bool swapped = i > 0 && j > 0 && wrong[i] == candidate[j - 1] && wrong[i - 1] == candidate[j];
                if (swapped) row[j + 1] = std::min(row[j + 1], before_last[j - 1] + 1);
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

}  // namespace kindred
