#pragma once
#include "engine/base/time.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::connectors::ses_sns {

/// Who asks AWS for something.
struct aws_credentials {
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;  ///< of temporary credentials; empty: none

    bool complete() const { return !access_key_id.empty() && !secret_access_key.empty(); }
};

/// A request to a service of AWS.
struct aws_request {
    std::string_view method = "GET";
    std::string_view service;  ///< "s3"
    std::string_view region;
    std::string_view host;                                       ///< as it stands in the Host header, port included
    std::string_view path = "/";                                 ///< encoded
    std::string_view query{};                                    ///< encoded and in order
    std::vector<std::pair<std::string, std::string>> headers{};  ///< further ones to sign, names in lower case
    std::string_view body{};
};

/// The headers that the request is to carry beside Host: those given, x-amz-date, x-amz-security-token where there is
/// one, and Authorization, by AWS Signature Version 4.
/// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
std::vector<std::pair<std::string, std::string>> signed_by_aws(const aws_credentials& who, const aws_request& wanted,
                                                               time_point now);

}  // namespace kindred::connectors::ses_sns
