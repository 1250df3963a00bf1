#include "tests/connectors/support/meta_requests.hpp"

#include "engine/base/digest.hpp"

namespace kindred::testing {
namespace {

const std::string signature = "X-Hub-Signature-256";

std::string old_signature(const std::string& secret, const std::string& body) {
    return "sha1=" + to_hex(hmac_of(hash_kind::sha1, secret, {body}));
}

}  // namespace

recorded_request meta_post(const std::string& secret, const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}, {signature, sha256_header(secret, body)}};
    return made;
}

std::function<void(recorded_request&)> with_meta_body(const std::string& secret, const std::string& body) {
    return [=](recorded_request& request) { request = meta_post(secret, body); };
}

std::vector<wrong_request> wrong_meta_requests(const std::string& secret, const std::string& object,
                                               const std::string& account) {
    const auto body = [&](const std::string& bytes) { return with_meta_body(secret, bytes); };
    const auto begun = R"({"object":")" + object + R"(","entry":)";
    const auto event = [&](const std::string& members) {
        return body(begun + R"([{"id":")" + account + R"(","messaging":[{)" + members + "}]}]}");
    };
    return {
        {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature"},
        {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature"},
        {"no signature", [](auto& r) { remove_header(r, signature); }, 401, "missing_signature"},
        {"an empty signature", [](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature"},
        {"the signature twice", [](auto& r) { double_header(r, signature); }, 401, "missing_signature"},
        {"the old SHA-1 header alone",
         [=](auto& r) {
             remove_header(r, signature);
             set_header(r, "X-Hub-Signature", old_signature(secret, r.body));
         },
         401, "missing_signature"},
        {"SHA-1 under the new name", [=](auto& r) { set_header(r, signature, old_signature(secret, r.body)); }, 403,
         "wrong_signature"},
        {"another app's secret", [](auto& r) { set_header(r, signature, sha256_header("other", r.body)); }, 403,
         "wrong_signature"},
        {"a byte added", [](auto& r) { r.body += ' '; }, 403, "wrong_signature"},
        {"a form", [](auto& r) { set_header(r, "Content-Type", "application/x-www-form-urlencoded"); }, 415,
         "wrong_content_type"},
        {"empty", body(""), 400, "malformed"},
        {"truncated and signed again", body(begun + "[{"), 400, "malformed"},
        {"invalid UTF-8", body("{\"object\":\"\xFF\"}"), 400, "malformed"},
        {"a list", body("[]"), 400, "malformed"},
        {"entry is no list", body(begun + "{}}"), 400, "malformed"},
        {"an entry that is none", body(begun + "[7]}"), 400, "malformed"},
        {"a message without id", event(R"("sender":{"id":"2"},"message":{})"), 400, "malformed"},
        {"a message without sender", event(R"("message":{"mid":"m"})"), 400, "malformed"},
        {"read, but what?", event(R"("sender":{"id":"2"},"read":{})"), 400, "malformed"},
        {"nested too deep", body(std::string(100'000, '[')), 400, "malformed"},
        {"an address below ours", [](auto& r) { r.subpath = "/status"; }, 404, "unknown_path"},
        {"a handshake with a wrong token",
         [](auto& r) {
             r.method = "GET";
             r.query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess";
         },
         403, "wrong_signature"},
    };
}

}  // namespace kindred::testing
