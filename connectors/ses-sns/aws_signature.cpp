#include "connectors/ses-sns/aws_signature.hpp"

#include "engine/base/digest.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>

namespace kindred::connectors::ses_sns {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// "20130524T000000Z"
std::string stamp_of(time_point now) {
    std::string stamp;
    for (const char letter : to_rfc3339(now).substr(0, 19))
        if (letter != '-' && letter != ':') stamp += letter;
    return stamp + 'Z';
}

std::string key_of(const aws_credentials& who, const aws_request& wanted, std::string_view day) {
    auto key = hmac_of(hash_kind::sha256, "AWS4" + who.secret_access_key, {day});
    for (const std::string_view part : {wanted.region, wanted.service, std::string_view("aws4_request")})
        key = hmac_of(hash_kind::sha256, key, {part});
    return key;
}

/// The headers that are signed, as they are signed, and their names.
struct covered_headers {
    std::string lines;
    std::string names;
};

covered_headers cover(std::vector<std::pair<std::string, std::string>> headers, std::string_view host) {
    headers.emplace_back("host", host);
    std::sort(headers.begin(), headers.end());
    covered_headers made;
    for (const auto& [name, value] : headers) {
        made.lines.append(name).append(":").append(value).append("\n");
        made.names.append(made.names.empty() ? "" : ";").append(name);
    }
    return made;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> signed_by_aws(const aws_credentials& who, const aws_request& wanted,
                                                               time_point now) {
    const auto stamp = stamp_of(now);
    const auto day = stamp.substr(0, 8);
    auto headers = wanted.headers;
    headers.emplace_back("x-amz-date", stamp);
    if (!who.session_token.empty()) headers.emplace_back("x-amz-security-token", who.session_token);
    const auto covered = cover(headers, wanted.host);

    std::string request(wanted.method);
    request.append("\n").append(wanted.path).append("\n").append(wanted.query).append("\n");
    request.append(covered.lines).append("\n").append(covered.names).append("\n");
    request += channel::sha256_hex(wanted.body);
    std::string scope = day;
    for (const std::string_view part : {wanted.region, wanted.service, std::string_view("aws4_request")})
        scope.append("/").append(part);
    std::string text(algorithm);
    text.append("\n").append(stamp).append("\n").append(scope).append("\n").append(channel::sha256_hex(request));

    std::string proof(algorithm);
    proof.append(" Credential=").append(who.access_key_id).append("/").append(scope);
    proof.append(", SignedHeaders=").append(covered.names).append(", Signature=");
    proof += to_hex(hmac_of(hash_kind::sha256, key_of(who, wanted, day), {text}));
    headers.emplace_back("Authorization", std::move(proof));
    return headers;
}

}  // namespace kindred::connectors::ses_sns
