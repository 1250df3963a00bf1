#pragma once
#include "tests/connectors/support/sample_cases.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kindred::testing {

/// The ways to be wrong that every provider's table speaks of.
enum class wrong {
    flipped_bit = 1,
    missing,  ///< the proof is
    doubled,  ///< the proof is there twice
    empty,    ///< the proof's header is
    algorithm,
    stale_time,
    account,  ///< it is proven, and another's
    truncated,
    oversized,
    content_type,
    utf8,
    shape,  ///< readable, and not what the provider sends
    other,
};

/// A way to spoil a good request, and what must come of it.
struct wrong_request {
    const char* what;
    std::function<void(recorded_request&)> spoil;
    unsigned status;
    const char* counted;  ///< the reason: of the refusal, or with a status below 300 why its records are ignored
    wrong kind = wrong::other;
    time_point at{};  ///< when it arrives; zero: at the good request's time
};

/// A kind that there is no row of, and why a request of this provider cannot be wrong in that way.
struct senseless {
    wrong kind;
    const char* because;
};

/// Spoils a good request in each way: it must be refused with that status and reason, and store nothing. First makes
/// sure that the good one is accepted, or the table would prove nothing. Every kind must have a row, or a reason.
void expect_refused(const channel::connector& connector, const recorded_request& good, time_point now,
                    const std::vector<wrong_request>& table, const std::vector<senseless>& without);

/// Fails where a kind is neither in `shown` nor in `without`, or in both.
void expect_every_kind(const std::vector<wrong>& shown, const std::vector<senseless>& without);

/// The row of a body that is larger than any which a channel of that kind takes.
wrong_request oversized(channel_kind kind);

/// Sets, replaces or doubles a header.
void set_header(recorded_request& request, const std::string& name, const std::string& value);
void remove_header(recorded_request& request, const std::string& name);
void double_header(recorded_request& request, const std::string& name);
/// Flips one bit in the middle.
void flip_bit(std::string& bytes);

/// "sha256=" and the HMAC in hex.
std::string sha256_header(const std::string& secret, const std::string& body);

}  // namespace kindred::testing
