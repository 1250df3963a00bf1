#include "engine/domain/identity.hpp"

#include "engine/base/text.hpp"

namespace kindred {

std::optional<std::string> fold_email(std::string_view address) {
    address = trim(address);
    const auto at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size()) return std::nullopt;
    if (address.substr(0, at).find('@') != std::string_view::npos && address.front() != '"') return std::nullopt;
    if (address.find_first_of(" \t\r\n<>") != std::string_view::npos || address.size() > 320) return std::nullopt;
    // RFC 5321 lets a host treat local parts apart by case; none that people use does, and customers mix them.
    return to_lower_ascii(address);
}

std::optional<std::string> fold_phone(std::string_view number) {
    number = trim(number);
    for (const std::string_view scheme : {"whatsapp:", "tel:"})
        if (number.starts_with(scheme)) number.remove_prefix(scheme.size());
    std::string digits;
    if (number.starts_with("+")) {
        number.remove_prefix(1);
    } else if (number.starts_with("00")) {
        number.remove_prefix(2);
    }
    for (const char letter : number) {
        if (letter >= '0' && letter <= '9')
            digits += letter;
        else if (std::string_view(" -.()/").find(letter) == std::string_view::npos)
            return std::nullopt;
    }
    if (digits.size() < 8 || digits.size() > 15 || digits.front() == '0') return std::nullopt;
    // Providers drop the plus (WhatsApp's wa_id, Vonage): without 00 or + the number is taken as complete.
    return '+' + digits;
}

std::optional<identity> email_identity(std::string_view address, proof proven) {
    auto folded = fold_email(address);
    if (!folded) return std::nullopt;
    return identity{"email:" + *folded, proven};
}

std::optional<identity> phone_identity(std::string_view number) {
    auto folded = fold_phone(number);
    if (!folded) return std::nullopt;
    return identity{"phone:" + *folded, proof::proven};
}

identity provider_identity(std::string_view space, std::string_view id) {
    return {std::string(space) + ':' + std::string(id), proof::proven};
}

}  // namespace kindred
