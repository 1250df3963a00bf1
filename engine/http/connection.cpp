#include "engine/http/connection.hpp"

#include "engine/base/log.hpp"
#include "engine/http/pending_answer.hpp"
#include "engine/http/websocket_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <exception>

namespace kindred::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using progress = request_reader::progress;

constexpr std::chrono::seconds linger_for{2};
constexpr std::size_t out_kept_between_responses = 64U << 10U;

/// Carries an answer from whatever thread to the connection that asked for it.
class answer_to_connection final : public detail::pending_answer {
public:
    answer_to_connection(std::shared_ptr<mailbox> box, std::weak_ptr<connection> asking)
        : box_(std::move(box)), asking_(std::move(asking)) {}
    ~answer_to_connection() override { settle(abandoned{}); }

private:
    void pass_on(letter answer) override {
        if (box_->is_home()) {
            const auto present = asking_.lock();
            if (present && present->is_asking()) return present->deliver(std::move(answer));
        }
        box_->put(asking_, std::move(answer));
    }

    std::shared_ptr<mailbox> box_;
    std::weak_ptr<connection> asking_;
};

}  // namespace

connection::connection(socket peer, asio::ip::address address, io_thread& home, std::shared_ptr<handler> answering,
                       std::shared_ptr<SSL_CTX> secured_by)
    : wire_(std::move(peer)),
      secured_by_(std::move(secured_by)),
      address_(std::move(address)),
      peer_(address_.to_string()),
      home_(home),
      handler_(std::move(answering)) {}

void connection::start() {
    home_.keep(shared_from_this());
    home_.shared().watching().connection_opened();
    reader_.set_peer(peer_);
    error_code ignored;
    wire_.next_layer().non_blocking(true, ignored);
    wire_.next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
    if (secured_by_) return shake_hands();
    expire_at(home_.now() + home_.shared().limits().header_within);
    read();
}

void connection::shake_hands() {
    stage_ = stage::shaking_hands;
    expire_at(home_.now() + home_.shared().limits().handshake_within);
    wire_.secure(std::exchange(secured_by_, nullptr));
    wire_.async_handshake([self = shared_from_this()](error_code failed) { self->on_handshake(failed); });
}

void connection::on_handshake(error_code failed) {
    if (stage_ == stage::closed) return;
    if (failed) {
        home_.shared().watching().refused(refusal::failed_handshake);
        log::debug("a TLS handshake failed", {{"peer", peer_}, {"error", wire_.problem()}});
        return close();
    }
    expire_at(home_.now() + home_.shared().limits().header_within);
    read();
}

void connection::read() {
    stage_ = stage::reading;
    read_pending_ = true;
    const auto space = reader_.space();
    wire_.async_read_some(
        asio::buffer(space.data(), space.size()),
        [self = shared_from_this()](error_code failed, std::size_t size) { self->on_read(failed, size); });
}

void connection::on_read(error_code failed, std::size_t size) {
    read_pending_ = false;
    if (stage_ == stage::closed) return;
    if (failed) return close();
    if (stage_ == stage::lingering) return discard();
    if (stage_ != stage::reading) return;  // refused meanwhile for being slow
    if (in_body_) {
        window_bytes_ += size;
    } else if (!reader_.begun()) {
        expire_at(home_.now() + home_.shared().limits().header_within);
    }
    reader_.received(size);
    process();
}

void connection::process() {
    while (step()) {
    }
}

bool connection::step() {
    auto now = reader_.advance();
    if (now == progress::head_complete) {
        if (!begin_body()) return false;
        now = reader_.advance();
    }
    switch (now) {
        case progress::need_more:
            if (!account_for_body()) return refuse(refusal::too_much_buffered);
            read();
            return false;
        case progress::refused: return refuse(reader_.reason());
        case progress::complete: return ask();
        case progress::head_complete: break;
    }
    return false;
}

bool connection::begin_body() {
    std::size_t limit = 0;
    try {
        limit = handler_->body_limit(reader_.current());
    } catch (const std::exception& bug) {
        log::error("choosing a body limit failed", {{"error", bug.what()}});
    }
    const bool body_has_begun = reader_.has_body_begun();
    if (reader_.allow_body(limit) != progress::need_more) return true;
    in_body_ = true;
    window_bytes_ = 0;
    expire_at(home_.now() + home_.shared().limits().body_window);
    return !reader_.expects_continue() || body_has_begun || send_continue();
}

