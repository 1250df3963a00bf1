#pragma once
#include "engine/understanding/grams.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

namespace kindred::understanding {

/// One feature of a text: its row in the space and its weight.
struct feature {
    std::uint32_t row;
    float weight;
};

/// The kinds of grams of a text that are looked at.
using gram_parts = std::initializer_list<std::span<const std::uint32_t>>;

/// The grams that examples had, each with its inverse document frequency: texts become TF-IDF vectors in it.
/// Immutable; safe from every thread.
class feature_space {
public:
    struct known_gram {
        std::uint32_t hash;
        float rarity;  ///< inverse document frequency, over 0
    };

    feature_space() = default;
    /// `grams` ascending by hash, none twice; `strange` is the rarity of a gram that no example had.
    feature_space(std::vector<known_gram> grams, float strange);

    /// The vector of a text, no row twice, in the order of the text. Its length would be 1 if it held the grams that
    /// are not known as well: what is strange to the examples is near to none of them.
    std::vector<feature> project(const gram_parts& text) const;

    /// Where a gram stands in grams(); none when no example had it.
    std::optional<std::uint32_t> row_of(std::uint32_t hash) const;

    std::span<const known_gram> grams() const { return grams_; }
    float strange() const { return strange_; }

private:
    static constexpr std::uint32_t no_row = 0xFFFFFFFF;
    struct slot {
        std::uint32_t hash = 0;
        std::uint32_t row = no_row;
    };
    std::uint32_t find(std::uint32_t hash) const;

    std::vector<known_gram> grams_;
    std::vector<slot> slots_;  ///< open addressing; a power of two
    std::uint32_t shift_ = 0;
    float strange_ = 1;
};

/// Counts in how many texts each gram occurs, and makes the space of those that occur in at least `least` of them.
class gram_counter {
public:
    void add(const gram_parts& text);
    /// The grams that occur in at least `least` texts.
    std::size_t size(std::uint32_t least);
    /// `common` is the rarity of a gram that every text has.
    feature_space space(std::uint32_t least, float common = 1);

private:
    void settle();
    std::vector<std::uint32_t> seen_;  ///< one entry for each gram of each text, until they are counted
    std::vector<std::pair<std::uint32_t, std::uint32_t>> counts_;  ///< gram and its texts, ascending
    std::size_t texts_ = 0;
};

}  // namespace kindred::understanding
