// The yardstick: WebSockets as Beast's own examples serve them, a stream over tcp_stream, a flat_buffer and an
// awaitable reader each. Usage: PORT. Serves on one thread until it is killed.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using stream = beast::websocket::stream<beast::tcp_stream>;

asio::awaitable<void> serve(stream chat) {
    chat.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
    co_await chat.async_accept(asio::use_awaitable);
    beast::flat_buffer buffer;
    while (true) {
        co_await chat.async_read(buffer, asio::use_awaitable);
        buffer.consume(buffer.size());
    }
}

void forget_end_of_stream(std::exception_ptr ended) {
    try {
        if (ended) std::rethrow_exception(ended);
    } catch (const boost::system::system_error&) {  // the client left
    }
}

asio::awaitable<void> accept_on(asio::ip::tcp::acceptor& acceptor) {
    while (true) {
        asio::ip::tcp::socket taken = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(acceptor.get_executor(), serve(stream(std::move(taken))), forget_end_of_stream);
    }
}

}  // namespace

int main(int count, char** arguments) {
    // tools/run-benches calls every bench with options of its own; this one is started by a script, with a port.
    if (count != 2 || std::atoi(arguments[1]) <= 0) {
        std::fprintf(stderr, "usage: %s PORT\n", arguments[0]);
        return 2;
    }
    asio::io_context context{1};
    const auto port = static_cast<unsigned short>(std::atoi(arguments[1]));
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    asio::co_spawn(context, accept_on(acceptor), asio::detached);
    context.run();
}
