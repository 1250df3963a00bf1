#include "engine/base/certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace kindred {
namespace {

constexpr std::size_t longest_text = 256U << 10U;
constexpr std::size_t longest_chain = 8;
constexpr int fewest_rsa_bits = 2048;

struct bio_free {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct certificate_free {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
struct names_free {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
struct bytes_free {
    void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using certificate_pointer = std::unique_ptr<X509, certificate_free>;

/// No passphrase: without this OpenSSL would ask for one on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

std::vector<certificate_pointer> read_all(std::string_view pem) {
    std::vector<certificate_pointer> all;
    if (pem.empty() || pem.size() > longest_text) return all;
    const std::unique_ptr<BIO, bio_free> from(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    while (from && all.size() <= longest_chain) {
        certificate_pointer next(PEM_read_bio_X509(from.get(), nullptr, no_passphrase, nullptr));
        if (!next) break;
        all.push_back(std::move(next));
    }
    ERR_clear_error();  // the end of the text is one to OpenSSL
    return all;
}

bool is_in_date(const X509* certificate, time_point now) {
    const auto seconds = static_cast<std::time_t>(to_millis(now) / 1000);
    return ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate), seconds) <= 0 &&
           ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), seconds) >= 0;
}

std::string common_name(const X509* certificate) {
    std::array<char, 256> text{};
    const auto size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text.data(),
                                                static_cast<int>(text.size()));
    return size <= 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
}

std::vector<std::string> names_of(const X509* certificate) {
    std::vector<std::string> found;
    const std::unique_ptr<GENERAL_NAMES, names_free> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* const each = sk_GENERAL_NAME_value(names.get(), i);
        if (each->type != GEN_DNS) continue;
        const auto* const text = ASN1_STRING_get0_data(each->d.dNSName);
        found.emplace_back(reinterpret_cast<const char*>(text),
                           static_cast<std::size_t>(ASN1_STRING_length(each->d.dNSName)));
    }
    if (found.empty()) found.push_back(common_name(certificate));
    return found;
}

bool is_issued_by(X509* certificate, X509* issuer) {
    EVP_PKEY* const key = X509_get0_pubkey(issuer);
    return key != nullptr && X509_check_ca(issuer) == 1 && X509_check_issued(issuer, certificate) == X509_V_OK &&
           X509_verify(certificate, key) == 1;
}

result<void> check_key(const X509* certificate) {
    const EVP_PKEY* const key = X509_get0_pubkey(certificate);
    if (key == nullptr) return fail(errc::invalid, "the certificate has no key that can be read");
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) < fewest_rsa_bits)
        return fail(errc::invalid, "the certificate's RSA key has fewer than 2048 bits");
    return {};
}

}  // namespace

result<public_key> key_of_signer(std::string_view pem, time_point now,
                                 const std::function<bool(std::string_view)>& name_is_right) {
    const auto all = read_all(pem);
    if (all.empty()) return fail(errc::invalid, "there is no certificate in PEM");
    if (all.size() > longest_chain) return fail(errc::invalid, "the chain has over 8 certificates");
    X509* const signer = all.front().get();
    bool named = false;
    for (const auto& name : names_of(signer)) named = named || name_is_right(name);
    if (!named) return fail(errc::invalid, "the certificate is for " + names_of(signer).front());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!is_in_date(all[i].get(), now)) return fail(errc::invalid, "the certificate is not in date");
        if (i > 0 && !is_issued_by(all[i - 1].get(), all[i].get()))
            return fail(errc::invalid, "the certificate was not issued by the next one of its chain");
    }
    if (auto fine = check_key(signer); !fine) return fine.error();
    unsigned char* der = nullptr;
    const auto size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(signer), &der);
    const std::unique_ptr<unsigned char, bytes_free> owned(der);
    auto key = size <= 0 ? std::nullopt
                         : public_key::from_der({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    if (!key) return fail(errc::invalid, "the certificate has no key that can be read");
    return std::move(*key);
}

}  // namespace kindred
