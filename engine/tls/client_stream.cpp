#include "engine/tls/client_stream.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace kindred::tls {
namespace {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct free_context {
    void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
};
struct free_session {
    void operator()(SSL* one) const { SSL_free(one); }
};
struct free_addresses {
    void operator()(addrinfo* all) const { freeaddrinfo(all); }
};

std::string system_problem() { return std::generic_category().message(errno); }

std::string tls_problem(const SSL* session) {
    const auto verified = session == nullptr ? X509_V_OK : SSL_get_verify_result(session);
    if (verified != X509_V_OK)
        return std::string("the certificate is refused: ") + X509_verify_cert_error_string(verified);
    std::array<char, 200> text{};
    const auto code = ERR_get_error();
    if (code == 0) return "the connection ended during the TLS handshake";
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

}  // namespace

stop_bell::stop_bell() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
stop_bell::~stop_bell() { close(descriptor_); }
void stop_bell::ring() {
    const std::uint64_t one = 1;
    // It can only fail when it has rung often enough already.
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
}
bool stop_bell::has_rung() const { return wait_for(milliseconds{0}); }
bool stop_bell::wait_for(milliseconds time) const {
    pollfd watched{descriptor_, POLLIN, 0};
    return poll(&watched, 1, static_cast<int>(time.count())) > 0;
}

class client_stream::impl {
public:
    impl(int socket, const stop_bell& bell) : socket_(socket), bell_(bell) {}
    ~impl() {
        session_.reset();
        close(socket_);
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    int socket() const { return socket_; }
    bool is_secure() const { return session_ != nullptr; }

    result<void> wait(short events, steady::time_point until) {
        const auto left = std::chrono::ceil<milliseconds>(until - steady::now());
        std::array<pollfd, 2> watched{{{socket_, events, 0}, {bell_.descriptor(), POLLIN, 0}}};
        const auto ready =
            poll(watched.data(), watched.size(), static_cast<int>(std::max(left, milliseconds{0}).count()));
        if (watched[1].revents != 0) return fail(errc::unavailable, "the engine is stopping");
        if (ready == 0) return fail(errc::timed_out, "the server does not answer in time");
        if (ready < 0 && errno != EINTR) return fail(errc::io, system_problem());
        return {};
    }

    result<void> start_tls(const std::string& host, const std::string& ca_file, milliseconds within) {
        context_.reset(SSL_CTX_new(TLS_client_method()));
        if (!context_) return fail(errc::io, tls_problem(nullptr));
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        const bool trusted = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context_.get()) == 1
                                             : SSL_CTX_load_verify_file(context_.get(), ca_file.c_str()) == 1;
        if (!trusted) return fail(errc::invalid, "the certificates of " + ca_file + " cannot be read");
        session_.reset(SSL_new(context_.get()));
        SSL_set_fd(session_.get(), socket_);
        SSL_set_tlsext_host_name(session_.get(), host.c_str());
        SSL_set1_host(session_.get(), host.c_str());
        return until_done(steady::now() + within, [&] { return SSL_connect(session_.get()); });
    }

    result<std::size_t> read(char* into, std::size_t most, milliseconds within) {
        const auto until = steady::now() + within;
        while (true) {
            if (session_) {
                int got = 0;
                auto done =
                    until_done(until, [&] { return got = SSL_read(session_.get(), into, static_cast<int>(most)); });
                if (!done) return done.error();
                return static_cast<std::size_t>(got);
            }
            const auto got = recv(socket_, into, most, MSG_DONTWAIT);
            if (got > 0) return static_cast<std::size_t>(got);
            if (got == 0) return fail(errc::io, "the server closed the connection");
            if (errno != EAGAIN && errno != EINTR) return fail(errc::io, system_problem());
            if (auto ready = wait(POLLIN, until); !ready) return ready.error();
        }
    }

    result<void> write(std::string_view bytes, milliseconds within) {
        const auto until = steady::now() + within;
        while (!bytes.empty()) {
            if (session_) {
                int sent = 0;
                auto done = until_done(until, [&] {
                    return sent = SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
                });
                if (!done) return done.error();
                bytes.remove_prefix(static_cast<std::size_t>(sent));
                continue;
            }
            const auto sent = send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(sent));
                continue;
            }
            if (errno != EAGAIN && errno != EINTR) return fail(errc::io, system_problem());
            if (auto ready = wait(POLLOUT, until); !ready) return ready.error();
        }
        return {};
    }

private:
    /// Repeats a TLS operation until it is done: it may want to read in order to write.
    template <class Operation>
    result<void> until_done(steady::time_point until, Operation operation) {
        while (true) {
            ERR_clear_error();
            const auto got = operation();
            if (got > 0) return {};
            const auto why = SSL_get_error(session_.get(), got);
            if (why == SSL_ERROR_ZERO_RETURN) return fail(errc::io, "the server closed the connection");
            if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
                return fail(errc::io, tls_problem(session_.get()));
            if (auto ready = wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until); !ready) return ready.error();
        }
    }

    int socket_;
    const stop_bell& bell_;
    std::unique_ptr<SSL_CTX, free_context> context_;
    std::unique_ptr<SSL, free_session> session_;

public:
    std::array<char, 16'384> buffer{};
};

client_stream::client_stream(std::unique_ptr<impl> made) : impl_(std::move(made)) {}
client_stream::~client_stream() = default;

result<std::unique_ptr<client_stream>> client_stream::connect(const std::string& host, std::uint16_t port,
                                                              milliseconds within, const stop_bell& bell) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const auto problem = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found); problem != 0)
        return fail(errc::unavailable, host + ": " + gai_strerror(problem));
    const std::unique_ptr<addrinfo, free_addresses> all(found);
    auto last = fail(errc::unavailable, host + " has no address");
    for (const auto* each = all.get(); each != nullptr; each = each->ai_next) {
        const auto socket = ::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket < 0) continue;
        auto made = std::make_unique<impl>(socket, bell);
        if (::connect(socket, each->ai_addr, each->ai_addrlen) != 0 && errno != EINPROGRESS) {
            last = fail(errc::unavailable, host + ": " + system_problem());
            continue;
        }
        if (auto ready = made->wait(POLLOUT, steady::now() + within); !ready) {
            last = ready.error();
            if (last.code == errc::unavailable) return last;
            continue;
        }
        int problem = 0;
        socklen_t size = sizeof problem;
        getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size);
        if (problem == 0) {
            // What is written is a whole command; nothing comes that it could wait for.
            const int now = 1;
            setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
            return std::unique_ptr<client_stream>(new client_stream(std::move(made)));
        }
        last = fail(errc::unavailable, host + ": " + std::generic_category().message(problem));
    }
    return last;
}

result<void> client_stream::start_tls(const std::string& host, const std::string& ca_file, milliseconds within) {
    return impl_->start_tls(host, ca_file, within);
}

bool client_stream::is_secure() const { return impl_->is_secure(); }

result<std::string_view> client_stream::read(milliseconds within) {
    const auto got = impl_->read(impl_->buffer.data(), impl_->buffer.size(), within);
    if (!got) return got.error();
    return std::string_view(impl_->buffer.data(), *got);
}

result<void> client_stream::write(std::string_view bytes, milliseconds within) { return impl_->write(bytes, within); }

}  // namespace kindred::tls
