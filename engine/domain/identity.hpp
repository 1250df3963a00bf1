#pragma once
#include "engine/domain/customer.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Folding: two spellings of one address become one identity (DESIGN: "Whose is it?").
namespace kindred {

/// Trimmed and case-folded (domain and local part, ASCII); nothing when it has no single '@' with text on both sides.
std::optional<std::string> fold_email(std::string_view address);
/// E.164: '+', 8 to 15 digits. Takes "+49 (171) 123", "0049171123", "whatsapp:+49171123"; nothing for "anonymous".
std::optional<std::string> fold_phone(std::string_view number);

/// "email:..." or nothing.
std::optional<identity> email_identity(std::string_view address, proof proven);
/// "phone:+..." or nothing. A number that called or wrote through its carrier is proven.
std::optional<identity> phone_identity(std::string_view number);
/// "<space>:<id>", proven by the provider that vouches for it.
identity provider_identity(std::string_view space, std::string_view id);

}  // namespace kindred