bool connection::send_continue() {
    constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code failed;
    // Nothing else is being written, so the socket's buffer is empty: these few bytes always fit.
    if (wire_.write_some(asio::buffer(interim), failed) == interim.size()) return true;
    close();
    return false;
}

bool connection::account_for_body() {
    const auto after = reader_.buffered_bytes();
    if (after == buffered_) return true;
    if (!home_.shared().resize_buffer(buffered_, after)) return false;
    buffered_ = after;
    return true;
}

void connection::forget_body() {
    home_.shared().resize_buffer(buffered_, 0);
    buffered_ = 0;
    in_body_ = false;
}

bool connection::ask() {
    in_body_ = false;
    if (home_.is_draining()) return refuse(refusal::draining);
    if (!reader_.current().keep_alive) close_after_ = true;
    asked_at_ = std::chrono::steady_clock::now();
    if (!home_.shared().admit_request()) {
        home_.shared().watching().refused(refusal::too_many_in_flight);
        response busy(503, "busy\n");
        busy.header("Retry-After", std::to_string(home_.shared().limits().retry_after.count()));
        return answer(busy);
    }
    counted_in_flight_ = true;
    stage_ = stage::waiting;
    expire_at(home_.now() + home_.shared().limits().answer_within);
    call_handler();
    if (!early_) return false;
    auto given = std::move(*early_);
    early_.reset();
    return act_on(std::move(given));
}

void connection::call_handler() {
    asking_ = true;
    const auto& proxies = home_.shared().limits().proxies;
    if (!proxies.empty()) reader_.set_peer(proxies.client_of(reader_.current()));
    try {
        handler_->handle(reader_.current(),
                         responder(std::make_shared<answer_to_connection>(home_.box(), weak_from_this())));
    } catch (const std::exception& bug) {
        // Its responder went away with it, so the client gets 500 and nobody else notices.
        log::error("a request handler failed", {{"error", bug.what()}});
    }
    reader_.set_peer(peer_);
    asking_ = false;
}

void connection::deliver(letter received) {
    if (stage_ != stage::waiting) return;
    if (asking_) {
        early_ = std::move(received);
        return;
    }
    if (act_on(std::move(received))) process();
}

bool connection::act_on(letter given) {
    if (auto* const text = std::get_if<response>(&given)) return answer(*text);
    if (auto* const granted = std::get_if<upgrade>(&given)) return become_websocket(std::move(*granted));
    home_.shared().watching().refused(refusal::unanswered);
    return answer(response(500, "no answer\n"));
}

bool connection::answer(const response& given) {
    if (given.closes()) close_after_ = true;
    const request& asked = reader_.current();
    response_form form;
    form.head = asked.method == "HEAD";
    form.keep_alive = !close_after_;
    form.http_1_0 = asked.http_1_0;
    form.date = home_.date();
    out_.clear();
    append_response(out_, given, form);
    answered_status_ = given.status();
    return write();
}

bool connection::refuse(refusal reason) {
    home_.shared().watching().refused(reason);
    if (reason == refusal::body_too_large) handler_->body_too_large(reader_.current());
    if (!read_pending_) {
        reader_ = request_reader();  // its body may be large, and nobody will want it
        forget_body();
    }
    response_form form;
    form.keep_alive = false;
    form.date = home_.date();
    response told(status_of(reason), std::string(name_of(reason)) + "\n");
    if (told.status() == 503) told.header("Retry-After", std::to_string(home_.shared().limits().retry_after.count()));
    out_.clear();
    append_response(out_, told, form);
    close_after_ = true;
    answered_status_ = 0;
    return write();
}

bool connection::become_websocket(upgrade granted) {
    if (const auto wrong = check_handshake(reader_.current()); !wrong.empty() || reader_.has_more()) {
        home_.shared().watching().refused(refusal::bad_upgrade);
        close_after_ = true;
        response told(400, wrong.empty() ? "bytes before the end of the handshake\n" : wrong + "\n");
        told.header("Sec-WebSocket-Version", "13");
        return answer(told);
    }
    const auto keeps_me = shared_from_this();
    home_.shared().release_request();
    counted_in_flight_ = false;
    forget_body();
    stage_ = stage::closed;
    home_.release(*this);
    home_.shared().watching().connection_closed();
    open_websocket(std::move(wire_), address_, home_, reader_.current(), std::move(granted));
    return false;
}

