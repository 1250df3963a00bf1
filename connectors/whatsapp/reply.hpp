#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::whatsapp {

/// Where and as whom messages are sent.
struct account {
    std::string api_base;
    std::string api_version;  ///< "v25.0"
    std::string phone_number_id;
    std::string access_token;
};

/// POST /{version}/{phone_number_id}/messages. errc::invalid: the account is incomplete, there is nobody to send to,
/// or the text is empty or over 4096 characters.
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// Reads the Graph API's answer: throttling and temporary errors are tried again, the rest has failed.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::whatsapp
