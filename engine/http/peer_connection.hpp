#pragma once
#include "engine/http/io_thread.hpp"
#include "engine/http/peer_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kindred::http {

/// Finds an address and connects to it, within a time. One use; `then` runs once, later. Belongs to one thread.
class peer_connector : public std::enable_shared_from_this<peer_connector> {
public:
    using done = std::function<void(boost::system::error_code, socket)>;

    static void connect(boost::asio::io_context& on, const std::string& address, std::chrono::milliseconds within,
                        done then);

private:
    peer_connector(boost::asio::io_context& on, done then);
    void begin(const std::string& address, std::chrono::milliseconds within);
    void finish(boost::system::error_code failed);

    boost::asio::ip::basic_resolver<boost::asio::ip::tcp, boost::asio::io_context::executor_type> resolver_;
    socket socket_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>
        timer_;
    done then_;
};

/// One connection to another node that carries one request after the other. Belongs to the client's thread.
class peer_connection : public std::enable_shared_from_this<peer_connection> {
public:
    /// `free`: it can carry the next one. `gone`: it is closed. Each after the answer was told.
    struct owner {
        std::function<void(const std::shared_ptr<peer_connection>&)> free;
        std::function<void(const std::shared_ptr<peer_connection>&)> gone;
    };

    peer_connection(boost::asio::io_context& on, const peer_settings& settings, owner told)
        : on_(on), settings_(settings), told_(std::move(told)), socket_(on), timer_(on) {}

    /// The first request: connects, then sends it.
    void begin(peer_request wanted, peer_client::done then);
    /// A further one.
    void send(peer_request wanted, peer_client::done then);
    /// Idle until the next send(); after a while of that it closes by itself.
    void rest();
    void cut();

private:
    using parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

    void write();
    void read();
    void answered();
    void fail_with(errc code, const std::string& why);
    void bound(std::chrono::milliseconds within);

    boost::asio::io_context& on_;
    const peer_settings& settings_;
    const owner told_;
    socket socket_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>
        timer_;
    boost::beast::flat_buffer buffer_;
    std::optional<parser> parser_;
    peer_request wanted_;
    peer_client::done then_;
    std::string head_;
    std::uint64_t turn_ = 0;  ///< rises with each request: a timer of an earlier one means nothing
    bool closed_ = false;
};

/// Opens a WebSocket and serves it until it ends. Gives what cuts it, to be called on the client's thread.
std::function<void()> open_peer_websocket(boost::asio::io_context& on, const peer_settings& settings,
                                          peer_request wanted, std::shared_ptr<peer_events> events);

}  // namespace kindred::http
