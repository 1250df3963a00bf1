#include "engine/http/websocket_session.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/http/websocket_outbox.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace kindred::tls {

/// What Beast calls at the end of a WebSocket, found by the type of the stream.
template <class Socket, class Handler>
void async_teardown(boost::beast::role_type role, wire<Socket>& over, Handler&& then) {
    over.say_goodbye();
    boost::beast::websocket::async_teardown(role, over.next_layer(), std::forward<Handler>(then));
}

}  // namespace kindred::tls

namespace kindred::http {
namespace {

namespace beast = boost::beast;
namespace ws = boost::beast::websocket;
using boost::system::error_code;
using handshake = beast::http::request<beast::http::empty_body>;

constexpr std::chrono::seconds handshake_within{30};
constexpr std::chrono::seconds close_within{5};
constexpr std::size_t buffer_kept_between_messages = 4096;

handshake handshake_of(const request& asked) {
    handshake made(beast::http::verb::get, {asked.target.data(), asked.target.size()}, 11);
    for (const auto& field : asked.headers) {
        made.insert({field.name.data(), field.name.size()}, {field.value.data(), field.value.size()});
    }
    return made;
}

/// One reader, one writer, a bounded outbox. Everything here happens on the session's thread.
class websocket_session final : public session, public std::enable_shared_from_this<websocket_session> {
public:
    websocket_session(wire taken, boost::asio::ip::address peer, io_thread& home, upgrade granted)
        : stream_(std::move(taken)),
          address_(std::move(peer)),
          home_(home),
          events_(std::move(granted.events)),
          protocol_(std::move(granted.protocol)) {}

    void open(const request& asked) {
        home_.keep(shared_from_this());
        const auto& limits = home_.shared().limits();
        outbox_ = std::make_shared<websocket_outbox>(
            home_.box(), websocket_outbox::limits{limits.websocket_outbox_messages, limits.websocket_outbox_bytes},
            address_.to_string());
        outbox_->attach(weak_from_this());
        ws::stream_base::timeout timeouts{};
        timeouts.handshake_timeout = handshake_within;
        timeouts.idle_timeout = limits.websocket_idle;
        timeouts.keep_alive_pings = true;
        stream_.set_option(timeouts);
        stream_.set_option(ws::stream_base::decorator([protocol = protocol_](ws::response_type& told) {
            if (!protocol.empty()) told.set(beast::http::field::sec_websocket_protocol, protocol);
        }));
        stream_.read_message_max(limits.websocket_message_bytes);
        stream_.auto_fragment(false);
        stream_.text(true);
        stream_.async_accept(handshake_of(asked),
                             [self = shared_from_this()](error_code failed) { self->on_accept(failed); });
    }

    void deliver(letter) override { follow_orders(); }
    void look_at_limits(coarse_time now) override {
        if (stage_ == stage::closing && now >= expires_) finish(closing_as_, {});
    }
    void drain() override { outbox_->close(close_code::going_away, "server is stopping"); }
    void cut() override { finish(close_code::going_away, "server is stopping"); }

private:
    enum class stage { opening = 1, open, closing, over };

    void on_accept(error_code failed) {
        if (stage_ == stage::over) return;
        if (failed) return finish(close_code::abnormal, failed.message());
        stage_ = stage::open;
        opened_ = true;
        home_.shared().watching().websocket_opened();
        if (!call([this] { events_->on_open(outbox_); })) return;
        read();
        follow_orders();
    }

    void read() {
        stream_.async_read(buffer_,
                           [self = shared_from_this()](error_code failed, std::size_t) { self->on_read(failed); });
    }

    void on_read(error_code failed) {
        if (stage_ == stage::over) return;
        if (failed) return on_read_failure(failed);
        if (stage_ == stage::open) {
            if (!stream_.got_text()) {
                begin_close(close_code::unknown_data, "text messages only");
            } else {
                const auto bytes = buffer_.cdata();
                const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
                if (!call([&] { events_->on_message(text); })) return;
            }
        }
        if (buffer_.capacity() > buffer_kept_between_messages) {
            buffer_ = {};
        } else {
            buffer_.clear();
        }
        read();
    }

