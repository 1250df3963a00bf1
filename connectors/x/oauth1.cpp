#include "connectors/x/oauth1.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::x {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

/// The ones of the protocol, decoded, without the signature.
fields protocol_fields(const oauth1_keys& keys, const oauth1_request& asked, bool with_version) {
    fields made{{"oauth_consumer_key", keys.consumer_key},
                {"oauth_nonce", asked.nonce},
                {"oauth_signature_method", "HMAC-SHA1"},
                {"oauth_timestamp", std::to_string(asked.timestamp_s)},
                {"oauth_token", keys.token}};
    if (with_version) made.emplace_back("oauth_version", "1.0");
    return made;
}

/// Section 3.4.1.3.2: each encoded, then sorted by name and value, joined.
std::string normalised(const fields& all) {
    fields encoded;
    encoded.reserve(all.size());
    for (const auto& [name, value] : all) encoded.emplace_back(encode_percent(name), encode_percent(value));
    std::sort(encoded.begin(), encoded.end());
    std::string joined;
    for (const auto& [name, value] : encoded)
        joined.append(joined.empty() ? "" : "&").append(name).append("=").append(value);
    return joined;
}

/// Section 3.4.1.2: scheme and host in lower case, without the scheme's own port, query and fragment.
std::string base_address(std::string_view url) {
    const auto path_at = url.find('/', std::min(url.find("://"), url.size() - 3) + 3);
    auto origin = to_lower_ascii(url.substr(0, path_at));
    for (const auto& [scheme, port] : {std::pair<std::string_view, std::string_view>{"https://", ":443"},
                                       std::pair<std::string_view, std::string_view>{"http://", ":80"}})
        if (origin.starts_with(scheme) && origin.ends_with(port)) origin.resize(origin.size() - port.size());
    return origin + (path_at == std::string_view::npos ? "/" : std::string(url.substr(path_at)));
}

}  // namespace

std::string oauth1_signature(const oauth1_keys& keys, const oauth1_request& asked, bool with_version) {
    const auto whole = asked.url.substr(0, asked.url.find('#'));
    const auto question = whole.find('?');
    auto all = protocol_fields(keys, asked, with_version);
    if (question != std::string_view::npos)
        for (auto& each : parse_form(whole.substr(question + 1)))
            all.emplace_back(std::move(each.name), std::move(each.value));
    all.insert(all.end(), asked.form.begin(), asked.form.end());
    const auto base = std::string(asked.method) + '&' + encode_percent(base_address(whole.substr(0, question))) + '&' +
                      encode_percent(normalised(all));
    const auto key = encode_percent(keys.consumer_secret) + '&' + encode_percent(keys.token_secret);
    return to_base64(hmac_of(hash_kind::sha1, key, {base}));
}

std::string oauth1_header(const oauth1_keys& keys, const oauth1_request& asked) {
    auto all = protocol_fields(keys, asked, true);
    all.emplace_back("oauth_signature", oauth1_signature(keys, asked, true));
    std::string header = "OAuth ";
    for (const auto& [name, value] : all) {
        if (!header.ends_with(' ')) header += ", ";
        header.append(name).append("=\"").append(encode_percent(value)).append("\"");
    }
    return header;
}

}  // namespace kindred::connectors::x
