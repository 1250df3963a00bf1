#pragma once
#include "engine/base/digest.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kindred {

/// A key that proofs of others are checked with. Immutable and cheap to copy; safe from many threads at once.
class public_key {
public:
    /// An EC or RSA key as X.509 SubjectPublicKeyInfo, DER. Nothing when the bytes are none.
    static std::optional<public_key> from_der(std::string_view subject_public_key_info);
    /// The key of a certificate in PEM. The certificate's dates and issuer are not looked at: whoever hands it over
    /// vouches for it.
    static std::optional<public_key> from_certificate(std::string_view pem);
    /// 32 bytes (RFC 8032).
    static std::optional<public_key> from_ed25519(std::string_view raw);

    /// Whether this key's owner signed SHA-256 of the message: ECDSA as DER (RFC 3279) or RSA as PKCS#1 v1.5, by what
    /// the key is. hash_kind::sha1 for the providers that still use it.
    bool verifies(std::string_view message, std::string_view signature, hash_kind hashed = hash_kind::sha256) const;
    /// Whether it is an Ed25519 signature of the message. False for other kinds of keys.
    bool verifies_ed25519(std::string_view message, std::string_view signature) const;

private:
    struct state;
    explicit public_key(std::shared_ptr<const state> loaded) : state_(std::move(loaded)) {}
    std::shared_ptr<const state> state_;
};

/// A key that we sign with. Immutable and cheap to copy; safe from many threads at once.
class private_key {
public:
    /// An unencrypted RSA key in PEM (PKCS#8 or PKCS#1). Nothing when the text is none.
    static std::optional<private_key> from_pem(std::string_view pem);

    /// RSA PKCS#1 v1.5 over SHA-256, raw bytes: RS256 of RFC 7518. The same message gives the same signature.
    std::string sign(std::string_view message) const;

private:
    struct state;
    explicit private_key(std::shared_ptr<const state> loaded) : state_(std::move(loaded)) {}
    std::shared_ptr<const state> state_;
};

}  // namespace kindred
