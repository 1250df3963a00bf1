#pragma once
#include "engine/channel/connector.hpp"

#include <string>
#include <vector>

namespace kindred::connectors::api {

/// Where answers to handed-over contacts go.
struct callback {
    std::string url;                   ///< empty: answers cannot be sent
    std::vector<std::string> secrets;  ///< "whsec_<base64>", newest first; the call is signed with each
};

/// Posts the answer as {type: "reply.sent", timestamp, data: {...}} with the headers of Standard Webhooks, under the
/// message's idempotency key. errc::invalid: no address to send to, or a secret that is no base64.
result<channel::provider_call> reply_call(const callback& to, const channel::outgoing& message);

}  // namespace kindred::connectors::api
