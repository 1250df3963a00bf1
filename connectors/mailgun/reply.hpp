#pragma once
#include "connectors/mime/answer_mail.hpp"
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::mailgun {

/// Where and as whom mail is sent.
struct account {
    std::string api_base;
    std::string domain;
    std::string api_key;
    mime::sender from;
};

/// POST /v3/{domain}/messages with the mail that answers the message (mime::answer_to). errc::invalid: incomplete
/// account, or what answer_to() says.
result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message);

/// Reads Mailgun's JSON: the Message-ID, with its brackets, where it worked, what it says where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::mailgun
