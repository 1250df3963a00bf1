#include "tests/connectors/support/meta_requests.hpp"

#include "engine/base/digest.hpp"

namespace kindred::testing {

std::string old_meta_signature(const std::string& secret, const std::string& body) {
    return "sha1=" + to_hex(hmac_of(hash_kind::sha1, secret, {body}));
}

recorded_request meta_post(const std::string& secret, const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}, {meta_signature, sha256_header(secret, body)}};
    return made;
}

std::function<void(recorded_request&)> with_meta_body(const std::string& secret, const std::string& body) {
    return [=](recorded_request& request) { request = meta_post(secret, body); };
}

}  // namespace kindred::testing
