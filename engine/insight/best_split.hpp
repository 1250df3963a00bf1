#pragma once
#include "engine/insight/split_tree.hpp"

#include <span>

namespace kindred::insight {

/// A question, and how much of the squared error it takes away.
struct found_split {
    split question;
    std::size_t column = 0;
    double gain = 0;
};

/// Squared error of the rows around their means, over all outcome columns.
double error_of(const outcome_columns& outcomes, std::span<const std::uint32_t> rows);

/// The question with the largest gain among those that leave at least `least` rows on either side; none when there is
/// no such question. Ties: the attribute that stands first, then the smaller threshold.
std::optional<found_split> best_split(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                                      std::span<const std::uint32_t> rows, std::size_t least);

/// What a row answers.
bool says_yes(const attribute_column& attribute, const split& question, std::uint32_t row);

}  // namespace kindred::insight
