#pragma once
#include "engine/tls/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace kindred::tls {

/// A socket, and TLS on it where it was secured: what reads and writes need not know which. An Asio stream, so that
/// Beast's WebSockets run on it. Belongs to one thread; whoever starts an operation keeps the wire alive until its end.
/// The plain one costs a test of a pointer.
template <class Socket>
class wire {
public:
    using executor_type = typename Socket::executor_type;
    using next_layer_type = Socket;
    using error_code = boost::system::error_code;

    explicit wire(Socket taken) : socket_(std::move(taken)) {}

    executor_type get_executor() { return socket_.get_executor(); }
    Socket& next_layer() { return socket_; }
    const Socket& next_layer() const { return socket_; }

    /// From now on everything goes through TLS, the handshake first. The socket must not block.
    void secure(const std::shared_ptr<SSL_CTX>& by) { tls_ = std::make_unique<session>(by, socket_.native_handle()); }
    bool is_secure() const { return tls_ != nullptr; }
    const std::string& problem() const { return tls_->problem(); }

    /// Of a secured wire. `then` gets an error_code.
    template <class Token>
    auto async_handshake(Token&& then) {
        const auto step = [this](std::size_t&) { return tls_->handshake(); };
        return boost::asio::async_compose<Token, void(error_code)>(operation<decltype(step), false>(*this, step, false),
                                                                   then, socket_);
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& then) {
        return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const Buffers& into) {
                if (!tls_) return (void)socket_.async_read_some(into, std::move(handler));
                const auto first = first_of<boost::asio::mutable_buffer>(into);
                const auto step = [this, first](std::size_t& size) {
                    return tls_->read({static_cast<char*>(first.data()), first.size()}, size);
                };
                compose(step, !tls_->has_bytes(), std::move(handler));
            },
            then, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& then) {
        return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const Buffers& from) {
                if (!tls_) return (void)socket_.async_write_some(from, std::move(handler));
                const auto first = first_of<boost::asio::const_buffer>(from);
                const auto step = [this, first](std::size_t& size) {
                    return tls_->write({static_cast<const char*>(first.data()), first.size()}, size);
                };
                compose(step, false, std::move(handler));
            },
            then, buffers);
    }

    /// As much as goes at once, like a socket that does not block. What did not go must be written next, and first.
    std::size_t write_some(boost::asio::const_buffer bytes, error_code& failed) {
        if (!tls_) return socket_.write_some(bytes, failed);
        std::size_t size = 0;
        const auto went = tls_->write({static_cast<const char*>(bytes.data()), bytes.size()}, size);
        failed = size > 0 || went == session::outcome::done ? error_code{} : error_of(went);
        return size;
    }

    /// Tells the peer, where there is TLS, that nothing more comes.
    void say_goodbye() {
        if (tls_) tls_->say_goodbye();
    }
    /// Nothing more is written.
    void end_writing(error_code& failed) {
        if (tls_) tls_->say_goodbye();
        socket_.shutdown(boost::asio::socket_base::shutdown_send, failed);
    }
    void close(error_code& failed) {
        if (tls_) tls_->say_goodbye();
        socket_.close(failed);
    }

private:
    static error_code error_of(session::outcome went) {
        switch (went) {
            case session::outcome::closed: return boost::asio::error::eof;
            case session::outcome::failed: return boost::asio::error::connection_reset;
            default: return boost::asio::error::would_block;
        }
    }

    /// The first of the buffers that has room; empty when none has.
    template <class Buffer, class Buffers>
    static Buffer first_of(const Buffers& buffers) {
        for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers);
             ++at)
            if (Buffer(*at).size() > 0) return *at;
        return {};
    }

    /// One operation of the session, tried again each time the socket is ready for it. Its end never comes before the
    /// call that started it has returned.
    template <class Step, bool tells_size>
    class operation {
    public:
        operation(wire& on, Step step, bool waits_first) : on_(on), step_(std::move(step)), waits_first_(waits_first) {}

        template <class Self>
        void operator()(Self& self, error_code failed = {}) {
            if (ended_) return complete(self, ended_with_);
            if (failed) return complete(self, failed);
            if (std::exchange(waits_first_, false)) return wait(self, boost::asio::socket_base::wait_read);
            const auto went = step_(size_);
            if (size_ == 0 && went == session::outcome::wants_to_read)
                return wait(self, boost::asio::socket_base::wait_read);
            if (size_ == 0 && went == session::outcome::wants_to_write)
                return wait(self, boost::asio::socket_base::wait_write);
            const bool moved = size_ > 0 || went == session::outcome::done;
            ended_with_ = moved ? error_code{} : error_of(went);
            if (waited_) return complete(self, ended_with_);
            ended_ = true;
            boost::asio::post(on_.socket_.get_executor(), std::move(self));
        }

    private:
        template <class Self>
        void wait(Self& self, boost::asio::socket_base::wait_type what) {
            waited_ = true;
            on_.socket_.async_wait(what, std::move(self));
        }
        template <class Self>
        void complete(Self& self, error_code how) {
            if constexpr (tells_size)
                self.complete(how, size_);
            else
                self.complete(how);
        }

        wire& on_;
        Step step_;
        bool waits_first_;
        bool waited_ = false;
        bool ended_ = false;
        error_code ended_with_;
        std::size_t size_ = 0;
    };

    template <class Step, class Handler>
    void compose(const Step& step, bool waits_first, Handler then) {
        boost::asio::async_compose<Handler, void(error_code, std::size_t)>(
            operation<Step, true>(*this, step, waits_first), then, socket_);
    }

    Socket socket_;
    std::unique_ptr<session> tls_;
};

}  // namespace kindred::tls
