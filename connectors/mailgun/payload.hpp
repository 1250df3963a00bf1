#pragma once
#include "connectors/mailgun/form_mail.hpp"
#include "connectors/mime/mime.hpp"
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::mailgun {

/// What proves that a delivery is Mailgun's. It covers no byte of the rest: a token counts once, and only for a while.
/// Source: documentation.mailgun.com, "Securing webhooks".
struct proof_of_origin {
    std::string timestamp;  ///< Unix seconds
    std::string token;      ///< 50 characters
    std::string signature;  ///< hex HMAC-SHA256 over timestamp and token
};

proof_of_origin proof_in(const channel::form& fields);
proof_of_origin proof_in(json::value event);

/// Whether one of the signing keys made the signature. A token that has not exactly 50 characters proves nothing: where
/// the timestamp ends and the token begins would else be anybody's choice.
bool is_genuine(const proof_of_origin& given, const std::vector<std::string>& signing_keys);

/// The record of a mail that a route handed over, whole (body-mime) or in parts.
result<channel::record> parse_mail(const route_form& delivered, const mime::mailbox& ours);

/// The record of an event webhook: what became of a message of ours. errc::invalid names the missing field.
result<channel::record> parse_event(json::value event);

}  // namespace kindred::connectors::mailgun
