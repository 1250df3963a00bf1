#pragma once
#include "engine/base/error.hpp"
#include "engine/base/public_key.hpp"
#include "engine/base/time.hpp"

#include <functional>
#include <string_view>

namespace kindred {

/// The key of a certificate that a service signs its messages with, in PEM (RFC 7468, RFC 5280). What is looked at:
/// that `now` is within its dates; that one of its DNS names, or its common name where it has none, is a
/// `name_is_right`; that an RSA key has 2048 bits at least. Certificates that follow in the text are its chain: each is
/// in date, an authority, and has issued the one before. That the chain ends at somebody whom we trust is not looked
/// at: whoever hands the text over (a host that TLS has proven) vouches for it. errc::invalid says what is wrong.
result<public_key> key_of_signer(std::string_view pem, time_point now,
                                 const std::function<bool(std::string_view)>& name_is_right);

}  // namespace kindred
