#pragma once
#include "engine/http/admission.hpp"
#include "engine/http/mailbox.hpp"
#include "engine/tls/wire.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace kindred::http {

using coarse_time = std::chrono::steady_clock::time_point;
using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
/// A connection's socket, with TLS on it or not.
using wire = tls::wire<socket>;

/// One connection in whatever form, seen by the thread that keeps it. All calls come on that thread.
class session : public addressee {
public:
    /// Ends it when one of its time limits has passed.
    virtual void look_at_limits(coarse_time now) = 0;
    /// Ends it as soon as that breaks nothing off.
    virtual void drain() = 0;
    /// Ends it now. The session leaves its thread before this returns.
    virtual void cut() = 0;

private:
    friend class io_thread;
    std::list<std::shared_ptr<session>>::iterator place_;
};

/// A thread, its io_context, and the sessions that live on it.
class io_thread {
public:
    explicit io_thread(std::shared_ptr<admission> shared);
    ~io_thread();
    io_thread(const io_thread&) = delete;
    io_thread& operator=(const io_thread&) = delete;

    void start();
    /// Runs `task` on the thread.
    void post(std::function<void()> task);
    /// Cuts what is left and joins. Idempotent.
    void stop();

    boost::asio::io_context& context() { return context_; }
    admission& shared() { return *shared_; }
    const std::shared_ptr<mailbox>& box() const { return mailbox_; }

    // What follows is called on the thread itself.
    void keep(std::shared_ptr<session> joining);
    void release(session& leaving);
    void drain_sessions();
    bool is_draining() const { return draining_; }
    bool is_empty() const { return sessions_.empty(); }
    /// The time of the last sweep: cheap, and exact enough for limits of seconds.
    coarse_time now() const { return now_; }
    /// The value of the Date header.
    std::string_view date() const { return date_; }
    /// Somewhere to read bytes that nobody wants.
    std::array<char, 16384>& waste() { return waste_; }

private:
    void run();
    void sweep();
    void tell_time();
    void visit_all(const std::function<void(session&)>& visit);

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
    std::shared_ptr<admission> shared_;
    std::shared_ptr<mailbox> mailbox_{std::make_shared<mailbox>(context_)};
    boost::asio::steady_timer sweeper_{context_};
    std::list<std::shared_ptr<session>> sessions_;
    coarse_time now_{std::chrono::steady_clock::now()};
    std::string date_;
    std::array<char, 16384> waste_{};
    bool draining_ = false;
    std::thread thread_;
};

}  // namespace kindred::http
