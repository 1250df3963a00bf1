#pragma once
#include "engine/channel/connector.hpp"

#include <string>
#include <vector>

namespace kindred::connectors::mailgun {

/// Where and as whom mail is sent.
struct account {
    std::string api_base;
    std::string domain;
    std::string api_key;
    std::string address;                     ///< where our mail comes from; empty: the address the customer wrote to
    std::string from_name;                   ///< beside it
    std::vector<std::string> reply_secrets;  ///< newest first; empty: answers are threaded by their headers alone
};

/// POST /v3/{domain}/messages: a mail in the customer's thread, with a signed reply address where there is a secret.
/// The same idempotency key gives the same Message-ID. errc::invalid: incomplete account, no usable address, empty text
/// or text over 1 MiB.
result<channel::provider_call> mail_call(const account& ours, const channel::outgoing& message);

/// Reads Mailgun's JSON: the Message-ID, with its brackets, where it worked, what it says where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::mailgun
