#pragma once
#include "tests/connectors/support/sample_cases.hpp"

#include <map>
#include <string>

namespace kindred::testing {

/// A form as Twilio posts it, signed with `token`, to `path` below https://support.example.com/webhooks/case.
recorded_request twilio_post(const std::string& token, const std::map<std::string, std::string>& fields,
                             const std::string& path = {});

}  // namespace kindred::testing
