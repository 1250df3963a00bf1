#pragma once
#include "engine/http/handler.hpp"
#include "engine/http/io_thread.hpp"
#include "engine/tls/server_identity.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kindred::http {

/// Takes connections of one listening address and hands them out to the threads in turn. Runs on the first thread.
class acceptor {
public:
    /// `identity` null: plain TCP.
    acceptor(std::vector<std::unique_ptr<io_thread>>& threads, std::shared_ptr<handler> answering,
             std::shared_ptr<tls::server_identity> identity);

    /// Binds and listens; gives the port.
    result<std::uint16_t> open(const std::string& address, std::uint16_t port);

    // On the first thread, or before it runs.
    void accept();
    void close();

private:
    void on_accept(boost::system::error_code failed, socket taken, io_thread& home);
    void take(socket taken, io_thread& home);
    void turn_away(socket taken, refusal reason);
    void pause();

    std::vector<std::unique_ptr<io_thread>>& threads_;
    std::shared_ptr<handler> handler_;
    std::shared_ptr<tls::server_identity> identity_;
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type> acceptor_;
    boost::asio::steady_timer pause_;
    std::size_t next_ = 0;
};

}  // namespace kindred::http
