#pragma once
#include "engine/base/digest.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// Proof that a request comes from its provider. Every check is constant in time for the secret it compares with, and
/// takes the one or two secrets that are active while one replaces the other. No secrets: nothing verifies.
namespace kindred::channel {

/// How a digest is written in the header.
enum class digest_form { hex = 1, base64 };

/// Whether `given` is the keyed hash of the concatenated parts under one of the secrets. Hex must be lower case, which
/// is how every provider writes it.
bool is_signed(hash_kind kind, digest_form form, const std::vector<std::string>& secrets,
               std::initializer_list<std::string_view> parts, std::string_view given);

/// The same for "sha256=<lower hex>", the header form of Meta, Discourse and GitHub.
bool is_signed_sha256_header(const std::vector<std::string>& secrets, std::string_view body, std::string_view header);

/// SHA-256 in lower-case hex.
std::string sha256_hex(std::string_view bytes);

/// Whether `given` is one of the secrets themselves: verify tokens, bearer tokens.
bool is_one_of(const std::vector<std::string>& secrets, std::string_view given);

}  // namespace kindred::channel
