#include "engine/http/peer_connection.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <array>

namespace kindred::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::uint32_t most_header = 64U << 10U;

/// `body` is not in it.
std::string head_of(const peer_request& wanted) {
    std::string head = wanted.method + ' ' + wanted.target + " HTTP/1.1\r\n";
    for (const auto& [name, value] : wanted.headers) head.append(name).append(": ").append(value).append("\r\n");
    const bool has_body = !wanted.body.empty() || (wanted.method != "GET" && wanted.method != "HEAD");
    if (has_body) head.append("Content-Length: ").append(std::to_string(wanted.body.size())).append("\r\n");
    return head.append("\r\n");
}

}  // namespace

result<std::pair<std::string, std::string>> split_address(std::string_view address) {
    const auto colon = address.rfind(':');
    auto host = address.substr(0, colon);
    if (colon == std::string_view::npos || host.empty() || colon + 1 == address.size())
        return fail(errc::invalid, "\"" + std::string(address) + "\" is no address: wants host:port");
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    return std::pair(std::string(host), std::string(address.substr(colon + 1)));
}

peer_connector::peer_connector(asio::io_context& on, done then)
    : resolver_(on), socket_(on), timer_(on), then_(std::move(then)) {}

void peer_connector::connect(asio::io_context& on, const std::string& address, std::chrono::milliseconds within,
                             done then) {
    const std::shared_ptr<peer_connector> made(new peer_connector(on, std::move(then)));
    made->begin(address, within);
}

void peer_connector::begin(const std::string& address, std::chrono::milliseconds within) {
    timer_.expires_after(within);
    timer_.async_wait([self = shared_from_this()](error_code cancelled) {
        if (!cancelled) self->finish(asio::error::timed_out);
    });
    const auto place = split_address(address);
    if (!place) {
        asio::post(timer_.get_executor(), [self = shared_from_this()] { self->finish(asio::error::invalid_argument); });
        return;
    }
    resolver_.async_resolve(place->first, place->second,
                            [self = shared_from_this()](error_code failed, const tcp::resolver::results_type& found) {
                                if (!self->then_) return;
                                if (failed) return self->finish(failed);
                                asio::async_connect(
                                    self->socket_, found,
                                    [self](error_code refused, const tcp::endpoint&) { self->finish(refused); });
                            });
}

void peer_connector::finish(error_code failed) {
    if (!then_) return;
    const auto then = std::exchange(then_, nullptr);
    timer_.cancel();
    resolver_.cancel();
    error_code ignored;
    if (!failed) socket_.set_option(tcp::no_delay(true), ignored);
    auto taken = std::move(socket_);
    if (failed) taken.close(ignored);
    then(failed, std::move(taken));
}

void peer_connection::begin(peer_request wanted, peer_client::done then) {
    wanted_ = std::move(wanted);
    then_ = std::move(then);
    peer_connector::connect(on_, wanted_.to, std::min(settings_.connect_within, wanted_.within),
                            [self = shared_from_this()](error_code failed, socket connected) {
                                if (self->closed_) return;
                                if (failed) return self->fail_with(errc::unavailable, failed.message());
                                self->socket_ = std::move(connected);
                                self->write();
                            });
}

void peer_connection::send(peer_request wanted, peer_client::done then) {
    if (closed_) return then(fail(errc::unavailable, "the connection was cut"));
    wanted_ = std::move(wanted);
    then_ = std::move(then);
    write();
}

void peer_connection::bound(std::chrono::milliseconds within) {
    timer_.expires_after(within);
    timer_.async_wait([self = shared_from_this(), turn = ++turn_](error_code cancelled) {
        if (cancelled || turn != self->turn_ || self->closed_) return;
        self->fail_with(errc::unknown, "no answer in time");
    });
}

void peer_connection::write() {
    bound(wanted_.within);
    head_ = head_of(wanted_);
    const std::array<asio::const_buffer, 2> all{asio::buffer(head_), asio::buffer(wanted_.body)};
    asio::async_write(socket_, all, [self = shared_from_this()](error_code failed, std::size_t) {
        if (self->closed_) return;
        // A server that refuses a body closes while it still comes: what it said may be there to be read.
        if (failed && failed != asio::error::broken_pipe && failed != asio::error::connection_reset)
            return self->fail_with(errc::unknown, failed.message());
        self->read();
    });
}

void peer_connection::read() {
    parser_.emplace();
    parser_->header_limit(most_header);
    parser_->body_limit(settings_.most_answer_bytes);
    parser_->skip(wanted_.method == "HEAD");
    beast_http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](error_code failed, std::size_t) {
        if (self->closed_) return;
        if (failed) return self->fail_with(errc::unknown, failed.message());
        self->answered();
    });
}

void peer_connection::answered() {
    ++turn_;
    timer_.cancel();
    auto message = parser_->release();
    const bool goes_on = message.keep_alive();
    parser_.reset();
    client_response said;
    said.status = message.result_int();
    for (const auto& field : message)
        said.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    said.body = std::move(message.body());
    wanted_ = {};
    const auto then = std::exchange(then_, nullptr);
    const auto keeps_me = shared_from_this();
    if (goes_on)
        told_.free(keeps_me);
    else
        cut();
    then(std::move(said));
}

void peer_connection::fail_with(errc code, const std::string& why) {
    const auto then = std::exchange(then_, nullptr);
    const auto to = wanted_.to;
    cut();
    if (then) then(fail(code, "the node at " + to + ": " + why));
}

void peer_connection::rest() {
    timer_.expires_after(settings_.idle_within);
    timer_.async_wait([self = shared_from_this(), turn = ++turn_](error_code cancelled) {
        if (!cancelled && turn == self->turn_) self->cut();
    });
}

void peer_connection::cut() {
    if (closed_) return;
    const auto keeps_me = shared_from_this();
    closed_ = true;
    ++turn_;
    timer_.cancel();
    error_code ignored;
    socket_.close(ignored);
    told_.gone(keeps_me);
    if (const auto then = std::exchange(then_, nullptr)) then(fail(errc::unknown, "the connection was cut"));
}

}  // namespace kindred::http
