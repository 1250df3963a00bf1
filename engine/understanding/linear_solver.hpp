#pragma once
#include "engine/understanding/feature_space.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace kindred::understanding {

/// The weight of each feature for each class: row by row, one for each class.
struct linear_weights {
    std::size_t classes = 0;
    std::vector<float> values;

    /// The score of each class for a vector.
    std::vector<float> scores(std::span<const feature> vector) const;
};

/// A multi-class support vector machine (Crammer and Singer, JMLR 2001) by liblinear. `classes[i]` is the class of
/// `vectors[i]`, all below `count`; `rows` is the number of features. The same input gives the same weights: it
/// seeds the C library's rand(), which liblinear uses, so one thread at a time may be learning.
linear_weights solve(std::span<const std::vector<feature>> vectors, std::span<const std::uint32_t> classes,
                     std::size_t count, std::size_t rows);

}  // namespace kindred::understanding
