#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/base/public_key.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::ses_sns {

/// The bytes that SNS signed of a message: names and values of the members that its type has, in AWS's order.
/// errc::invalid: a type that nobody knows, or a member is missing.
/// Source: docs.aws.amazon.com/sns, "Verifying the signatures of Amazon SNS messages".
result<std::string> signed_text(json::value envelope);

/// Whether one of the certificates' keys made the signature, by SignatureVersion 1 (SHA-1) or 2 (SHA-256).
bool is_genuine(json::value envelope, std::string_view signed_text, const std::vector<public_key>& certificates);

/// Whether a name stands in the certificates that SNS signs with: sns.amazonaws.com, and the names of its own that some
/// regions have (sns-us-gov-west-1.amazonaws.com, sns-signing.eu-south-1.amazonaws.com).
bool is_sns_name(std::string_view dns_name);

/// Whether an address is one of AWS's own SNS: https, host sns.<region>.amazonaws.com or .com.cn, no port, no user.
bool is_sns_address(std::string_view address);

}  // namespace kindred::connectors::ses_sns
