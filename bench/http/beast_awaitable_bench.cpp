// The yardstick: a server in the shape of Beast's own awaitable example, which answers 200 to everything. Usage: PORT.
// Serves on one thread until it is killed.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

http::message_generator answer_to(http::request<http::string_body>&& asked) {
    http::response<http::string_body> answer{http::status::ok, asked.version()};
    answer.set(http::field::server, "beast");
    answer.set(http::field::content_type, "application/json");
    answer.keep_alive(asked.keep_alive());
    answer.body() = R"({"status":"accepted","id":"0123456789abcdef0123456789abcdef"})";
    answer.prepare_payload();
    return answer;
}

asio::awaitable<void> serve(beast::tcp_stream stream) {
    beast::flat_buffer buffer;
    while (true) {
        stream.expires_after(std::chrono::seconds(30));
        http::request<http::string_body> asked;
        co_await http::async_read(stream, buffer, asked, asio::use_awaitable);
        http::message_generator answer = answer_to(std::move(asked));
        const bool stays = answer.keep_alive();
        co_await beast::async_write(stream, std::move(answer), asio::use_awaitable);
        if (!stays) break;
    }
    beast::error_code ignored;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
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
        asio::co_spawn(acceptor.get_executor(), serve(beast::tcp_stream(std::move(taken))), forget_end_of_stream);
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
