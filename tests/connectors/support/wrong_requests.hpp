#pragma once
#include "tests/connectors/support/sample_cases.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kindred::testing {

/// A way to spoil a good request, and what must come of it.
struct wrong_request {
    const char* what;
    std::function<void(recorded_request&)> spoil;
    unsigned status;
    const char* refused;
    time_point at{};  ///< when it arrives; zero: at the good request's time
};

/// Spoils a good request in each way: it must be refused with that status and reason, and store nothing. First makes
/// sure that the good one is accepted, or the table would prove nothing.
void expect_refused(const channel::connector& connector, const recorded_request& good, time_point now,
                    const std::vector<wrong_request>& table);

/// Sets, replaces or doubles a header.
void set_header(recorded_request& request, const std::string& name, const std::string& value);
void remove_header(recorded_request& request, const std::string& name);
void double_header(recorded_request& request, const std::string& name);
/// Flips one bit in the middle.
void flip_bit(std::string& bytes);

/// "sha256=" and the HMAC in hex.
std::string sha256_header(const std::string& secret, const std::string& body);

}  // namespace kindred::testing
