#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Tokens by which an answer finds its ticket again, without anything stored and without trusting what anybody types.
namespace kindred::connectors::mime {

/// What a genuine token says.
struct reply_token {
    std::string ticket;             ///< number as text
    bool names_the_sender = false;  ///< it was made for the very address that now writes

    bool operator==(const reply_token&) const = default;
};

/// "t4711-<80 bits>-<50 bits>" over the ticket, and over ticket and customer address: fit for the plus part of an
/// address. Lower-case letters and digits only, because some servers fold local parts.
std::string make_reply_token(std::string_view secret, std::string_view ticket, std::string_view customer);

/// The meaning of a token that one of `secrets` has made; nothing for every other text.
std::optional<reply_token> read_reply_token(const std::vector<std::string>& secrets, std::string_view token,
                                            std::string_view sender);

/// "<token.unique@domain>": a Message-ID that carries a token for answers whose address lost its plus part.
/// The same `idempotency_key` gives the same id, so that a repeated attempt can be recognised as one.
std::string make_message_id(std::string_view secret, std::string_view ticket, std::string_view customer,
                            std::string_view idempotency_key, std::string_view domain);

/// What a Message-ID of ours says; nothing for those of others.
std::optional<reply_token> read_message_id(const std::vector<std::string>& secrets, std::string_view message_id,
                                           std::string_view sender);

/// "help+token@example.com".
std::string with_plus_part(std::string_view address, std::string_view token);
/// "token" of "help+token@example.com"; empty when there is none.
std::string_view plus_part(std::string_view address);
/// "help@example.com" of "help+token@example.com".
std::string without_plus_part(std::string_view address);

}  // namespace kindred::connectors::mime
