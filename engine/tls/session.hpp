#pragma once
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace kindred::tls {

/// The server's half of TLS on a socket that does not block and that somebody else owns. Nothing here waits: an
/// operation that cannot go on says what the socket must first be ready for, and is called again then with the same
/// bytes. One thread at a time.
class session {
public:
    enum class outcome { done = 1, wants_to_read, wants_to_write, closed, failed };

    session(const std::shared_ptr<SSL_CTX>& by, int socket);

    outcome handshake();
    /// Some bytes, at least one; `size` says how many. `closed`: the peer has ended its half in due form.
    outcome read(std::span<char> into, std::size_t& size);
    /// Takes a part of the bytes, as much as the socket takes; `size` says how many, also of those before a wait.
    outcome write(std::string_view bytes, std::size_t& size);
    /// Tells the peer that nothing more comes, if the socket takes it right now.
    void say_goodbye();

    bool has_shaken_hands() const { return SSL_is_init_finished(ssl_.get()) != 0; }
    /// Whether bytes may be had without waiting for the socket.
    bool has_bytes() const { return SSL_has_pending(ssl_.get()) != 0; }
    /// Why it failed, for a log.
    const std::string& problem() const { return problem_; }

private:
    struct release {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    outcome outcome_of(int returned);

    std::unique_ptr<SSL, release> ssl_;
    std::string problem_;
    bool broken_ = false;
};

}  // namespace kindred::tls
