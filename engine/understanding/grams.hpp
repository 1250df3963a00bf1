#pragma once
#include "engine/understanding/letters.hpp"

#include <cstdint>
#include <vector>

namespace kindred::understanding {

/// What is counted of a text, each as a 32-bit hash that is the same on every machine and in every version of a model
/// file. Repetitions are kept.
struct gram_list {
    std::vector<std::uint32_t> words;
    std::vector<std::uint32_t> stems;    ///< the first four letters of each word: near enough to a stem in any language
    std::vector<std::uint32_t> pairs;    ///< of neighbouring words
    std::vector<std::uint32_t> pieces;   ///< 2 to 5 letters of one word, the spaces around it included
    std::vector<std::uint32_t> bridges;  ///< 3 to 5 letters that reach over a space
};

gram_list grams_of(const token_text& text);
gram_list grams_of(std::string_view text);

}  // namespace kindred::understanding
