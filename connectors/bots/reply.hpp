#pragma once
#include "connectors/bots/handover.hpp"
#include "engine/base/error.hpp"
#include "engine/channel/connector.hpp"

#include <string>
#include <vector>

namespace kindred::connectors::bots {

/// Where answers go.
struct answer_route {
    std::string rasa_base;   ///< of Rasa's HTTP API
    std::string rasa_token;  ///< as its parameter `token`; empty: none
    std::string callback_url;
    std::vector<std::string> callback_keys;  ///< raw
};

/// An answer to a customer who was handed over: said by Rasa itself where it is known, else an event `reply.sent` at
/// the callback. errc::invalid: there is neither.
result<channel::provider_call> reply_call(const answer_route& route, const channel::outgoing& message);

/// What proves that Rasa's HTTP API can be used. Whoever stands behind a callback cannot be asked for nothing.
/// Source: rasa.com/docs/reference/api/pro/http-api, "Status of the Rasa server".
channel::checkup route_checkup(const answer_route& route);

}  // namespace kindred::connectors::bots
