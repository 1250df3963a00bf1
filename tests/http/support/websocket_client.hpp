#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace kindred::http::test {

/// A real WebSocket client with blocking calls.
class websocket_client {
public:
    explicit websocket_client(std::uint16_t port) : stream_(context_) {
        stream_.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
    }
    /// The response status: 101 when it is open.
    unsigned open(const std::string& path, std::string protocol = {}) {
        namespace ws = boost::beast::websocket;
        stream_.set_option(ws::stream_base::decorator([protocol](ws::request_type& asked) {
            if (!protocol.empty()) asked.set(boost::beast::http::field::sec_websocket_protocol, protocol);
        }));
        boost::system::error_code failed;
        stream_.handshake(answer_, "localhost", path, failed);
        return answer_.result_int();
    }
    const boost::beast::websocket::response_type& answer() const { return answer_; }

    void send(const std::string& text, bool binary = false) {
        boost::system::error_code gone;
        stream_.binary(binary);
        stream_.write(boost::asio::buffer(text), gone);
    }
    void send_raw(const std::string& bytes) { boost::asio::write(stream_.next_layer(), boost::asio::buffer(bytes)); }
    /// The next message; nothing when the session ended, whose code is then in closed_with().
    std::optional<std::string> receive() {
        boost::beast::flat_buffer buffer;
        boost::system::error_code failed;
        stream_.read(buffer, failed);
        if (failed) return std::nullopt;
        return boost::beast::buffers_to_string(buffer.data());
    }
    std::uint16_t closed_with() const { return stream_.reason().code; }
    void close(std::uint16_t code) {
        boost::system::error_code gone;
        stream_.close(boost::beast::websocket::close_code(code), gone);
    }
    /// Goes away without a word.
    void vanish() { stream_.next_layer().close(); }

private:
    boost::asio::io_context context_;
    boost::beast::websocket::stream<boost::asio::ip::tcp::socket, false> stream_;
    boost::beast::websocket::response_type answer_;
};

}  // namespace kindred::http::test
