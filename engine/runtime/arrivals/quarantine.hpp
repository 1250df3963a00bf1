#pragma once
#include "engine/runtime/inputs.hpp"

#include <string>
#include <string_view>

namespace kindred::runtime {

/// A request that could not be taken in, kept with its bytes until somebody has looked at it.
struct quarantined {
    std::string id;  ///< of what arrived: the same bytes again have the same id
    std::string channel;
    std::string reason;  ///< "malformed", "bug", "awaits_answer"
    std::string detail;  ///< what went wrong, for people
    time_point at;       ///< when it arrived; signatures are checked as of then
    raw_request request;
};

/// Bodies up to this size are kept.
inline constexpr std::size_t most_quarantined_bytes = 2U << 20U;
inline bool fits_quarantine(std::string_view body) { return body.size() <= most_quarantined_bytes; }
/// "; its 3000000 bytes are over the 2097152 that quarantine keeps", to go behind what went wrong.
std::string why_not_in_quarantine(std::string_view body);

/// What a bug kept from being taken in: the request, or its records where nobody kept that.
quarantined quarantined_by_a_bug(const delivery& given, std::string detail, time_point now);

/// Its id; the one that is set is not looked at.
std::string id_of(const quarantined& held);
/// The row to keep it in, with its id.
store::kept_row to_row(const quarantined& held);
/// errc::corrupt when the row is none.
result<quarantined> quarantined_from(const store::kept_row& row);

/// The request as connectors take it; views into `raw`.
channel::request as_request(const raw_request& raw);

}  // namespace kindred::runtime
