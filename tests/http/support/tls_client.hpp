#pragma once
#include "support/certificate.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::http::test {

/// Speaks TLS by hand on a connection of its own, and waits at most some seconds for anything.
class tls_client {
public:
    explicit tls_client(std::uint16_t port, int newest = 0)
        : socket_(context_), tls_(SSL_CTX_new(TLS_client_method())), session_(SSL_new(tls_.get())) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        const timeval patience{20, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        SSL_set_security_level(session_.get(), 0);
        SSL_set_min_proto_version(session_.get(), TLS1_VERSION);
        if (newest != 0) SSL_set_max_proto_version(session_.get(), newest);
        SSL_set_fd(session_.get(), socket_.native_handle());
        connected_ = SSL_connect(session_.get()) == 1;
    }

    bool is_connected() const { return connected_; }
    std::string version() const { return SSL_get_version(session_.get()); }
    bool is_served_by(const kindred::test::certificate& one) const {
        return X509_cmp(SSL_get0_peer_certificate(session_.get()), one.get()) == 0;
    }
    void send(std::string_view bytes) { SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())); }
    /// Everything up to and with `end`; less when the server leaves.
    std::string read_until(std::string_view end) {
        std::string got;
        std::array<char, 16384> part{};
        std::size_t from = 0;
        while (got.find(end, from) == std::string::npos) {
            from = got.size() - std::min(got.size(), end.size());
            const int size = SSL_read(session_.get(), part.data(), static_cast<int>(part.size()));
            if (size <= 0) break;
            got.append(part.data(), static_cast<std::size_t>(size));
        }
        return got;
    }
    /// Whether the server has ended the session in due form.
    bool was_told_goodbye() {
        char one = 0;
        const int size = SSL_read(session_.get(), &one, 1);
        return size <= 0 && SSL_get_error(session_.get(), size) == SSL_ERROR_ZERO_RETURN;
    }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<SSL_CTX, kindred::test::freed_by<SSL_CTX_free>> tls_;
    std::unique_ptr<SSL, kindred::test::freed_by<SSL_free>> session_;
    bool connected_ = false;
};

}  // namespace kindred::http::test
