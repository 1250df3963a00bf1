#pragma once
#include "connectors/declared/field_path.hpp"
#include "connectors/declared/reading.hpp"
#include "engine/base/time.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kindred::connectors::declared {

/// How one text of a contact is made from an event.
struct extract {
    enum class way { place = 1, fixed, first, join };
    way how = way::fixed;
    field_path place;
    std::string fixed;                                     ///< of `fixed`
    std::vector<extract> parts;                            ///< of `first` and `join`
    std::string with;                                      ///< between the parts of `join`
    std::string after_last;                                ///< only what follows the last of these
    bool html = false;                                     ///< the text is HTML: what people read of it
    std::vector<std::pair<std::string, std::string>> map;  ///< not empty: only these, as what stands beside
    std::optional<std::string> otherwise;

    /// Nothing when the event does not have it and nothing else is said. Never an empty text.
    std::optional<std::string> text_in(const event_view& event) const;
};

/// Reads how a text is made: a path; a list of ways of which the first that gives something counts; or a mapping with
/// one of `path`, `first`, `join` (+ `with`), `text`, and any of `after_last`, `html`, `map`, `or`.
extract read_extract(channel::options& settings, const channel::structure& given, const std::string& name);

/// How a moment is made.
struct time_extract {
    enum class form { rfc3339 = 1, utc, unix_seconds, unix_millis, unix_micros, mail };
    extract written;
    form as = form::rfc3339;

    std::optional<time_point> time_in(const event_view& event) const;
};
time_extract read_time_extract(channel::options& settings, const channel::structure& given, const std::string& name);

/// A moment as one of the forms writes it; nothing when it does not.
std::optional<time_point> time_of(std::string_view text, time_extract::form form);

/// What must be so of an event: all that is said.
struct condition {
    field_path place;
    std::vector<std::string> is;      ///< not empty: one of these
    std::vector<std::string> is_not;  ///< none of these
    std::vector<std::string> starts_with;
    std::optional<bool> exists;
    std::string because;  ///< for counting

    bool holds(const event_view& event) const;
};
/// Reads `{path: /type, is: x}`, or a list of such.
std::vector<condition> read_conditions(channel::options& settings, const channel::structure& given,
                                       const std::string& name, std::string_view usual_reason);

}  // namespace kindred::connectors::declared
