#include "engine/base/log.hpp"
#include "engine/http/peer_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <exception>
#include <mutex>

namespace kindred::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ws = boost::beast::websocket;
using boost::system::error_code;

constexpr std::chrono::seconds handshake_within{5};

/// The client's end: one reader, one writer, a bounded outbox that any thread may fill.
class peer_websocket final : public websocket, public std::enable_shared_from_this<peer_websocket> {
public:
    peer_websocket(asio::io_context& on, const peer_settings& settings, peer_request wanted,
                   std::shared_ptr<peer_events> events)
        : on_(on),
          settings_(settings),
          wanted_(std::move(wanted)),
          address_(wanted_.to),
          events_(std::move(events)),
          stream_(on) {}

    void open() {
        peer_connector::connect(on_, wanted_.to, std::min(settings_.connect_within, wanted_.within),
                                [self = shared_from_this()](error_code failed, socket connected) {
                                    if (self->over_) return;
                                    if (failed) return self->refuse(fail(errc::unavailable, failed.message()));
                                    self->stream_.next_layer() = std::move(connected);
                                    self->shake_hands();
                                });
    }

    bool send(shared_text text) override {
        {
            const std::lock_guard hold(mutex_);
            if (ended_ || waiting_bytes_ + text->size() > settings_.websocket_waiting_bytes) return false;
            waiting_bytes_ += text->size();
            waiting_.push_back(std::move(text));
            if (woken_) return true;
            woken_ = true;
        }
        asio::post(on_, [self = shared_from_this()] { self->write(); });
        return true;
    }

    void close(close_code code, std::string_view reason) override {
        asio::post(on_, [self = shared_from_this(), code, reason = std::string(reason)] {
            if (self->over_ || !self->open_) return self->finish(code, reason);
            const ws::close_reason told(static_cast<ws::close_code>(code), {reason.data(), reason.size()});
            self->stream_.async_close(told, [self, code, reason](error_code) { self->finish(code, reason); });
        });
    }

    const std::string& peer() const override { return address_; }

    void cut() { finish(close_code::abnormal, "cut"); }

private:
    void shake_hands() {
        ws::stream_base::timeout timeouts{};
        timeouts.handshake_timeout = handshake_within;
        timeouts.idle_timeout = settings_.websocket_idle;
        timeouts.keep_alive_pings = true;
        stream_.set_option(timeouts);
        stream_.set_option(ws::stream_base::decorator([headers = wanted_.headers](ws::request_type& said) {
            for (const auto& [name, value] : headers)
                if (name != "Host" && name != "host") said.insert(name, value);
        }));
        stream_.read_message_max(settings_.websocket_message_bytes);
        stream_.auto_fragment(false);
        stream_.text(true);
        std::string host = address_;
        for (const auto& [name, value] : wanted_.headers)
            if (name == "Host" || name == "host") host = value;
        stream_.async_handshake(answer_, host, wanted_.target,
                                [self = shared_from_this()](error_code failed) { self->on_handshake(failed); });
    }

    void on_handshake(error_code failed) {
        if (over_) return;
        if (failed == ws::error::upgrade_declined) {
            client_response said;
            said.status = answer_.result_int();
            for (const auto& field : answer_)
                said.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
            said.body = answer_.body();
            return refuse(std::move(said));
        }
        // Nothing has its effect by a handshake: it may be tried again.
        if (failed) return refuse(fail(errc::unavailable, failed.message()));
        wanted_ = {};
        open_ = true;
        call([this] { events_->on_open(shared_from_this()); });
        read();
    }

    void read() {
        stream_.async_read(buffer_, [self = shared_from_this()](error_code failed, std::size_t) {
            if (self->over_) return;
            if (failed) return self->on_failure(failed);
            const auto bytes = self->buffer_.cdata();
            self->call([&] { self->events_->on_message({static_cast<const char*>(bytes.data()), bytes.size()}); });
            self->buffer_.clear();
            if (!self->over_) self->read();
        });
    }

    void on_failure(error_code failed) {
        if (failed != ws::error::closed) return finish(close_code::abnormal, failed.message());
        const auto told = stream_.reason();
        const auto code = told.code == ws::close_code::none ? close_code::none : static_cast<close_code>(told.code);
        finish(code, {told.reason.data(), told.reason.size()});
    }

    void write() {
        if (over_ || !open_ || writing_) return;
        shared_text next;
        {
            const std::lock_guard hold(mutex_);
            woken_ = !waiting_.empty();
            if (waiting_.empty()) return;
            next = std::move(waiting_.front());
            waiting_.pop_front();
            waiting_bytes_ -= next->size();
        }
        writing_ = true;
        const auto bytes = asio::buffer(*next);
        stream_.async_write(bytes, [self = shared_from_this(), next](error_code failed, std::size_t) {
            self->writing_ = false;
            if (self->over_) return;
            if (failed) return self->finish(close_code::abnormal, failed.message());
            self->write();
        });
    }

    void refuse(result<client_response> why) {
        over_ = true;
        end();
        call([&] { events_->on_refused(std::move(why)); });
        events_.reset();
    }

    void finish(close_code code, std::string_view reason) {
        if (over_) return;
        if (!open_) return refuse(fail(errc::unavailable, "cut"));
        over_ = true;
        end();
        const std::string kept(reason);
        call([&] { events_->on_close(code, kept); });
        events_.reset();
    }

    void end() {
        error_code ignored;
        stream_.next_layer().close(ignored);
        const std::lock_guard hold(mutex_);
        ended_ = true;
        waiting_.clear();
    }

    template <class Callback>
    static void call(Callback callback) {
        try {
            callback();
        } catch (const std::exception& bug) {
            log::error("a callback of a WebSocket to another node failed", {{"error", bug.what()}});
        }
    }

    asio::io_context& on_;
    const peer_settings& settings_;
    peer_request wanted_;
    const std::string address_;
    std::shared_ptr<peer_events> events_;
    ws::stream<socket, false> stream_;
    ws::response_type answer_;
    beast::flat_buffer buffer_;
    bool open_ = false;
    bool writing_ = false;
    bool over_ = false;
    std::mutex mutex_;
    std::deque<shared_text> waiting_;
    std::size_t waiting_bytes_ = 0;
    bool woken_ = false;
    bool ended_ = false;
};

}  // namespace

std::function<void()> open_peer_websocket(asio::io_context& on, const peer_settings& settings, peer_request wanted,
                                          std::shared_ptr<peer_events> events) {
    const auto made = std::make_shared<peer_websocket>(on, settings, std::move(wanted), std::move(events));
    made->open();
    return [weak = std::weak_ptr(made)] {
        if (const auto alive = weak.lock()) alive->cut();
    };
}

}  // namespace kindred::http
