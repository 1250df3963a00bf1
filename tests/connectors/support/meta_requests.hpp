#pragma once
#include "tests/connectors/support/wrong_requests.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kindred::testing {

/// A JSON body as Meta posts it, signed with the app's secret.
recorded_request meta_post(const std::string& secret, const std::string& body);

/// Gives a request another body, signed.
std::function<void(recorded_request&)> with_meta_body(const std::string& secret, const std::string& body);

/// What is wrong for every product of Meta; `object` is the one of the product's bodies, `account` is ours.
std::vector<wrong_request> wrong_meta_requests(const std::string& secret, const std::string& object,
                                               const std::string& account);

}  // namespace kindred::testing
