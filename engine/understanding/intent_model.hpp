#pragma once
#include "engine/base/error.hpp"
#include "engine/understanding/feature_space.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::understanding {

/// A label and the calibrated probability that it is meant.
struct intent_guess {
    std::string_view label;  ///< lives as long as the model
    double p = 0;
};

/// A text as the classifier sees it, in the space it was learnt in.
std::vector<feature> intent_features(const feature_space& space, const gram_list& text);

/// What a text is about, as far as a model can say.
struct intent_reading {
    enum class verdict {
        sure = 1,  ///< the first guess
        between,   ///< the first or the second: they are too close to choose
        none,      ///< nothing that the model knows
    };
    verdict says = verdict::none;
    std::vector<intent_guess> guesses;  ///< best first, at most 10
    /// How near the text is to what the model learnt: about 1 for its examples, about 0 for what it never saw.
    double familiarity = 0;
};

/// A linear classifier of texts with calibrated probabilities. Immutable; safe from every thread.
class intent_model {
public:
    /// What learning gave.
    struct parts {
        std::vector<std::string> labels;  ///< none empty, none twice
        feature_space space;
        std::vector<float> scales;         ///< one for each gram: what its weights are to be multiplied with
        std::vector<std::int8_t> weights;  ///< gram by gram, one for each label
        float temperature = 1;             ///< scores are multiplied with it before they become probabilities
        float threshold = 0;               ///< a text less familiar than this is none of the labels
        std::uint64_t examples = 0;        ///< how many it was learnt from
    };

    explicit intent_model(parts learnt);

    intent_reading read(const gram_list& text) const;
    /// The score of each label, in their order, before calibration.
    std::vector<float> scores(const gram_list& text) const;

    const std::vector<std::string>& labels() const { return learnt_.labels; }
    const parts& learnt() const { return learnt_; }

private:
    parts learnt_;
};

/// The bytes of a model file: versioned, with a checksum at their end.
std::string encode(const intent_model& model);
/// errc::corrupt for what is cut off, damaged, or made by no version of `kindred learn`; says which.
result<intent_model> decode_intent_model(std::string_view bytes);

}  // namespace kindred::understanding
