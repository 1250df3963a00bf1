#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What a field of a command may hold. Wider than any real site, and narrow enough that no arithmetic can overflow.
namespace kindred::dispatch {

inline constexpr duration longest_span{10LL * 366 * 24 * 3'600 * 1'000};
/// The years 1970 to 9999.
inline constexpr std::int64_t latest_milli = 253'402'300'799'999;
inline constexpr std::size_t longest_name = 200;
inline constexpr std::size_t most_steps = 32;
inline constexpr std::size_t most_requirements = 64;
inline constexpr std::uint32_t highest_level = 10;
inline constexpr std::uint32_t most_units = 100'000;
inline constexpr std::uint32_t most_offers_at_once = 50;
inline constexpr std::size_t most_queues = 100'000;
inline constexpr std::size_t most_queues_of_agent = 1'000;
inline constexpr std::size_t most_lenders = 20;
inline constexpr std::size_t longest_notice = 2'000;
inline constexpr std::size_t most_inflow_levels = 8;
inline constexpr std::uint32_t most_gaps_remembered = 32;

/// "<name>: <field> <demand>". Cold: what is allowed must not have to step over it in memory.
[[gnu::cold]] error out_of_range(std::string_view name, std::string_view field, std::string_view demand);

/// errc::invalid naming the field, unless 0 <= span <= longest_span.
inline result<void> check_span(duration span, std::string_view field) {
    if (span >= duration{0} && span <= longest_span) return {};
    return out_of_range("invalid_duration", field, "must be from 0 to 3660 days");
}

/// For stored values, whose writer is not trusted: no sum of a few of them overflows.
inline bool is_sane(std::int64_t millis) { return millis >= -latest_milli && millis <= latest_milli; }
inline bool is_sane(duration span) { return is_sane(span.count()); }
inline bool is_sane(time_point at) { return is_sane(to_millis(at)); }

/// errc::invalid naming the field, unless 1 to longest_name bytes.
inline result<void> check_name(std::string_view name, std::string_view field) {
    if (!name.empty() && name.size() <= longest_name) return {};
    return out_of_range("invalid_name", field, "must have 1 to 200 bytes");
}

}  // namespace kindred::dispatch
