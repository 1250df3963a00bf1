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

/// GET of a file of a mail that Mailgun has stored, with the key where the address is Mailgun's own.
/// errc::invalid: there is no address. Source: documentation.mailgun.com, "Receive, Forward, and Store messages".
result<channel::provider_call> stored_file_call(const account& ours, const channel::attachment& file);

/// Reads Mailgun's JSON: the Message-ID, with its brackets, where it worked, what it says where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: the domain that mail leaves from. Source: documentation.mailgun.com, "Get
/// domain".
channel::checkup account_checkup(const account& ours);

/// Says of a refusal that the key may be good for nothing but sending: Mailgun lets such keys ask for nothing.
channel::checkup_result read_account_checkup(const channel::provider_answer& answered, channel::checkup_result read);

}  // namespace kindred::connectors::mailgun
