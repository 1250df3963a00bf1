#pragma once
#include "engine/base/time.hpp"
#include "engine/channel/connector.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::mime {

/// A mail to be sent. Every field is data: line breaks in header fields become spaces.
struct draft {
    std::string from_name;
    std::string from;
    std::string to;
    std::string reply_to;     ///< empty: same as `from`
    std::string subject;      ///< as it is to be sent
    std::string text;         ///< UTF-8
    std::string message_id;   ///< with angle brackets
    std::string in_reply_to;  ///< with angle brackets; empty: none
    std::vector<std::string> references;
    time_point at;
    bool automatic = false;                           ///< adds what keeps other machines from answering (RFC 3834)
    std::span<const channel::outgoing_file> files{};  ///< with their bytes; go as attachments
};

/// The message with CRLF lines, none longer than 998 bytes, text as quoted-printable UTF-8, files as base64.
std::string compose(const draft& mail);

/// "Re: x" for "x"; as it is when it already starts with "Re:", "AW:", "SV:" or the like.
std::string reply_subject(std::string_view subject);
/// Of a message on its way: a reply's, or its own where it is the first word; marked where a rule wrote it (RFC 3834
/// section 3.1.5). On one line.
std::string subject_of(const channel::outgoing& message);

/// References of an answer: those of the parent, then the parent itself; at most 20, the first always kept
/// (RFC 5322 section 3.6.4).
std::vector<std::string> reply_references(const std::vector<std::string>& of_parent, std::string_view parent);

/// An RFC 2047 encoded header text, or the text itself when it is plain ASCII.
std::string encode_header(std::string_view text);

}  // namespace kindred::connectors::mime
