#include "http/support/doubles.hpp"

#include "support/certificate.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace kindred::http::test {

using kindred::test::freed_by;

struct https_double::state {
    state() : context(SSL_CTX_new(TLS_server_method())) {
        SSL_CTX_use_certificate(context.get(), certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), certificate.key());
        server = std::make_unique<socket_double>([this](int socket) { talk(socket); });
    }
    ~state() { server.reset(); }

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

    kindred::test::certificate certificate;
    std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context;
    std::string ca_file = certificate.file();
    std::unique_ptr<socket_double> server;
};

https_double::https_double() : state_(std::make_unique<state>()) {}
https_double::~https_double() = default;
std::uint16_t https_double::port() const { return state_->server->port(); }
const std::string& https_double::ca_file() const { return state_->ca_file; }

}  // namespace kindred::http::test
