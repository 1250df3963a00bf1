#pragma once
#include "connectors/mime/reply_token.hpp"
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/channel/record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Mail as bytes (RFC 5322, MIME) to values, shared by every connector that is handed raw messages.
namespace kindred::connectors::mime {

/// What a message may be. More than that is refused, because no person writes it and it costs memory or time.
struct limits {
    std::size_t message_bytes = 50U << 20U;
    std::size_t header_bytes = 256U << 10U;  ///< of the outermost header block
    std::size_t parts = 1000;                ///< leaves and multiparts together
    std::size_t depth = 32;                  ///< multiparts inside multiparts
    std::size_t html_bytes = 512U << 10U;    ///< of one HTML part; a larger one is kept as an attachment
};

/// One mailbox of an address header; both parts decoded to UTF-8.
struct address {
    std::string name;
    std::string email;

    bool operator==(const address&) const = default;
};

/// What became of one recipient of a message of ours (RFC 3464, or read from a bounce in plain text).
struct delivery_result {
    std::string recipient;
    std::string action;  ///< failed, delayed, delivered, relayed, expanded
    std::string status;  ///< "5.1.1"
    std::string diagnostic;

    bool operator==(const delivery_result&) const = default;
};

/// One mail. All text is UTF-8; message ids keep their angle brackets.
struct message {
    std::vector<address> from;
    std::vector<address> to;
    std::vector<address> cc;
    std::vector<address> reply_to;
    std::vector<std::string> delivered_to;   ///< Delivered-To, X-Original-To, Envelope-To: hints of the last server
    std::optional<std::string> return_path;  ///< "" = null sender; none: no such header
    std::string subject;
    std::optional<time_point> date;
    std::string message_id;               ///< empty: the message has none
    std::string body_digest;              ///< hex, names the content behind the headers; the same for the same bytes
    std::string in_reply_to;              ///< its first id
    std::vector<std::string> references;  ///< oldest first, without In-Reply-To
    std::string text;                     ///< plain text, or HTML as text
    std::string stripped_text;            ///< text without what it quotes
    std::vector<channel::attachment> attachments;

    std::string auto_submitted;        ///< the keyword of RFC 3834, lower case; empty: no such header
    bool answer_automatically = true;  ///< false: written by a machine or for a list
    bool spam = false;                 ///< so the server says that took it in
    std::string list_id;               ///< RFC 2919, without brackets
    std::string report_type;           ///< delivery-status, feedback-report, disposition-notification; empty: no report
    bool bounced = false;              ///< says that a message could not be delivered
    std::vector<delivery_result> results;
    std::string returned_message_id;                  ///< of a report: the message it is about
    std::vector<std::string> authentication_results;  ///< raw values (RFC 8601), topmost first
};

/// Reads a message; a leading mbox "From " line is skipped. Broken encodings never fail: what can be read is kept.
/// errc::too_large, errc::invalid: over one of `allowed`. Uses memory for decoded parts only, besides `raw` itself.
/// Safe from many threads at once.
result<message> parse(std::string_view raw, const limits& allowed = {});

/// What the server that handed the message over said about it.
struct envelope {
    std::optional<std::string> from;  ///< MAIL FROM; "" = null sender; none: not said
    std::vector<std::string> to;      ///< RCPT TO
};

/// Our side of the conversation.
struct mailbox {
    std::vector<std::string> addresses;      ///< ours, without plus part; empty: not said
    std::vector<std::string> reply_secrets;  ///< newest first; empty: tokens are shown but not trusted
    std::string authentication_server;       ///< whose Authentication-Results count; empty: nobody's
    bool ignores_spam = false;
};

/// The record of a mail: kind message, bounce, complaint or status (delayed, delivered).
/// A message without Message-ID shows provider_message_id "synthesised" and is told apart by its event id.
channel::record to_record(message parsed, const envelope& travelled, const mailbox& ours);

}  // namespace kindred::connectors::mime
