#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace kindred::rules {

enum class question_kind {
    csat = 1,   ///< how satisfied, 1 to 5
    nps,        ///< would recommend, 0 to 10
    ces,        ///< how easy it was, 1 to 7
    text,       ///< in words
    preference  ///< what somebody loves or is frustrated by: one of the options, or in words where there are none
};
/// "csat", "nps", "ces", "text", "preference".
std::string_view name_of(question_kind kind);
/// Words for a name that is none of these.
question_kind question_kind_named(std::string_view name);

/// The numbers that answer a question; of a preference the places of its options, from 1.
struct answer_scale {
    int least = 0;
    int most = 0;
};
/// None: it is answered in words.
std::optional<answer_scale> scale_of(question_kind kind, std::size_t options);

}  // namespace kindred::rules
