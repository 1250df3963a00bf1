#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace kindred::test {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

/// A key and a certificate for 127.0.0.1 that it signed itself, in memory and in PEM files of a folder of its own.
class certificate {
public:
    certificate() : key_(EVP_EC_gen("P-256")), certificate_(self_signed(key_.get())) {
        static std::atomic<int> made{0};
        folder_ = std::filesystem::temp_directory_path() /
                  ("kindred-certificate-" + std::to_string(::getpid()) + "-" + std::to_string(made++));
        std::filesystem::create_directories(folder_);
        write_to(file(), key_file());
    }
    ~certificate() { std::filesystem::remove_all(folder_); }
    certificate(const certificate&) = delete;
    certificate& operator=(const certificate&) = delete;

    X509* get() const { return certificate_.get(); }
    EVP_PKEY* key() const { return key_.get(); }
    std::string file() const { return (folder_ / "certificate.pem").string(); }
    std::string key_file() const { return (folder_ / "key.pem").string(); }

    void write_to(const std::string& certificate_path, const std::string& key_path) const {
        write(certificate_path, [&](std::FILE* to) { PEM_write_X509(to, certificate_.get()); });
        write(key_path,
              [&](std::FILE* to) { PEM_write_PrivateKey(to, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    }

private:
    template <class Write>
    static void write(const std::string& path, const Write& content) {
        std::FILE* const to = std::fopen(path.c_str(), "w");
        if (!to) throw std::runtime_error("cannot write " + path);
        content(to);
        std::fclose(to);
    }

    static void add_extension(X509* to, int what, const char* value) {
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
        X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, what, value);
        X509_add_ext(to, made, -1);
        X509_EXTENSION_free(made);
    }

    static certificate_ptr self_signed(EVP_PKEY* key) {
        certificate_ptr made(X509_new());
        X509_set_version(made.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
        X509_set_pubkey(made.get(), key);
        X509_NAME* const name = X509_get_subject_name(made.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("double"), -1, -1,
                                   0);
        X509_set_issuer_name(made.get(), name);
        add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
        add_extension(made.get(), NID_subject_alt_name, "IP:127.0.0.1");
        X509_sign(made.get(), key, EVP_sha256());
        return made;
    }

    key_ptr key_;
    certificate_ptr certificate_;
    std::filesystem::path folder_;
};

}  // namespace kindred::test
