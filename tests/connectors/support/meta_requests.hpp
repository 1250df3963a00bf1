#pragma once
#include "tests/connectors/support/wrong_requests.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kindred::testing {

inline const std::string meta_signature = "X-Hub-Signature-256";

/// A JSON body as Meta posts it, signed with the app's secret.
recorded_request meta_post(const std::string& secret, const std::string& body);

/// Gives a request another body, signed.
std::function<void(recorded_request&)> with_meta_body(const std::string& secret, const std::string& body);

/// The value of the header that Meta signed with before, and still sends beside the new one.
std::string old_meta_signature(const std::string& secret, const std::string& body);

}  // namespace kindred::testing
