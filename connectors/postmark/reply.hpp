#pragma once
#include "connectors/mime/answer_mail.hpp"
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::postmark {

/// Where and as whom mail is sent.
struct account {
    std::string api_base;
    std::string server_token;
    std::string message_stream;  ///< empty: the server's default
    mime::sender from;
};

/// POST /email with the mail that answers the message (mime::answer_to). errc::invalid: no token, or what answer_to()
/// says.
result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message);

/// Reads Postmark's JSON: its number of the mail where it worked, what it says where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: the server that the token is for. Source:
/// postmarkapp.com/developer/api/server-api.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::postmark
