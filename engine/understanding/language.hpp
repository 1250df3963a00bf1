#pragma once
#include "engine/understanding/language_model.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::understanding {

struct language_guess {
    std::string_view language;  ///< one of the site's, lives as long as the detector; empty: unknown
    double p = 0;               ///< among the site's languages
};

/// Tells which of a site's languages a text is in, or that it cannot tell. fastText speaks first; letters rule out what
/// is written in others; where it is unsure, CLD2 has a vote. Without a model CLD2 is alone. Immutable; safe from every
/// thread.
class language_detector {
public:
    /// `languages` as ISO 639-1 codes; `model` may be null.
    language_detector(std::shared_ptr<const language_model> model, std::vector<std::string> languages);

    /// `usual` is the customer's own language: it counts for more where the text leaves doubt. May be empty.
    language_guess detect(std::string_view text, std::string_view usual = {}) const;

    const std::vector<std::string>& languages() const { return languages_; }
    bool has_model() const { return model_ != nullptr; }

private:
    /// The weight of each of the site's languages, and the probability of all others.
    struct evidence {
        std::vector<double> weights;
        double stranger = 0;
    };
    evidence ask_model(const std::string& line) const;
    void let_compact_detector_vote(const std::string& line, evidence& found) const;
    std::size_t place_of(std::string_view language) const;

    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
    std::shared_ptr<const language_model> model_;
    std::vector<std::string> languages_;
    std::vector<std::size_t> speaks_for_;  ///< by the model's languages: the place of the site's, or nowhere
};

}  // namespace kindred::understanding
