#include "engine/http/websocket_outbox.hpp"

namespace kindred::http {
namespace {

constexpr std::size_t most_reason_bytes = 123;  // RFC 6455 section 5.5: 125 less the code

}  // namespace

websocket_outbox::websocket_outbox(std::shared_ptr<mailbox> box, limits most, std::string peer)
    : mailbox_(std::move(box)), limits_(most), peer_(std::move(peer)) {}

bool websocket_outbox::send(shared_text text) {
    std::unique_lock hold(mutex_);
    if (over_ || close_) return false;
    const auto size = text->size();
    // The limit is on what waits, not on what comes: one large message makes nobody slow who has read all before it.
    if (waiting_.size() < limits_.messages && waiting_bytes_ < limits_.bytes) {
        waiting_bytes_ += size;
        waiting_.push_back(std::move(text));
        wake(std::move(hold));
        return true;
    }
    overflowed_ = true;
    close_ = close_code::try_again_later;
    reason_ = "reading too slowly";
    waiting_.clear();
    wake(std::move(hold));
    return false;
}

void websocket_outbox::close(close_code code, std::string_view reason) {
    std::unique_lock hold(mutex_);
    if (over_ || close_) return;
    close_ = code;
    reason_ = reason.substr(0, most_reason_bytes);
    wake(std::move(hold));
}

void websocket_outbox::wake(std::unique_lock<std::mutex> held) {
    if (woken_) return;
    woken_ = true;
    held.unlock();
    mailbox_->put(session_, wake_up{});
}

websocket_outbox::order websocket_outbox::next_order() {
    const std::lock_guard hold(mutex_);
    woken_ = false;
    order given;
    if (!waiting_.empty()) {
        given.text = std::move(waiting_.front());
        waiting_.pop_front();
        waiting_bytes_ -= given.text->size();
    } else if (close_) {
        given.close = close_;
        given.reason = reason_;
    }
    return given;
}

bool websocket_outbox::has_overflowed() const {
    const std::lock_guard hold(mutex_);
    return overflowed_;
}

void websocket_outbox::end() {
    const std::lock_guard hold(mutex_);
    over_ = true;
    waiting_.clear();
}

}  // namespace kindred::http
