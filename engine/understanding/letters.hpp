#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What a text says, by its words alone: its language, its intent, the articles that answer it.
namespace kindred::understanding {

/// The first letters of a text that are looked at; a longer mail is judged by its beginning. Bounds all work here.
constexpr std::size_t most_letters = 2000;

/// A family of letters that tells languages apart.
enum class script { other = 1, latin, cyrillic, greek, arabic, hebrew, devanagari, thai, hangul, kana, han };

script script_of(char32_t letter);
/// Letters, digits and the marks on them.
bool is_word_letter(char32_t letter);
/// Whether words of this letter's script are written without spaces between them.
bool is_spaceless(char32_t letter);

/// A text taken apart: folded (NFKC, no case), words and marks of punctuation as tokens, one space between them, before
/// the first and after the last. Each letter of a script without spaces is a token.
struct token_text {
    struct token {
        std::uint32_t begin;  ///< in `letters`
        std::uint32_t end;
    };
    std::u32string letters;
    std::vector<token> tokens;
};

/// At most `limit` code points of the text; bytes that are not UTF-8 count as U+FFFD.
token_text tokenize(std::string_view text, std::size_t limit = most_letters);

}  // namespace kindred::understanding
