#include "http/support/doubles.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace kindred::http::test {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using context_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;

void add_extension(X509* certificate, int what, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, what, value);
    X509_add_ext(certificate, made, -1);
    X509_EXTENSION_free(made);
}

certificate_ptr self_signed(EVP_PKEY* key) {
    certificate_ptr made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key);
    X509_NAME* const name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("double"), -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), NID_subject_alt_name, "IP:127.0.0.1");
    X509_sign(made.get(), key, EVP_sha256());
    return made;
}

}  // namespace

struct https_double::state {
    state() : key(EVP_RSA_gen(2048)), certificate(self_signed(key.get())), context(SSL_CTX_new(TLS_server_method())) {
        SSL_CTX_use_certificate(context.get(), certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), key.get());
        ca_file =
            (std::filesystem::temp_directory_path() / ("kindred-ca-" + std::to_string(::getpid()) + ".pem")).string();
        std::FILE* const file = std::fopen(ca_file.c_str(), "w");
        if (!file) throw std::runtime_error("cannot write " + ca_file);
        PEM_write_X509(file, certificate.get());
        std::fclose(file);
        server = std::make_unique<socket_double>([this](int socket) { talk(socket); });
    }
    ~state() {
        server.reset();
        std::filesystem::remove(ca_file);
    }

    void talk(int socket) const {
        const std::unique_ptr<SSL, freed_by<SSL_free>> session(SSL_new(context.get()));
        SSL_set_fd(session.get(), socket);
        if (SSL_accept(session.get()) != 1) return ERR_clear_error();
        char asked[4096];
        if (SSL_read(session.get(), asked, sizeof asked) <= 0) return;
        const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret";
        SSL_write(session.get(), answer.data(), static_cast<int>(answer.size()));
        SSL_shutdown(session.get());
    }

    key_ptr key;
    certificate_ptr certificate;
    context_ptr context;
    std::string ca_file;
    std::unique_ptr<socket_double> server;
};

https_double::https_double() : state_(std::make_unique<state>()) {}
https_double::~https_double() = default;
std::uint16_t https_double::port() const { return state_->server->port(); }
const std::string& https_double::ca_file() const { return state_->ca_file; }

}  // namespace kindred::http::test
