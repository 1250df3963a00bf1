#include "engine/http/acceptor.hpp"

#include "engine/base/log.hpp"
#include "engine/http/connection.hpp"

#include <boost/asio/buffer.hpp>

namespace kindred::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds pause_when_out_of_sockets{100};

}  // namespace

acceptor::acceptor(std::vector<std::unique_ptr<io_thread>>& threads, std::shared_ptr<handler> answering,
                   std::shared_ptr<tls::server_identity> identity)
    : threads_(threads),
      handler_(std::move(answering)),
      identity_(std::move(identity)),
      acceptor_(threads.front()->context()),
      pause_(threads.front()->context()) {}

result<std::uint16_t> acceptor::open(const std::string& address, std::uint16_t port) {
    error_code failed;
    const auto parsed = asio::ip::make_address(address, failed);
    if (failed) return fail(errc::invalid, "\"" + address + "\" is not an IP address to listen on");
    const asio::ip::tcp::endpoint wanted(parsed, port);
    acceptor_.open(wanted.protocol(), failed);
    if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) acceptor_.bind(wanted, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) {
        return fail(errc::io,
                    "cannot listen on " + address + " port " + std::to_string(port) + ": " + failed.message());
    }
    return acceptor_.local_endpoint().port();
}

void acceptor::accept() {
    io_thread& home = *threads_[next_++ % threads_.size()];
    acceptor_.async_accept(
        home.context(), [this, &home](error_code failed, socket taken) { on_accept(failed, std::move(taken), home); });
}

void acceptor::on_accept(error_code failed, socket taken, io_thread& home) {
    if (failed == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (failed) {
        // Out of descriptors, or the peer was gone already. Trying again at once would spin.
        log::warn("cannot take a connection", {{"error", failed.message()}});
        return pause();
    }
    take(std::move(taken), home);
    accept();
}

void acceptor::take(socket taken, io_thread& home) {
    error_code failed;
    const auto peer = taken.remote_endpoint(failed).address();
    if (failed) return;  // gone already
    if (const auto why = home.shared().admit_connection(peer)) return turn_away(std::move(taken), *why);
    auto by = identity_ ? identity_->current() : std::shared_ptr<SSL_CTX>();
    const auto made = std::make_shared<connection>(std::move(taken), peer, home, handler_, std::move(by));
    home.post([made] { made->start(); });
}

void acceptor::turn_away(socket taken, refusal reason) {
    io_thread& here = *threads_.front();
    here.shared().watching().refused(reason);
    if (identity_) return;  // a handshake, only to say this, is what there is no room for
    response told(503, std::string(name_of(reason)) + "\n");
    told.header("Retry-After", std::to_string(here.shared().limits().retry_after.count()));
    response_form form;
    form.keep_alive = false;
    form.date = here.date();
    std::string bytes;
    append_response(bytes, told, form);
    error_code ignored;
    taken.non_blocking(true, ignored);
    taken.write_some(asio::buffer(bytes), ignored);
    taken.shutdown(asio::socket_base::shutdown_send, ignored);
}

void acceptor::pause() {
    pause_.expires_after(pause_when_out_of_sockets);
    pause_.async_wait([this](error_code cancelled) {
        if (!cancelled && acceptor_.is_open()) accept();
    });
}

void acceptor::close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

}  // namespace kindred::http
