#pragma once
#include "engine/base/time.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace kindred::conditions {

/// From `from` on (until the next one) clocks are `offset` ahead of UTC.
struct offset_period {
    time_point from;
    duration offset;

    bool operator==(const offset_period&) const = default;
};

/// The periods of a compiled tz database file (RFC 8536, version 2 or later), the first from long ago, the last those
/// of the year before `until`. Nothing where the bytes are not such a file.
std::optional<std::vector<offset_period>> read_tz_file(std::string_view bytes, std::chrono::year until);

/// The changes that the footer of such a file ("CET-1CEST,M3.5.0,M10.5.0/3", POSIX TZ) makes in the years `first` to
/// `last`, rising. Nothing where the text is not of that form; rules by day number are not read, no zone has them.
std::optional<std::vector<offset_period>> periods_of_footer(std::string_view footer, std::chrono::year first,
                                                            std::chrono::year last);

}  // namespace kindred::conditions
