#include "engine/http/io_thread.hpp"

#include "engine/base/log.hpp"
#include "engine/base/time.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <iterator>

namespace kindred::http {

io_thread::io_thread(std::shared_ptr<admission> shared) : shared_(std::move(shared)) { tell_time(); }

io_thread::~io_thread() { stop(); }

void io_thread::start() {
    sweep();
    thread_ = std::thread([this] { run(); });
}

void io_thread::run() {
    mailbox_->settle();
    while (!context_.stopped()) {
        try {
            context_.run();
        } catch (const std::exception& bug) {
            // A handler's exception is caught where it is called; this one is ours. The other sessions go on.
            log::error("an I/O handler failed", {{"error", bug.what()}});
        }
    }
}

void io_thread::post(std::function<void()> task) { boost::asio::post(context_, std::move(task)); }

void io_thread::stop() {
    if (thread_.joinable()) {
        post([this] {
            visit_all([](session& each) { each.cut(); });
            sweeper_.cancel();
            busy_.reset();
            context_.stop();
        });
        thread_.join();
    }
    mailbox_->close();
}

void io_thread::keep(std::shared_ptr<session> joining) {
    auto& placed = *joining;
    placed.place_ = sessions_.insert(sessions_.end(), std::move(joining));
}

void io_thread::release(session& leaving) {
    // The list's pointer may be the last one: it ends after this call has returned to the session.
    boost::asio::post(context_, [last = std::move(*leaving.place_)] {});
    sessions_.erase(leaving.place_);
}

void io_thread::visit_all(const std::function<void(session&)>& visit) {
    for (auto at = sessions_.begin(); at != sessions_.end();) {
        const auto visited = *at++;  // a visit may take its own session out of the list, and no other
        visit(*visited);
    }
}

void io_thread::drain_sessions() {
    draining_ = true;
    visit_all([](session& each) { each.drain(); });
}

void io_thread::tell_time() {
    now_ = std::chrono::steady_clock::now();
    date_ = to_mail_date(system_clock().now());
    // HTTP writes the zone as GMT where mail writes an offset (RFC 9110 section 5.6.7).
    date_.replace(date_.size() - 5, 5, "GMT");
}

void io_thread::sweep() {
    tell_time();
    visit_all([this](session& each) { each.look_at_limits(now_); });
    sweeper_.expires_after(shared_->limits().sweep_every);
    sweeper_.async_wait([this](boost::system::error_code cancelled) {
        if (!cancelled) sweep();
    });
}

}  // namespace kindred::http
