#pragma once
#include "engine/load/answer_reader.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace kindred::load {

class connection;

/// The one who sends through connections and is told what comes of it. Calls come from the connection's thread, never
/// from within a call to the connection.
class connection_owner {
public:
    virtual ~connection_owner() = default;
    /// A request may be sent: after connecting, and after each answer.
    virtual void on_ready(connection& free) = 0;
    /// An answer was read in full. on_ready() follows, at once or after connecting again.
    virtual void on_answer(connection& from, unsigned status) = 0;
    /// The connection ended, or could not be made; it is being made again. `had_request`: one was waiting for its
    /// answer.
    virtual void on_lost(connection& which, bool had_request, const std::string& why) = 0;
};

/// One keep-alive connection with at most one request under way, which connects again by itself whenever it ends. One
/// thread: that which runs `context`.
class connection {
public:
    using steady = std::chrono::steady_clock;

    /// `owner` and `context` must outlive this, and `context` must not run any more when it ends.
    connection(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& to, connection_owner& owner);

    /// Begins to connect. Once.
    void open() { connect(); }
    /// Only after on_ready(). The bytes are taken before it returns; `due` is kept for the caller.
    void send(std::string_view request, steady::time_point due);
    /// Ends the connection and makes it again. A request under way is forgotten without on_lost().
    void renew();
    /// Ends everything that is under way; no call follows.
    void close();

    bool busy() const { return busy_; }
    /// When the last request was due.
    steady::time_point due() const { return due_; }

private:
    void connect();
    void read();
    void take(std::string_view bytes);
    void write_rest();
    void lose(const std::string& why);
    void reconnect_later();
    void end_socket();

    connection_owner& owner_;
    const boost::asio::ip::tcp::endpoint to_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer pause_;
    answer_reader reader_;
    std::array<char, 4096> received_;
    std::string unsent_;
    steady::time_point due_;
    std::uint64_t era_ = 0;  ///< completions of an earlier socket belong to nobody
    bool busy_ = false;
};

}  // namespace kindred::load
