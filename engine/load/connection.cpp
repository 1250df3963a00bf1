#include "engine/load/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace kindred::load {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds pause_before_connecting_again{100};

}  // namespace

connection::connection(asio::io_context& context, const tcp::endpoint& to, connection_owner& owner)
    : owner_(owner), to_(to), socket_(context), pause_(context) {}

void connection::connect() {
    const auto era = ++era_;
    socket_.async_connect(to_, [this, era](error_code failed) {
        if (era != era_) return;
        if (failed) return lose("cannot connect: " + failed.message());
        error_code ignored;
        socket_.set_option(tcp::no_delay(true), ignored);
        socket_.non_blocking(true, ignored);
        read();
        owner_.on_ready(*this);
    });
}

void connection::send(std::string_view request, steady::time_point due) {
    busy_ = true;
    due_ = due;
    reader_.reset();
    error_code failed;
    const auto sent = socket_.write_some(asio::buffer(request), failed);
    if (sent == request.size()) return;
    // A failure shows at the pending read as well, and is reported from there.
    if (failed && failed != asio::error::would_block) return;
    unsent_ = request.substr(sent);
    write_rest();
}

void connection::write_rest() {
    const auto era = era_;
    asio::async_write(socket_, asio::buffer(unsent_), [this, era](error_code failed, std::size_t) {
        if (era == era_ && failed) lose(failed.message());
    });
}

void connection::read() {
    const auto era = era_;
    socket_.async_read_some(asio::buffer(received_), [this, era](error_code failed, std::size_t size) {
        if (era != era_) return;
        if (failed) return lose(failed.message());
        take({received_.data(), size});
    });
}

void connection::take(std::string_view bytes) {
    const auto read_so_far = busy_ ? reader_.feed(bytes) : answer_reader::progress::broken;
    if (read_so_far == answer_reader::progress::broken) return lose("what came back is no HTTP answer");
    if (read_so_far == answer_reader::progress::more) return read();
    busy_ = false;
    const bool stays = reader_.keeps_connection();
    if (stays)
        read();
    else
        renew();
    owner_.on_answer(*this, reader_.status());
    if (stays) owner_.on_ready(*this);
}

void connection::lose(const std::string& why) {
    const bool had_request = busy_;
    end_socket();
    reconnect_later();
    owner_.on_lost(*this, had_request, why);
}

void connection::reconnect_later() {
    const auto era = era_;
    pause_.expires_after(pause_before_connecting_again);
    pause_.async_wait([this, era](error_code cancelled) {
        if (!cancelled && era == era_) connect();
    });
}

void connection::renew() {
    end_socket();
    connect();
}

void connection::close() {
    end_socket();
    pause_.cancel();
}

void connection::end_socket() {
    ++era_;
    busy_ = false;
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace kindred::load
