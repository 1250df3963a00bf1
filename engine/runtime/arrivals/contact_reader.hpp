#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/understanding/intent_model.hpp"
#include "engine/understanding/language.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kindred::runtime {

/// What contacts are understood with. Without any, contacts stay as they came.
struct reading_models {
    bool detect_languages = false;
    std::shared_ptr<const understanding::language_model> languages;  ///< null: CLD2 alone
    std::shared_ptr<const understanding::intent_model> intents;      ///< null: intents are not told
};

/// Tells the language and the intent of contacts that came without, before they are decided. What it finds goes into
/// the record as its detail "understood", so that it is stored with the contact and every later look at it sees the
/// same:
///
///     {"language": "es", "language_p": 0.97, "intent": "refund", "intent_p": 0.91}
///
/// instead of "intent" with "between": [a, b] where two are too close. Work on one contact is bounded, since only the
/// beginning of a long text is read. For one thread.
class contact_reader {
public:
    explicit contact_reader(reading_models models) : models_(std::move(models)) {}

    bool does_anything() const { return models_.detect_languages || models_.intents != nullptr; }
    /// Reads the messages of a delivery whose customers have been looked up. The languages are those that `rules`
    /// names.
    void read(delivery& arrived, const rules::ruleset& rules);

private:
    std::string understood(const channel::record& happened, std::string_view usual_language) const;
    void follow(const rules::ruleset& rules);

    reading_models models_;
    std::optional<understanding::language_detector> detector_;
};

}  // namespace kindred::runtime