    void on_read_failure(error_code failed) {
        // While we close, the closing handshake's own outcome counts.
        if (stage_ == stage::closing) return;
        if (failed == ws::error::closed) {
            const auto told = stream_.reason();
            const std::string reason(told.reason.data(), told.reason.size());
            return finish(told.code == ws::close_code::none ? close_code::none : static_cast<close_code>(told.code),
                          reason);
        }
        if (failed == ws::error::message_too_big) return finish(close_code::too_big, "message too big");
        if (failed == ws::error::bad_frame_payload) return finish(close_code::bad_payload, "not UTF-8");
        if (failed == ws::condition::protocol_violation) return finish(close_code::protocol_error, failed.message());
        finish(close_code::abnormal, failed.message());
    }

    void follow_orders() {
        if (stage_ != stage::open) return;
        if (outbox_->has_overflowed()) {
            home_.shared().watching().refused(refusal::slow_websocket);
            return begin_close(close_code::try_again_later, "reading too slowly");
        }
        if (writing_) return;
        auto order = outbox_->next_order();
        if (order.text) return write(std::move(order.text));
        if (order.close) begin_close(*order.close, order.reason);
    }

    void write(shared_text text) {
        writing_ = true;
        const auto bytes = boost::asio::buffer(*text);
        stream_.async_write(bytes, [self = shared_from_this(), kept = std::move(text)](error_code failed, std::size_t) {
            self->writing_ = false;
            if (!failed) return self->follow_orders();
            if (self->stage_ == stage::open) self->finish(close_code::abnormal, failed.message());
        });
    }

    void begin_close(close_code code, const std::string& reason) {
        stage_ = stage::closing;
        closing_as_ = code;
        expires_ = home_.now() + close_within;
        outbox_->end();
        const ws::close_reason told(static_cast<ws::close_code>(code), {reason.data(), reason.size()});
        stream_.async_close(
            told, [self = shared_from_this(), reason](error_code) { self->finish(self->closing_as_, reason); });
    }

    /// An exception out of a callback ends this session, not the thread.
    template <class Callback>
    bool call(Callback callback) {
        try {
            callback();
            return true;
        } catch (const std::exception& bug) {
            log::error("a WebSocket callback failed", {{"error", bug.what()}});
            begin_close(close_code::internal_error, "internal error");
            return false;
        }
    }

    void finish(close_code code, std::string_view reason) {
        if (stage_ == stage::over) return;
        const auto keeps_me = shared_from_this();
        stage_ = stage::over;
        outbox_->end();
        error_code ignored;
        stream_.next_layer().close(ignored);
        if (opened_) {
            home_.shared().watching().websocket_closed();
            try {
                events_->on_close(code, reason);
            } catch (const std::exception& bug) {
                log::error("a WebSocket callback failed", {{"error", bug.what()}});
            }
        }
        home_.shared().release_connection(address_);
        home_.release(*this);
    }

    ws::stream<wire, false> stream_;
    boost::asio::ip::address address_;
    io_thread& home_;
    std::shared_ptr<websocket_events> events_;
    std::string protocol_;
    std::shared_ptr<websocket_outbox> outbox_;
    beast::flat_buffer buffer_;
    stage stage_ = stage::opening;
    close_code closing_as_ = close_code::abnormal;
    coarse_time expires_;
    bool opened_ = false;
    bool writing_ = false;
};

}  // namespace

std::string check_handshake(const request& asked) {
    if (!asked.wants_websocket()) return "not a WebSocket handshake";
    if (asked.single_header("sec-websocket-version") != "13") return "only WebSocket version 13 is spoken";
    const auto key = asked.single_header("sec-websocket-key");
    const auto nonce = key ? from_base64(*key) : std::nullopt;
    if (!nonce || nonce->size() != 16) return "Sec-WebSocket-Key is not 16 bytes in base64";
    if (!asked.body.empty()) return "a handshake has no body";
    return {};
}

void open_websocket(wire taken, boost::asio::ip::address peer, io_thread& home, const request& asked, upgrade granted) {
    std::make_shared<websocket_session>(std::move(taken), std::move(peer), home, std::move(granted))->open(asked);
}

}  // namespace kindred::http
