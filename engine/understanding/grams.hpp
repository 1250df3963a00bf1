#pragma once
#include "engine/understanding/letters.hpp"

#include <cstdint>
#include <vector>

namespace kindred::understanding {

/// What is counted of a text, each as a 32-bit hash that is the same on every machine and in every version of a model
/// file: words, pairs of neighbouring words, and pieces of 2 to 5 letters, which may reach over a space.
/// Repetitions are kept.
struct gram_list {
    std::vector<std::uint32_t> words;
    std::vector<std::uint32_t> pairs;
    std::vector<std::uint32_t> pieces;

    std::size_t size() const { return words.size() + pairs.size() + pieces.size(); }
};

gram_list grams_of(const token_text& text);
gram_list grams_of(std::string_view text);

}  // namespace kindred::understanding
