#include "engine/conditions/folding.hpp"

#include "engine/base/text.hpp"

#include <string.h>  // NOLINT(modernize-deprecated-headers): memmem is not in std
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>

namespace kindred::conditions {
namespace {

bool is_ascii(std::string_view text) {
    // No early exit: so the compiler looks at many letters at once.
    unsigned char any = 0;
    for (const char letter : text) any |= static_cast<unsigned char>(letter);
    return any < 0x80;
}

std::string normalized(const icu::Normalizer2* form, UErrorCode status, std::string_view text) {
    std::string out;
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink(&out);
    if (U_SUCCESS(status))
        form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr, status);
    return U_SUCCESS(status) ? out : std::string(text);
}

/// Scripts whose words are not set apart by spaces.
bool is_spaceless(UChar32 letter) {
    if (letter < 0x0E00) return false;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(letter, &status)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_BOPOMOFO:
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
        case USCRIPT_TIBETAN: return true;
        default: return false;
    }
}

bool is_word_letter(UChar32 letter) {
    if (letter < 0) return false;
    if (letter < 0x80)
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               (letter >= 'A' && letter <= 'Z') || letter == '_';
    constexpr std::uint32_t marks = U_GC_M_MASK;
    return u_isalnum(letter) != 0 || (U_GET_GC_MASK(letter) & marks) != 0;
}

/// Whether one word goes on from `left` to `right`; negative: there is no letter.
bool is_inside_word(UChar32 left, UChar32 right) {
    return is_word_letter(left) && is_word_letter(right) && !is_spaceless(left) && !is_spaceless(right);
}

UChar32 letter_before(std::string_view text, std::size_t at) {
    if (at == 0) return -1;
    auto index = static_cast<int32_t>(at);
    UChar32 letter = 0;
    U8_PREV(reinterpret_cast<const std::uint8_t*>(text.data()), 0, index, letter);
    return letter;
}

UChar32 letter_after(std::string_view text, std::size_t at) {
    if (at >= text.size()) return -1;
    auto index = static_cast<int32_t>(at);
    UChar32 letter = 0;
    U8_NEXT(reinterpret_cast<const std::uint8_t*>(text.data()), index, static_cast<int32_t>(text.size()), letter);
    return letter;
}

}  // namespace

std::string fold(std::string_view text) {
    if (is_ascii(text)) return to_lower_ascii(text);
    const std::string clean = to_utf8(text);
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
    return normalized(form, status, clean);
}

std::string compose(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    const std::string clean = to_utf8(text);
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(status);
    return normalized(form, status, clean);
}

namespace {

/// Leaves single spaces between words and none at the ends. Gives the new size.
std::size_t drop_repeated_spaces(char* text, std::size_t size) {
    std::size_t kept = 0;
    std::size_t at = 0;
    const auto skip_spaces = [&] {
        while (at < size && text[at] == ' ') ++at;
    };
    skip_spaces();
    // Nearly every text has none: that is seen sixteen letters at a time.
    unsigned repeated = 0;
    for (std::size_t i = 1; i < size; ++i)
        repeated |= static_cast<unsigned>(text[i] == ' ') & static_cast<unsigned>(text[i - 1] == ' ');
    if (repeated == 0 && at == 0) return size > 0 && text[size - 1] == ' ' ? size - 1 : size;
    while (at < size) {
        const auto* twice = static_cast<const char*>(::memmem(text + at, size - at, "  ", 2));
        const std::size_t end = twice == nullptr ? size : static_cast<std::size_t>(twice - text) + 1;
        if (kept != at) std::memmove(text + kept, text + at, end - at);
        kept += end - at;
        at = end;
        skip_spaces();
    }
    return kept > 0 && text[kept - 1] == ' ' ? kept - 1 : kept;
}

/// Of ASCII alone. Without a branch for each letter, so that the compiler takes many at once.
std::string fold_ascii_phrase(std::string_view text) {
    std::string out(text.size(), '\0');
    // Bare pointers: a letter written through the string might, for all the compiler knows, be a part of the string
    // itself.
    const char* const from = text.data();
    char* const to = out.data();
    const std::size_t size = text.size();
    for (std::size_t i = 0; i < size; ++i) {
        const char letter = from[i];
        const bool upper = static_cast<unsigned char>(letter - 'A') < 26;
        const bool space = static_cast<unsigned char>(letter - 9) < 5;
        const auto lower = static_cast<char>(letter | static_cast<char>(static_cast<unsigned>(upper) << 5U));
        to[i] = space ? ' ' : lower;
    }
    out.resize(drop_repeated_spaces(to, size));
    return out;
}

}  // namespace

std::string fold_phrase(std::string_view text) {
    if (is_ascii(text)) return fold_ascii_phrase(text);
    const std::string folded = fold(text);
    std::string out;
    out.reserve(folded.size());
    const auto size = static_cast<int32_t>(folded.size());
    bool space = false;
    for (int32_t at = 0; at < size;) {
        const int32_t begin = at;
        UChar32 letter = 0;
        U8_NEXT(reinterpret_cast<const std::uint8_t*>(folded.data()), at, size, letter);
        if (letter == ' ' || (letter >= 9 && letter <= 13) || (letter >= 0x80 && u_isUWhiteSpace(letter) != 0)) {
            space = true;
            continue;
        }
        if (space && !out.empty()) out += ' ';
        space = false;
        out.append(folded, static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    }
    return out;
}

namespace {

/// memmem() looks for rare pairs of bytes first, where std::string_view::find() stops at each first byte.
std::size_t find_bytes(std::string_view text, std::string_view wanted, std::size_t from) {
    if (from >= text.size()) return std::string_view::npos;
    const auto* found =
        static_cast<const char*>(::memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size()));
    return found == nullptr ? std::string_view::npos : static_cast<std::size_t>(found - text.data());
}

}  // namespace

bool contains_phrase(std::string_view text, std::string_view phrase) {
    if (phrase.empty()) return false;
    const UChar32 first = letter_after(phrase, 0);
    const UChar32 last = letter_before(phrase, phrase.size());
    for (auto at = find_bytes(text, phrase, 0); at != std::string_view::npos; at = find_bytes(text, phrase, at + 1)) {
        if (is_inside_word(letter_before(text, at), first)) continue;
        if (is_inside_word(last, letter_after(text, at + phrase.size()))) continue;
        return true;
    }
    return false;
}

}  // namespace kindred::conditions
