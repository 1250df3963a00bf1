#include "connectors/vonage/signed_ticket.hpp"

#include "engine/base/digest.hpp"

namespace kindred::connectors::vonage {
namespace {

constexpr std::size_t digits_of_proof = 32;

}  // namespace

std::string signed_ticket(std::string_view secret, std::string_view ticket) {
    // What is signed here looks like nothing that Vonage signs with the same secret.
    const auto proof = to_hex(hmac_of(hash_kind::sha256, secret, {"ticket of a call\n", ticket}));
    return std::string(ticket) + '-' + proof.substr(0, digits_of_proof);
}

std::string ticket_in(std::string_view signed_text, const std::vector<std::string>& secrets) {
    const auto ticket = signed_text.substr(0, signed_text.find('-'));
    if (ticket.empty()) return {};
    bool genuine = false;
    for (const auto& each : secrets) genuine |= equal_secrets(signed_ticket(each, ticket), signed_text);
    return genuine ? std::string(ticket) : std::string();
}

}  // namespace kindred::connectors::vonage
