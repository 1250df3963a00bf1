#pragma once
#include "engine/mail/reply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace kindred::mail {

/// A command line taken apart: the verb in upper case, and what follows it.
struct command_line {
    std::string verb;
    std::string_view argument;
};
command_line split_command(std::string_view line);

/// MAIL FROM (RFC 5321 section 4.1.1.2) with the extensions we offer.
struct mail_command {
    std::string from;                   ///< empty for <>
    std::optional<std::uint64_t> size;  ///< SIZE= (RFC 1870)
    bool utf8 = false;                  ///< SMTPUTF8 (RFC 6531)
};
/// The command, or the reply that refuses it. `argument` is what follows MAIL.
std::variant<mail_command, reply> parse_mail(std::string_view argument);

/// The address of RCPT TO, or the reply that refuses it. `utf8` allows other letters than ASCII.
std::variant<std::string, reply> parse_recipient(std::string_view argument, bool utf8);

}  // namespace kindred::mail
