#pragma once
#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace kindred {

/// Why an expected failure happened. Values start at 1: zero would read as success.
/// engine/api/status.cpp is the one place that knows which HTTP status each becomes.
enum class errc {
    invalid = 1,   ///< the input breaks a stated rule; `error::message` names the field
    not_found,     ///< no such thing, or the caller may not know of it
    conflict,      ///< somebody else was first, or the state does not allow it
    unauthorized,  ///< no or wrong proof of identity
    forbidden,     ///< known, but not allowed
    too_large,     ///< over a stated size limit
    overloaded,    ///< a bounded queue is full: try again later
    unavailable,   ///< a part that is needed does not answer now
    timed_out,     ///< the deadline passed
    unknown,       ///< the outcome is not known: it may or may not have happened
    fenced,        ///< another writer took over
    corrupt,       ///< stored bytes are not what was written
    io,            ///< the operating system refused
};

/// The stable name of a code, as it appears in logs and metrics.
const char* name_of(errc code);

/// An expected failure: what kind, and a sentence for whoever caused it (where it is and what to do).
struct error {
    errc code;
    std::string message;

    bool operator==(const error&) const = default;
};

/// A value or the reason there is none.
template <class T>
using result = boost::system::result<T, error>;

/// Shorthand: `return fail(errc::invalid, "...")`.
inline error fail(errc code, std::string message) { return {code, std::move(message)}; }

/// Reading the value of a failed result is a bug; this is the exception that says so.
[[noreturn]] void throw_exception_from_error(const error& failed, const boost::source_location& where);

}  // namespace kindred
