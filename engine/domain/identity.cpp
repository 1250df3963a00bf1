#include "engine/domain/identity.hpp"

#include "engine/base/text.hpp"

#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace kindred {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
}

/// The domain as the DNS has it (UTS #46), so that "bücher.example" and "xn--bcher-kva.example" are one. What is no
/// name of a host stays as it is.
std::string fold_domain(std::string_view domain) {
    if (is_ascii(domain)) return to_lower_ascii(domain);
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::IDNA> rules(icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, status));
    icu::UnicodeString folded;
    icu::IDNAInfo info;
    if (U_SUCCESS(status))
        rules->nameToASCII(icu::UnicodeString::fromUTF8({domain.data(), static_cast<std::int32_t>(domain.size())}),
                           folded, info, status);
    std::string out;
    if (U_FAILURE(status) || info.hasErrors()) return std::string(domain);
    return folded.toUTF8String(out);
}

/// Mailboxes beyond ASCII (RFC 6531) are compared as people read them.
std::string fold_local_part(std::string_view local) {
    if (is_ascii(local)) return to_lower_ascii(local);
    std::string out;
    icu::UnicodeString::fromUTF8({local.data(), static_cast<std::int32_t>(local.size())}).foldCase().toUTF8String(out);
    return out;
}

}  // namespace

std::optional<std::string> fold_email(std::string_view address) {
    address = trim(address);
    const auto at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size()) return std::nullopt;
    if (address.substr(0, at).find('@') != std::string_view::npos && address.front() != '"') return std::nullopt;
    if (address.find_first_of(" \t\r\n<>") != std::string_view::npos || address.size() > 320) return std::nullopt;
    // RFC 5321 lets a host treat local parts apart by case; none that people use does, and customers mix them.
    return fold_local_part(address.substr(0, at)) + '@' + fold_domain(address.substr(at + 1));
}

std::optional<std::string> fold_phone(std::string_view number) {
    number = trim(number);
    for (const std::string_view scheme : {"whatsapp:", "tel:"})
        if (number.starts_with(scheme)) number.remove_prefix(scheme.size());
    std::string digits;
    const bool international = number.starts_with("+") || number.starts_with("00");
    if (international) number.remove_prefix(number.starts_with("+") ? 1 : 2);
    // "+49 (0)30 ...": the zero is for those who dial within the country alone.
    const auto trunk = international ? number.find("(0)") : std::string_view::npos;
    std::string without_trunk;
    if (trunk != std::string_view::npos) {
        without_trunk = std::string(number.substr(0, trunk)) + std::string(number.substr(trunk + 3));
        number = without_trunk;
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
