#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What every provider that sends mail for us has to be told, and how it is configured.
namespace kindred::connectors::mime {

/// As whom mail is sent.
struct sender {
    std::string address;                     ///< empty: the address the customer wrote to
    std::string from_name;                   ///< beside it
    std::vector<std::string> reply_secrets;  ///< newest first; empty: answers are threaded by their headers alone
};

/// Reads `address`, `from_name` and `reply_secret`.
sender sender_in(channel::options& settings);
/// Reads `addresses` and `authentication_server` beside them.
mailbox mailbox_in(channel::options& settings, const sender& ours);

/// A mail that answers a customer, as values. None of them holds a line break, but the text.
struct answer_mail {
    std::string from;
    std::string from_name;
    std::string to;
    std::string reply_to;  ///< leads back to the ticket; empty: same as `from`
    std::string subject;
    std::string text;
    std::string message_id;
    std::string in_reply_to;
    std::vector<std::string> references;
    bool automatic = false;

    /// Message-Id, In-Reply-To, References, and what keeps other machines from answering ours (RFC 3834).
    std::vector<channel::header> headers() const;
};

/// The mail in the customer's thread, with a signed reply address where there is a secret. The same idempotency key
/// gives the same Message-ID. errc::invalid: no usable address, empty text or text over 1 MiB; `provider` says who
/// cannot send.
result<answer_mail> answer_to(const sender& ours, const channel::outgoing& message, std::string_view provider);

/// What mail carries: texts with files of so many bytes together; 0: nobody has said how many.
channel::abilities mail_abilities(std::int64_t most_file_bytes);

/// "\"The Desk\" <desk@example.com>", or the bare address where there is no name.
std::string named_address(std::string_view name, std::string_view address);

}  // namespace kindred::connectors::mime
