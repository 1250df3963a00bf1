#pragma once
#include "connectors/mime/answer_mail.hpp"
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::sendgrid {

/// Where and as whom mail is sent.
struct account {
    std::string api_base;
    std::string api_key;
    mime::sender from;
};

/// POST /v3/mail/send with the mail that answers the message (mime::answer_to). errc::invalid: no key, or what
/// answer_to() says.
result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message);

/// Reads SendGrid's answer: X-Message-Id where it worked, its first error where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: what the key may do. Source:
/// twilio.com/docs/sendgrid/api-reference/api-key-permissions/retrieve-a-list-of-scopes-for-which-this-user-has-access.
channel::checkup account_checkup(const account& ours);

/// A key that may not send is a failure, whatever else it may do.
channel::checkup_result read_account_checkup(const channel::provider_answer& answered, channel::checkup_result read);

}  // namespace kindred::connectors::sendgrid
