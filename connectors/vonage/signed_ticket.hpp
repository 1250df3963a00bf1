#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Whose call it is, in addresses that we give to Vonage for later: a call that we place has ids that nobody knows
/// beforehand, and one that is put through may get new ones. Vonage signs bodies and no addresses, so we do.
namespace kindred::connectors::vonage {

/// "4711-<128 bits in hex>".
std::string signed_ticket(std::string_view secret, std::string_view ticket);

/// The ticket of a text that one of `secrets` has signed; empty for every other text.
std::string ticket_in(std::string_view signed_text, const std::vector<std::string>& secrets);

}  // namespace kindred::connectors::vonage
