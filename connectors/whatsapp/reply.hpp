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

/// GET /{version}/{media_id}, which says where the bytes are for some minutes. errc::invalid: no token or no id.
result<channel::provider_call> media_call(const account& ours, const std::string& media_id);
/// The call for the bytes, from that answer. errc::invalid: it names no address.
result<std::optional<channel::provider_call>> media_bytes_call(const account& ours, std::string_view answer);

/// Reads the Graph API's answer: throttling and temporary errors are tried again, the rest has failed.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: the number that messages leave from. Source:
/// developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::whatsapp
