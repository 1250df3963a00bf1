#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::http::test {

struct raw_response {
    unsigned status = 0;
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;
};

/// A client that sends exactly the bytes it is told to, well-formed or not, and waits at most some seconds for
/// anything.
class raw_client {
public:
    explicit raw_client(std::uint16_t port);

    void send(std::string_view bytes);
    /// No more bytes will be sent.
    void finish_sending();
    /// The next final response; nothing when the connection ends first. `has_body` is false for answers to HEAD.
    std::optional<raw_response> receive(bool has_body = true);
    std::optional<raw_response> ask(std::string_view bytes) {
        send(bytes);
        return receive();
    }
    /// Whether the server ends the connection without sending anything further.
    bool ends();
    /// Takes a 100 Continue; false when something else came.
    bool wait_for_interim();

private:
    bool read_more();

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string unread_;
};

}  // namespace kindred::http::test
