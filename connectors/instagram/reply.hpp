#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::instagram {

/// Where and as which account messages are sent.
struct account {
    std::string api_base;
    std::string api_version;  ///< "v21.0"
    std::string account_id;   ///< empty: the account that was written to
    std::string access_token;
    bool human_agent = false;  ///< what people write carries Meta's HUMAN_AGENT tag, good for seven days
};

/// POST /{version}/{account}/messages, or /{version}/{comment}/replies where a comment is answered. errc::invalid: the
/// account is incomplete, there is nobody to send to, or the text is empty or over 1000 bytes.
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// What proves that the account works: the account that the token is for. Source:
/// developers.facebook.com/docs/instagram-platform/reference/me.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::instagram
