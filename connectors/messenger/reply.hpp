#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::messenger {

/// Where and as which page messages are sent.
struct account {
    std::string api_base;
    std::string api_version;  ///< "v25.0"
    std::string page_id;      ///< empty: the page that was written to
    std::string access_token;
    bool human_agent = false;  ///< what people write carries Meta's HUMAN_AGENT tag, good for seven days
};

/// POST /{version}/{page}/messages, with the text or one file. errc::invalid: the account is incomplete, there is
/// nobody to send to, the text is empty or over 2000 characters, or the file has no address.
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// What proves that the account works: the page that the token is for. Source:
/// developers.facebook.com/docs/graph-api/reference/page.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::messenger
