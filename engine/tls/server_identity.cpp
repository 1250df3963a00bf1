#include "engine/tls/server_identity.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509err.h>

#include <array>
#include <ctime>
#include <string>
#include <string_view>
#include <system_error>

namespace kindred::tls {
namespace {

constexpr unsigned char only_protocol[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr const char* ciphers_before_1_3 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr unsigned char session_context[] = "kindred";

std::string openssl_problem() {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    const std::string_view whole(text.data());
    return std::string(whole.substr(whole.rfind(':') + 1));
}

error problem_with(const std::filesystem::path& file, const std::string& what) {
    return fail(errc::invalid, file.string() + ": " + what);
}

/// Clients that name protocols without ours are served all the same: they find out.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned int size, void*) {
    unsigned char* found = nullptr;
    const auto outcome = SSL_select_next_proto(&found, length, only_protocol, sizeof only_protocol, offered, size);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void harden(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_cipher_list(context, ciphers_before_1_3);
    // Idle connections give their buffers back; what is written again may have moved.
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets alone: nothing is kept here
    SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1);
    SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
}

time_point end_of(const X509* certificate) {
    std::tm parts{};
    if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return {};
    return from_millis(static_cast<std::int64_t>(timegm(&parts)) * 1000);
}

}  // namespace

server_identity::server_identity(certificate_files files, loaded first, stamp seen)
    : files_(std::move(files)), now_(std::move(first)), read_(seen), last_(seen) {}

result<std::shared_ptr<server_identity>> server_identity::load(const certificate_files& files) {
    const auto seen = look(files);
    auto first = read(files);
    if (!first) return first.error();
    return std::shared_ptr<server_identity>(new server_identity(files, std::move(*first), seen));
}

result<server_identity::loaded> server_identity::read(const certificate_files& files) {
    ERR_clear_error();
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!context) return fail(errc::io, "TLS cannot be set up: " + openssl_problem());
    harden(context.get());
    if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
        return problem_with(files.certificate, "is no certificate in PEM that can be read: " + openssl_problem());
    if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        const auto reason = ERR_GET_REASON(ERR_peek_last_error());
        if (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH)
            return problem_with(files.key, "is not the key of " + files.certificate.string());
        return problem_with(files.key, "is no unencrypted key in PEM that can be read: " + openssl_problem());
    }
    return loaded{context, end_of(SSL_CTX_get0_certificate(context.get()))};
}

result<void> server_identity::reload() {
    const auto seen = look(files_);
    auto fresh = read(files_);
    const std::lock_guard hold(mutex_);
    read_ = seen;
    last_ = seen;
    if (!fresh) return fresh.error();
    now_ = std::move(*fresh);
    return {};
}

bool server_identity::files_changed() {
    const auto seen = look(files_);
    const std::lock_guard hold(mutex_);
    const bool at_rest = seen == last_;
    last_ = seen;
    return at_rest && seen != read_;
}

server_identity::stamp server_identity::look(const certificate_files& files) {
    std::error_code ignored;
    stamp seen;
    seen.certificate_at = std::filesystem::last_write_time(files.certificate, ignored);
    seen.key_at = std::filesystem::last_write_time(files.key, ignored);
    seen.certificate_size = std::filesystem::file_size(files.certificate, ignored);
    seen.key_size = std::filesystem::file_size(files.key, ignored);
    return seen;
}

time_point server_identity::expires_at() const {
    const std::lock_guard hold(mutex_);
    return now_.expires_at;
}

std::shared_ptr<SSL_CTX> server_identity::current() const {
    const std::lock_guard hold(mutex_);
    return now_.context;
}

}  // namespace kindred::tls
