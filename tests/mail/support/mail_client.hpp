#pragma once
#include <sys/socket.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kindred::mail::test {

/// Talks SMTP by hand, and waits at most some seconds for anything.
class mail_client {
public:
    explicit mail_client(std::uint16_t port) : socket_(context_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        const timeval patience{20, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    void send(std::string_view bytes) {
        boost::system::error_code gone;
        boost::asio::write(socket_, boost::asio::buffer(bytes), gone);
    }
    /// The next reply's last line without its line end; empty when the server left.
    std::string reply() {
        while (true) {
            const auto end = unread_.find("\r\n");
            if (end != std::string::npos) {
                const auto line = unread_.substr(0, end);
                unread_.erase(0, end + 2);
                if (line.size() < 4 || line[3] != '-') return line;
                continue;
            }
            std::array<char, 4096> part{};
            const auto size = ::recv(socket_.native_handle(), part.data(), part.size(), 0);
            if (size <= 0) return {};
            unread_.append(part.data(), static_cast<std::size_t>(size));
        }
    }
    std::string say(std::string_view bytes) {
        send(bytes);
        return reply();
    }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string unread_;
};

}  // namespace kindred::mail::test
