#pragma once
#include "connectors/declared/extract.hpp"
#include "connectors/declared/text_template.hpp"
#include "engine/base/digest.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/standard_webhook.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::connectors::declared {

/// How a sender proves itself: what `proof` says of it, and the secrets.
struct proof_scheme {
    enum class kind { none = 1, hmac, header, query, basic, standard_webhooks };
    kind how = kind::hmac;
    std::vector<std::string> secrets;  ///< as bytes; empty: nothing is accepted, unless `none`
    std::string header;                ///< where the proof stands; for `query` the parameter
    std::string prefix;
    // hmac:
    hash_kind hash = hash_kind::sha256;
    channel::digest_form encoding = channel::digest_form::hex;
    std::string field;             ///< of a header such as "t=1,v1=ab": which part; may occur several times
    text_template signs;           ///< of {body}, {timestamp}, {url}, {header:NAME}
    bool signs_whole_body = true;  ///< `signs` is the body alone
    std::string time_header;       ///< empty: no time is signed
    std::string time_field;
    time_extract::form time_form = time_extract::form::unix_seconds;
    duration tolerance = std::chrono::minutes{5};
    channel::standard_webhook_keys keys;  ///< of `standard_webhooks`
};

/// Reads `proof` and `secret`. A channel must say `scheme: none` to take requests that prove nothing.
proof_scheme read_proof(channel::options& settings);

/// Why a request must be refused, or nothing: not_configured, missing_signature, wrong_signature, malformed, stale.
std::optional<channel::reception> refuse_unless_proven(const proof_scheme& scheme, const channel::request& arrived,
                                                       time_point now);

/// The keyed hash of a text under the first secret, as the scheme writes it: for handshakes that ask for one.
std::string keyed_hash(const proof_scheme& scheme, std::string_view text);

}  // namespace kindred::connectors::declared
