#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests on behalf of a user, signed as OAuth 1.0 wants it (RFC 5849, HMAC-SHA1): what X takes for the files of
/// direct messages, and no newer token is good for.
namespace kindred::connectors::x {

/// Who asks: the app, and the user that it asks for.
struct oauth1_keys {
    std::string consumer_key;
    std::string consumer_secret;
    std::string token;
    std::string token_secret;

    bool complete() const {
        return !consumer_key.empty() && !consumer_secret.empty() && !token.empty() && !token_secret.empty();
    }
};

/// One request: `url` may have a query; `form` are the decoded fields of a form body, which are signed as well.
/// A nonce may not come again with the same time.
struct oauth1_request {
    std::string_view method;
    std::string_view url;
    std::vector<std::pair<std::string, std::string>> form;
    std::string nonce;
    std::int64_t timestamp_s = 0;
};

/// oauth_signature (section 3.4), in base64. `with_version` adds oauth_version, which X wants and section 3.1 leaves
/// open.
std::string oauth1_signature(const oauth1_keys& keys, const oauth1_request& asked, bool with_version);

/// The value of the Authorization header (section 3.5.1).
std::string oauth1_header(const oauth1_keys& keys, const oauth1_request& asked);

}  // namespace kindred::connectors::x
