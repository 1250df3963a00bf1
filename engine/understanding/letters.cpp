#include "engine/understanding/letters.hpp"

#include "engine/base/text.hpp"
#include "engine/conditions/folding.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>
#include <algorithm>
#include <array>

namespace kindred::understanding {
namespace {

constexpr auto utf8_longest = 4U;

script script_by_icu(char32_t letter) {
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(static_cast<UChar32>(letter), &status)) {
        case USCRIPT_LATIN: return script::latin;
        case USCRIPT_CYRILLIC: return script::cyrillic;
        case USCRIPT_GREEK: return script::greek;
        case USCRIPT_ARABIC: return script::arabic;
        case USCRIPT_HEBREW: return script::hebrew;
        case USCRIPT_DEVANAGARI: return script::devanagari;
        case USCRIPT_THAI: return script::thai;
        case USCRIPT_HANGUL: return script::hangul;
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA: return script::kana;
        case USCRIPT_HAN: return script::han;
        default: return script::other;
    }
}

constexpr bool is_ascii_word(char32_t letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z');
}

bool is_space(char32_t letter) {
    if (letter < 0x80) return letter <= ' ' || letter == 0x7F;
    return u_isUWhiteSpace(static_cast<UChar32>(letter)) != 0 || u_iscntrl(static_cast<UChar32>(letter)) != 0;
}

/// The bytes of the first `limit` code points, at least: no letter is cut in two.
std::string_view beginning_of(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    std::size_t end = std::min(text.size(), limit * utf8_longest);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

/// Appends tokens while letters come.
class token_builder {
public:
    explicit token_builder(token_text& into) : into_(into) { into_.letters.push_back(U' '); }

    void add(char32_t letter) {
        if (is_space(letter)) return end_word();
        const bool alone = !is_word_letter(letter);
        if (alone || is_spaceless(letter) != last_spaceless_) end_word();
        last_spaceless_ = !alone && is_spaceless(letter);
        const auto at = static_cast<std::uint32_t>(into_.letters.size());
        into_.letters.push_back(letter);
        if (alone || last_spaceless_ || !open_)
            into_.tokens.push_back({at, at + 1});
        else
            ++into_.tokens.back().end;
        open_ = true;
        if (alone) end_word();
    }
    void end_word() {
        if (into_.letters.back() != U' ') into_.letters.push_back(U' ');
        open_ = false;
    }

private:
    token_text& into_;
    bool open_ = false;
    bool last_spaceless_ = false;
};

}  // namespace

script script_of(char32_t letter) {
    if (letter < 0x80) return is_ascii_word(letter) && letter > '9' ? script::latin : script::other;
    return script_by_icu(letter);
}

bool is_word_letter(char32_t letter) {
    if (letter < 0x80) return is_ascii_word(letter);
    constexpr std::uint32_t marks = U_GC_M_MASK;
    const auto point = static_cast<UChar32>(letter);
    return u_isalnum(point) != 0 || (U_GET_GC_MASK(point) & marks) != 0;
}

bool is_spaceless(char32_t letter) {
    if (letter < 0x0E00) return false;
    const auto family = script_of(letter);
    return family == script::han || family == script::kana || family == script::thai;
}

token_text tokenize(std::string_view text, std::size_t limit) {
    const auto folded = conditions::fold(beginning_of(text, limit));
    token_text made;
    made.letters.reserve(std::min(folded.size(), limit) + 16);
    token_builder builder(made);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(folded.data());
    const auto size = static_cast<std::int32_t>(folded.size());
    std::int32_t at = 0;
    for (std::size_t taken = 0; at < size && taken < limit; ++taken) {
        UChar32 letter = 0;
        U8_NEXT(bytes, at, size, letter);
        builder.add(letter < 0 ? U'\uFFFD' : static_cast<char32_t>(letter));
    }
    builder.end_word();
    return made;
}

}  // namespace kindred::understanding
