#pragma once
#include "engine/base/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::understanding {

/// A fastText language model such as lid.176.ftz. Immutable; safe from every thread.
class language_model {
public:
    /// errc::corrupt for bytes that are no such model. The bytes must come from somebody trusted: libfasttext believes
    /// the numbers it reads.
    static result<std::shared_ptr<const language_model>> load(std::string_view bytes);

    ~language_model();
    language_model(const language_model&) = delete;
    language_model& operator=(const language_model&) = delete;

    /// The languages it knows, as ISO 639 codes.
    const std::vector<std::string>& languages() const { return languages_; }
    /// The probability of each, in their order; all zero for a text without words. `line` holds no line ends.
    std::vector<float> probabilities(std::string_view line) const;

private:
    language_model();
    struct loaded_model;
    std::unique_ptr<loaded_model> model_;
    std::vector<std::string> languages_;
};

}  // namespace kindred::understanding
