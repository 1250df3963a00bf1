#include "engine/understanding/grams.hpp"

#include <algorithm>

namespace kindred::understanding {
namespace {

constexpr std::size_t longest_piece = 5;
constexpr std::uint32_t stem_letters = 4;

// FNV-1a over code points, one start value for each kind of gram; the finish is MurmurHash3's 64-bit mixer.
constexpr std::uint64_t prime = 0x100000001B3;
constexpr std::uint64_t word_start = 0xCBF29CE484222325;
constexpr std::uint64_t pair_start = 0x9E3779B97F4A7C15;
constexpr std::uint64_t stem_start = 0xA0761D6478BD642F;
constexpr std::uint64_t piece_start = 0xD6E8FEB86659FD93;

constexpr std::uint64_t extend(std::uint64_t hash, std::uint64_t with) { return (hash ^ with) * prime; }

constexpr std::uint32_t finish(std::uint64_t hash) {
    hash ^= hash >> 33U;
    hash *= 0xFF51AFD7ED558CCD;
    hash ^= hash >> 33U;
    return static_cast<std::uint32_t>(hash);
}

}  // namespace

gram_list grams_of(const token_text& text) {
    gram_list found;
    found.words.reserve(text.tokens.size());
    found.pairs.reserve(text.tokens.size());
    found.pieces.reserve(text.letters.size() * (longest_piece - 1));
    found.bridges.reserve(text.letters.size() * 2);
    found.stems.reserve(text.tokens.size());
    std::uint64_t before = 0;
    for (const auto& token : text.tokens) {
        std::uint64_t word = word_start;
        std::uint64_t stem = stem_start;
        for (auto at = token.begin; at < token.end; ++at) {
            word = extend(word, text.letters[at]);
            if (at < token.begin + stem_letters) stem = extend(stem, text.letters[at]);
        }
        found.stems.push_back(finish(stem));
        if (before != 0) found.pairs.push_back(finish(extend(extend(pair_start, before), word)));
        found.words.push_back(finish(word));
        before = word;
    }
    const auto& letters = text.letters;
    for (std::size_t from = 0; from < letters.size(); ++from) {
        const std::size_t to = std::min(letters.size(), from + longest_piece);
        std::uint64_t piece = extend(piece_start, letters[from]);
        bool over_space = false;
        for (std::size_t at = from + 1; at < to; ++at) {
            piece = extend(piece, letters[at]);
            (over_space ? found.bridges : found.pieces).push_back(finish(piece));
            over_space = over_space || letters[at] == U' ';
        }
    }
    return found;
}

gram_list grams_of(std::string_view text) { return grams_of(tokenize(text)); }

}  // namespace kindred::understanding
