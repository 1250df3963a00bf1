#include "http/support/raw_client.hpp"

#include "engine/base/text.hpp"

#include <sys/socket.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace kindred::http::test {

raw_client::raw_client(std::uint16_t port) : socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    const timeval patience{20, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

void raw_client::send(std::string_view bytes) {
    boost::system::error_code gone;  // the server may have refused the first part already
    boost::asio::write(socket_, boost::asio::buffer(bytes), gone);
}

void raw_client::finish_sending() { socket_.shutdown(boost::asio::socket_base::shutdown_send); }

bool raw_client::read_more() {
    std::array<char, 65536> part{};
    const auto size = ::recv(socket_.native_handle(), part.data(), part.size(), 0);
    if (size <= 0) return false;
    unread_.append(part.data(), static_cast<std::size_t>(size));
    return true;
}

std::optional<raw_response> raw_client::receive(bool has_body) {
    std::size_t head_end = std::string::npos;
    while ((head_end = unread_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more()) return std::nullopt;
    }
    raw_response got;
    const auto lines = split(std::string_view(unread_).substr(0, head_end), '\n');
    got.status = static_cast<unsigned>(std::stoul(std::string(lines.front().substr(9, 3))));
    for (std::size_t at = 1; at < lines.size(); ++at) {
        const auto colon = lines[at].find(':');
        got.headers[to_lower_ascii(lines[at].substr(0, colon))] = std::string(trim(lines[at].substr(colon + 1)));
    }
    unread_.erase(0, head_end + 4);
    const std::size_t size =
        has_body && got.headers.contains("content-length") ? std::stoul(got.headers["content-length"]) : 0;
    while (unread_.size() < size) {
        if (!read_more()) return std::nullopt;
    }
    got.body = unread_.substr(0, size);
    unread_.erase(0, size);
    return got;
}

bool raw_client::wait_for_interim() {
    const auto got = receive(false);
    return got && got->status == 100;
}

bool raw_client::ends() { return unread_.empty() && !read_more(); }

}  // namespace kindred::http::test
