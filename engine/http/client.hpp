#pragma once
#include "engine/base/error.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kindred::http {

struct client_settings {
    std::size_t threads = 4;
    std::size_t max_waiting = 10'000;  ///< calls queued; beyond it submit() refuses
    std::size_t max_response_bytes = 4U << 20U;
    std::chrono::milliseconds connect_within{10'000};
    bool refuse_private_addresses = true;  ///< loopback, private, link-local, ULA and the like
    /// Hosts (as written in the URL, lower case) that may resolve to such addresses all the same, and be called
    /// without TLS: a local mail relay, loopback doubles in tests.
    std::vector<std::string> trusted_hosts;
    std::string ca_file;  ///< empty: the system's
    std::string user_agent = "kindred";
};

/// One HTTP request to somebody else's server. Redirects are not followed.
struct http_call {
    std::string method = "POST";
    std::string url;  ///< https://...; http:// for trusted hosts alone
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string connect_to;  ///< host:port to go to instead of the URL's, which stays the name that is asked for
    std::string user;        ///< basic authentication when not empty
    std::string password;
    std::chrono::milliseconds within{15'000};  ///< from submit(), waiting included
};

/// One mail handed to a submission server (RFC 6409), or, without recipients, the question whether it would be taken:
/// a connection of its own, TLS and the log-in as for a mail, then NOOP.
struct smtp_call {
    enum class tls { required = 1, never };

    std::string url;                      ///< smtp://host:port or smtps://host:port
    std::string from;                     ///< envelope; empty for the null sender
    std::vector<std::string> recipients;  ///< none: nothing is sent
    std::string message;                  ///< RFC 5322, CRLF lines; dots are stuffed here
    std::string user;                     ///< AUTH when not empty, over TLS or to trusted hosts alone
    std::string password;
    std::string token_file;  ///< not empty: XOAUTH2 (or RFC 7628) with the access token in it, instead of a password
    std::string ca_file;     ///< instead of the client's
    tls starttls = tls::required;  ///< of smtp://, which is TLS before anything else is said, or not at all
    std::chrono::milliseconds within{60'000};
};

struct client_response {
    unsigned status = 0;  ///< HTTP status, or the last SMTP reply code
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;  ///< for SMTP the last reply line
};

/// Calls out to other people's servers: blocking work on threads of its own behind one bounded queue. Thread-safe.
class client {
public:
    using done = std::function<void(result<client_response>)>;

    explicit client(const client_settings& settings);
    /// stop() when nobody did before.
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Queues the call; `then` runs once on one of the client's threads. False when the queue is full or the client
    /// has stopped: then `then` is not called. What `then` may get instead of a response:
    /// errc::invalid       the call can never work (URL, CR/LF in a header or address, plain text to a stranger);
    /// errc::forbidden     the address is one that must not be called;
    /// errc::unavailable   nothing was sent: no such host, no connection, TLS refused, shut down before its turn;
    /// errc::timed_out     nothing was sent before the deadline;
    /// errc::too_large     answered, but with more than max_response_bytes: it was sent;
    /// errc::unknown       sent, but no whole answer came: it may or may not have happened.
    /// An SMTP refusal is a response with its code, not an error.
    [[nodiscard]] bool submit(http_call call, done then);
    [[nodiscard]] bool submit(smtp_call call, done then);

    /// Gives waiting calls errc::unavailable, cuts those on the way after `patience` (errc::unknown), joins.
    /// Idempotent.
    void stop(std::chrono::milliseconds patience);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace kindred::http
