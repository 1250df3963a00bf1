#include "engine/base/public_key.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <limits>
#include <stdexcept>

namespace kindred {
namespace {

const EVP_MD* digest_named(hash_kind kind) {
    switch (kind) {
        case hash_kind::sha1: return EVP_sha1();
        case hash_kind::sha256: return EVP_sha256();
        case hash_kind::sha512: return EVP_sha512();
    }
    return EVP_sha256();
}

struct key_free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct context_free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct bio_free {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct certificate_free {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using key_pointer = std::unique_ptr<EVP_PKEY, key_free>;
using context_pointer = std::unique_ptr<EVP_MD_CTX, context_free>;
using bio_pointer = std::unique_ptr<BIO, bio_free>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bio_pointer reader_of(std::string_view text) {
    if (text.empty() || text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
    return bio_pointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// No passphrase: without this OpenSSL would ask for one on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

bool is_signed_by(EVP_PKEY* key, const EVP_MD* digest, std::string_view message, std::string_view signature) {
    const context_pointer context(EVP_MD_CTX_new());
    if (!context || signature.empty()) return false;
    if (EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) != 1) return false;
    return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) ==
           1;
}

}  // namespace

struct public_key::state {
    key_pointer key;
};
struct private_key::state {
    key_pointer key;
};

std::optional<public_key> public_key::from_der(std::string_view subject_public_key_info) {
    const auto* at = bytes_of(subject_public_key_info);
    const auto* const end = at + subject_public_key_info.size();
    key_pointer key(d2i_PUBKEY(nullptr, &at, static_cast<long>(subject_public_key_info.size())));
    if (!key || at != end) return std::nullopt;
    return public_key(std::make_shared<const state>(state{std::move(key)}));
}

std::optional<public_key> public_key::from_certificate(std::string_view pem) {
    const auto reader = reader_of(pem);
    if (!reader) return std::nullopt;
    const std::unique_ptr<X509, certificate_free> certificate(
        PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr));
    if (!certificate) return std::nullopt;
    key_pointer key(X509_get_pubkey(certificate.get()));
    if (!key) return std::nullopt;
    return public_key(std::make_shared<const state>(state{std::move(key)}));
}

std::optional<public_key> public_key::from_ed25519(std::string_view raw) {
    key_pointer key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(raw), raw.size()));
    if (!key) return std::nullopt;
    return public_key(std::make_shared<const state>(state{std::move(key)}));
}

bool public_key::verifies(std::string_view message, std::string_view signature, hash_kind hashed) const {
    return EVP_PKEY_get_base_id(state_->key.get()) != EVP_PKEY_ED25519 &&
           is_signed_by(state_->key.get(), digest_named(hashed), message, signature);
}

bool public_key::verifies_ed25519(std::string_view message, std::string_view signature) const {
    return EVP_PKEY_get_base_id(state_->key.get()) == EVP_PKEY_ED25519 &&
           is_signed_by(state_->key.get(), nullptr, message, signature);
}

std::optional<private_key> private_key::from_pem(std::string_view pem) {
    const auto reader = reader_of(pem);
    if (!reader) return std::nullopt;
    key_pointer key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr));
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return std::nullopt;
    return private_key(std::make_shared<const state>(state{std::move(key)}));
}

std::string private_key::sign(std::string_view message) const {
    const context_pointer context(EVP_MD_CTX_new());
    std::size_t size = 0;
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, state_->key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes_of(message), message.size()) != 1)
        throw std::runtime_error("RSA signatures are not available");
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(message),
                       message.size()) != 1)
        throw std::runtime_error("RSA cannot sign");
    signature.resize(size);
    return signature;
}

}  // namespace kindred
