#pragma once
#include "engine/understanding/intent_model.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kindred::understanding {

/// The label of texts that are about none of the others. Such examples only help to choose the threshold.
constexpr std::string_view none_label = "none";

struct labelled_text {
    std::string text;
    std::string label;
};

/// Bounds on what learning may use.
struct learning_limits {
    std::size_t examples = 500'000;
    std::size_t labels = 10'000;
    /// Grams x labels: 12 bytes each while learning, 1 after. Rare grams are left out until they fit.
    std::size_t weights = 32'000'000;
    /// Grams of all examples: 24 bytes each while learning. Long texts are cut until they fit.
    std::size_t grams = 24'000'000;
};

/// Learns to tell the labels apart: TF-IDF of words, word pairs and letter pieces, a linear classifier, probabilities
/// calibrated on examples held out in turn. The same examples in the same order give the same model. One thread at a
/// time (see solve()). errc::invalid for fewer than two labels or empty ones, errc::too_large beyond the limits.
result<intent_model> learn_intents(std::span<const labelled_text> examples, const learning_limits& limits = {});

}  // namespace kindred::understanding
