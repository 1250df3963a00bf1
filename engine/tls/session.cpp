#include "engine/tls/session.hpp"

#include <openssl/err.h>

#include <array>
#include <cerrno>
#include <new>
#include <system_error>

namespace kindred::tls {

session::session(const std::shared_ptr<SSL_CTX>& by, int socket) : ssl_(SSL_new(by.get())) {
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl_.get());
}

session::outcome session::outcome_of(int returned) {
    switch (SSL_get_error(ssl_.get(), returned)) {
        case SSL_ERROR_NONE: return outcome::done;
        case SSL_ERROR_WANT_READ: return outcome::wants_to_read;
        case SSL_ERROR_WANT_WRITE: return outcome::wants_to_write;
        case SSL_ERROR_ZERO_RETURN: return outcome::closed;
        case SSL_ERROR_SYSCALL:
            problem_ = errno == 0 ? "the connection ended" : std::generic_category().message(errno);
            break;
        default: {
            std::array<char, 256> text{};
            ERR_error_string_n(ERR_peek_error(), text.data(), text.size());
            const std::string_view whole(text.data());
            problem_ = whole.substr(whole.rfind(':') + 1);
        }
    }
    broken_ = true;  // OpenSSL allows no further call, not even of SSL_shutdown()
    ERR_clear_error();
    return outcome::failed;
}

session::outcome session::handshake() {
    ERR_clear_error();
    errno = 0;
    return outcome_of(SSL_do_handshake(ssl_.get()));
}

session::outcome session::read(std::span<char> into, std::size_t& size) {
    size = 0;
    if (broken_) return outcome::failed;
    if (into.empty()) return outcome::done;
    ERR_clear_error();
    errno = 0;
    return outcome_of(SSL_read_ex(ssl_.get(), into.data(), into.size(), &size));
}

session::outcome session::write(std::string_view bytes, std::size_t& size) {
    size = 0;
    while (size < bytes.size()) {
        if (broken_) return outcome::failed;
        ERR_clear_error();
        errno = 0;
        std::size_t taken = 0;
        const auto went = outcome_of(SSL_write_ex(ssl_.get(), bytes.data() + size, bytes.size() - size, &taken));
        if (went != outcome::done) return went;
        size += taken;
    }
    return outcome::done;
}

void session::say_goodbye() {
    if (broken_ || !has_shaken_hands()) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

}  // namespace kindred::tls
