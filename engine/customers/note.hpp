#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kindred::customers {

/// What agents tell each other about a customer; the customer never sees it.
struct note {
    customer_id about;
    std::int64_t number = 0;  ///< 1, 2, ... of this customer; never given twice
    std::string text;         ///< Markdown, at most `longest_note` bytes
    bool pinned = false;
    std::string by;  ///< "agent:ann", "crm:shop"
    time_point at;
    std::string changed_by;  ///< empty: as it was written
    std::optional<time_point> changed_at;
};

inline constexpr std::size_t longest_note = 10'000;
/// A customer has at most so many: a script that goes astray must not fill the store.
inline constexpr std::int64_t most_notes = 100'000;

/// The name under which it is stored, and what the names of all of a customer's notes begin with. Names are in the
/// order in which the notes were written.
std::string key_of_note(customer_id about, std::int64_t number);
std::string key_prefix_of_notes(customer_id about);

std::string to_json(const note& written);
/// errc::corrupt when it is not what to_json() wrote.
result<note> note_from_json(std::string_view text);

/// Whether all words occur in it, in any case.
bool mentions(const note& written, std::string_view words);

}  // namespace kindred::customers
