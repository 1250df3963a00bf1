#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace kindred::http::test {

/// Takes one connection after the other on a free loopback port and lets a function talk on the bare socket.
class socket_double {
public:
    explicit socket_double(std::function<void(int socket)> talk);
    ~socket_double();
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::atomic<int> peer_{-1};
    std::thread thread_;
};

/// A mail submission server that says what it is told to, and keeps what it was told.
class smtp_double {
public:
    struct line {
        std::string begins;  ///< the command this answers
        std::string reply;
    };
    /// Commands that no line names are answered 250.
    explicit smtp_double(std::vector<line> script = {});
    ~smtp_double();
    std::uint16_t port() const;
    /// All commands so far; and the data of the last message as it came over the wire, without the final dot.
    std::vector<std::string> commands() const;
    std::string message() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// An HTTPS server with a certificate for 127.0.0.1 that nobody but `ca_file` vouches for; answers 200 "secret".
class https_double {
public:
    https_double();
    ~https_double();
    std::uint16_t port() const;
    const std::string& ca_file() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace kindred::http::test
