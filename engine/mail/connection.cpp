#include "engine/mail/connection.hpp"

#include "engine/base/log.hpp"
#include "engine/tls/server_identity.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <exception>

namespace kindred::mail {
namespace {

using boost::system::error_code;

constexpr std::chrono::seconds write_within{60};

}  // namespace

connection::connection(boost::asio::ip::tcp::socket peer, std::string address, surroundings& around)
    : wire_(std::move(peer)), address_(std::move(address)), around_(around), talk_(around.settings) {}

void connection::start() { go_on(); }

void connection::go_on() {
    auto wish = talk_.advance();
    while (wish == conversation::want::recipient_verdict) {
        talk_.judge_recipient(around_.receiving.refuse_recipient(talk_.recipient()));
        wish = talk_.advance();
    }
    report_refusal();
    account();
    if (around_.buffered > around_.settings.max_buffered_bytes)
        return give_up({421, "4.3.1 too busy"}, "too_much_buffered");
    if (draining_ && wish == conversation::want::bytes && !talk_.is_in_data()) {
        talk_.end_with({421, "4.3.2 stopping"});
        wish = conversation::want::end;
    }
    fulfil(wish);
}

void connection::fulfil(conversation::want wish) {
    if (wish == conversation::want::delivery_verdict) return deliver();
    closes_after_write_ = wish == conversation::want::end;
    secures_after_write_ = wish == conversation::want::tls;
    out_ = talk_.take_output();
    if (out_.empty()) return read();
    write();
}

void connection::read() {
    stage_ = stage::reading;
    expire_in(talk_.is_in_data() ? around_.settings.data_within : around_.settings.command_within);
    wire_.async_read_some(boost::asio::buffer(in_), [self = shared_from_this()](error_code failed, std::size_t size) {
        if (self->stage_ != stage::reading) return;
        if (failed) return self->close();
        self->talk_.take({self->in_.data(), size});
        self->go_on();
    });
}

void connection::write() {
    stage_ = stage::writing;
    expire_in(write_within);
    boost::asio::async_write(wire_, boost::asio::buffer(out_),
                             [self = shared_from_this()](error_code failed, std::size_t) {
                                 if (self->stage_ == stage::closed) return;
                                 if (failed) return self->close();
                                 self->written();
                             });
}

void connection::written() {
    if (secures_after_write_) return shake_hands();
    if (!closes_after_write_) return read();
    error_code ignored;
    wire_.end_writing(ignored);
    close();
}

void connection::shake_hands() {
    secures_after_write_ = false;
    stage_ = stage::shaking_hands;
    expire_in(around_.settings.handshake_within);
    error_code failed;
    wire_.next_layer().non_blocking(true, failed);
    if (failed) return close();
    wire_.secure(around_.settings.identity->current());
    wire_.async_handshake([self = shared_from_this()](error_code refused) {
        if (self->stage_ != stage::shaking_hands) return;
        if (refused) {
            self->around_.receiving.refused("failed_handshake");
            return self->close();
        }
        self->talk_.secured();
        self->go_on();
    });
}

void connection::deliver() {
    stage_ = stage::waiting;
    expire_in(around_.settings.answer_within);
    message arrived = talk_.take_message();
    arrived.peer = address_;
    acknowledgement done([door = around_.door, weak = weak_from_this(),
                          recipients = arrived.recipients.size()](std::vector<reply> verdicts) {
        if (verdicts.size() == 1) verdicts.resize(recipients, reply(verdicts.front()));
        door->post([weak, verdicts = std::move(verdicts)] {
            if (const auto self = weak.lock()) self->answered(verdicts);
        });
    });
    try {
        around_.receiving.receive(std::move(arrived), std::move(done));
    } catch (const std::exception& bug) {
        // Its acknowledgement went away with it, so the sender is told to try again.
        log::error("receiving a mail failed", {{"error", bug.what()}});
    }
}

void connection::answered(const std::vector<reply>& by_recipient) {
    if (stage_ != stage::waiting) return;
    talk_.judge_delivery(by_recipient);
    go_on();
}

void connection::report_refusal() {
    if (const auto reason = talk_.take_refusal(); !reason.empty()) around_.receiving.refused(reason);
}

void connection::account() {
    around_.buffered += talk_.buffered() - accounted_;
    accounted_ = talk_.buffered();
}

void connection::give_up(const reply& last, std::string_view reason) {
    around_.receiving.refused(reason);
    talk_.end_with(last);
    closes_after_write_ = true;
    out_ = talk_.take_output();
    write();
}

void connection::look_at_limits(coarse_time now) {
    if (now < expires_) return;
    switch (stage_) {
        case stage::reading: return give_up({421, "4.4.2 too slow"}, "too_slow");
        case stage::waiting:
            around_.receiving.refused("unanswered");
            return answered({reply{451, "4.3.0 no answer in time, try again"}});
        case stage::shaking_hands: around_.receiving.refused("slow_handshake"); return close();
        case stage::writing: return close();
        case stage::closed: return;
    }
}

void connection::drain() {
    draining_ = true;
    if (stage_ == stage::shaking_hands) return close();
    if (stage_ != stage::reading || talk_.is_in_data()) return;
    talk_.end_with({421, "4.3.2 stopping"});
    fulfil(conversation::want::end);
}

void connection::close() {
    if (stage_ == stage::closed) return;
    const auto keeps_me = shared_from_this();
    stage_ = stage::closed;
    around_.buffered -= accounted_;
    accounted_ = 0;
    error_code ignored;
    wire_.close(ignored);
    around_.ended(keeps_me);
}

}  // namespace kindred::mail
