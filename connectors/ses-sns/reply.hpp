#pragma once
#include "connectors/mime/answer_mail.hpp"
#include "connectors/mime/submission_route.hpp"
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::ses_sns {

/// Where and as whom mail is sent.
struct account {
    mime::submission_route submission;  ///< SES's SMTP interface
    mime::sender from;
};

/// The submission of the mail that answers the message (mime::answer_to). errc::invalid: no smtp_url, or what
/// answer_to() says.
result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message);

/// Reads SES's reply to the mail: its id, by which later events name it.
channel::delivery judge_answer(const channel::provider_answer& answered);

}  // namespace kindred::connectors::ses_sns