bool connection::write() {
    stage_ = stage::writing;
    error_code failed;
    const auto size = wire_.write_some(asio::buffer(out_), failed);
    if (size == out_.size()) return written();
    if (failed && failed != asio::error::would_block && failed != asio::error::try_again) {
        close();
        return false;
    }
    write_rest(size);
    return false;
}

void connection::write_rest(std::size_t done) {
    expire_at(home_.now() + home_.shared().limits().write_within);
    wire_.async_write_some(asio::buffer(out_.data() + done, out_.size() - done),
                           [self = shared_from_this(), done](error_code failed, std::size_t size) {
                               if (self->stage_ == stage::closed) return;
                               if (failed) return self->close();
                               if (done + size < self->out_.size()) return self->write_rest(done + size);
                               if (self->written()) self->process();
                           });
}

bool connection::written() {
    if (answered_status_ != 0) {
        home_.shared().watching().answered(answered_status_, std::chrono::steady_clock::now() - asked_at_);
    }
    if (counted_in_flight_) home_.shared().release_request();
    counted_in_flight_ = false;
    if (out_.capacity() > out_kept_between_responses) std::string().swap(out_);
    if (close_after_) {
        linger();
        return false;
    }
    reader_.next();
    if (buffered_ > 0) forget_body();
    const auto& limits = home_.shared().limits();
    expire_at(home_.now() + (reader_.begun() ? limits.header_within : limits.idle_within));
    if (!reader_.begun()) {
        if (home_.is_draining()) {
            close();
        } else {
            read();
        }
        return false;
    }
    return true;
}

void connection::linger() {
    stage_ = stage::lingering;
    expire_at(home_.now() + linger_for);
    error_code failed;
    wire_.end_writing(failed);
    if (failed) return close();
    if (!read_pending_) discard();
}

// Closing while the peer still sends would make the kernel reset the connection, and the response could be lost.
void connection::discard() {
    read_pending_ = true;
    auto& waste = home_.waste();
    wire_.async_read_some(asio::buffer(waste), [self = shared_from_this()](error_code failed, std::size_t size) {
        self->on_read(failed, size);
    });
}

void connection::look_at_limits(coarse_time now) {
    if (now < expires_) return;
    switch (stage_) {
        case stage::shaking_hands: home_.shared().watching().refused(refusal::slow_handshake); return close();
        case stage::reading: return expire_reading(now);
        case stage::waiting:
            home_.shared().watching().refused(refusal::unanswered);
            close_after_ = true;
            answer(response(503, "no answer in time\n"));
            return;
        case stage::writing: home_.shared().watching().refused(refusal::slow_reader); return close();
        case stage::lingering: return close();
        case stage::closed: return;
    }
}

void connection::expire_reading(coarse_time now) {
    if (!reader_.begun()) return close();
    if (!in_body_) {
        refuse(refusal::slow_header);
        return;
    }
    const auto& limits = home_.shared().limits();
    const auto least = limits.body_bytes_per_second * static_cast<std::size_t>(limits.body_window.count()) / 1000;
    if (window_bytes_ < least) {
        refuse(refusal::slow_body);
        return;
    }
    window_bytes_ = 0;
    expire_at(now + limits.body_window);
}

void connection::drain() {
    const bool idle = stage_ == stage::shaking_hands || (stage_ == stage::reading && !reader_.begun());
    if (idle) return close();
    close_after_ = true;
}

void connection::cut() { close(); }

void connection::close() {
    if (stage_ == stage::closed) return;
    const auto keeps_me = shared_from_this();
    stage_ = stage::closed;
    error_code ignored;
    wire_.close(ignored);
    leave();
}

void connection::leave() {
    if (counted_in_flight_) home_.shared().release_request();
    counted_in_flight_ = false;
    forget_body();
    home_.shared().watching().connection_closed();
    home_.shared().release_connection(address_);
    home_.release(*this);
}

}  // namespace kindred::http
