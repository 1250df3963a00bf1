#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kindred::understanding {

/// The scores of a text that the scorer was not learnt from, and the label it has.
struct scored_example {
    std::vector<float> scores;
    std::uint32_t label = 0;
};

/// The temperature under which softmax(temperature * scores) makes the labels most probable, between 0.1 and 100,
/// with a leaning to the usual where examples are few; 1 without examples. (Guo et al., On Calibration of Modern Neural
/// Networks, ICML 2017.)
float fit_temperature(std::span<const scored_example> examples);

/// The best of a text's scores: how familiar it is.
float best_score(std::span<const float> scores);

/// The least best score that counts as one of the labels. Without examples of none of them: the one that 5 % of those
/// in scope do not reach. With them: what tells the two apart best, where giving up one in scope costs as much as
/// taking in two that are not.
float choose_threshold(std::vector<float> in_scope, std::vector<float> none_of_them);

}  // namespace kindred::understanding
