#include "engine/mail/listener.hpp"

#include "engine/base/log.hpp"
#include "engine/mail/connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <future>
#include <set>
#include <string_view>
#include <thread>

namespace kindred::mail {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds pause_when_out_of_sockets{100};

}  // namespace

class listener::impl {
public:
    impl(listener_settings settings, std::shared_ptr<receiver> receiving)
        : settings_(std::move(settings)), receiving_(std::move(receiving)) {}
    ~impl() { stop(std::chrono::milliseconds{0}); }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    result<std::uint16_t> start() {
        error_code failed;
        const auto address = asio::ip::make_address(settings_.address, failed);
        if (failed) return fail(errc::invalid, "\"" + settings_.address + "\" is not an IP address to listen on");
        const tcp::endpoint wanted(address, settings_.port);
        acceptor_.open(wanted.protocol(), failed);
        if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
        if (!failed) acceptor_.bind(wanted, failed);
        if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
        if (failed) {
            return fail(errc::io, "cannot listen for mail on " + settings_.address + " port " +
                                      std::to_string(settings_.port) + ": " + failed.message());
        }
        accept();
        sweep();
        thread_ = std::thread([this] { run(); });
        return acceptor_.local_endpoint().port();
    }

    void stop(std::chrono::milliseconds patience) {
        if (thread_.joinable()) {
            const auto until = std::chrono::steady_clock::now() + patience;
            door_->post([this] { drain(); });
            drained_.get_future().wait_until(until);
            door_->post([this] {
                cut_all();
                context_.stop();
            });
            thread_.join();
        }
        door_->shut();
    }

private:
    void run() {
        while (!context_.stopped()) {
            try {
                context_.run();
            } catch (const std::exception& bug) {
                log::error("a mail session failed", {{"error", bug.what()}});
            }
        }
    }

    void accept() {
        acceptor_.async_accept([this](error_code failed, tcp::socket taken) {
            if (failed == asio::error::operation_aborted || !acceptor_.is_open()) return;
            if (failed) {
                // Out of descriptors, or the peer was gone already. Trying again at once would spin.
                log::warn("cannot take a mail connection", {{"error", failed.message()}});
                return pause();
            }
            take(std::move(taken));
            accept();
        });
    }

    void take(tcp::socket taken) {
        error_code failed;
        const auto peer = taken.remote_endpoint(failed).address();
        if (failed) return;  // gone already
        if (connections_.size() >= settings_.max_connections) {
            receiving_->refused("too_many_connections");
            constexpr std::string_view busy = "421 4.3.2 too many connections\r\n";
            taken.non_blocking(true, failed);
            taken.write_some(asio::buffer(busy), failed);
            taken.shutdown(asio::socket_base::shutdown_send, failed);
            return;
        }
        const auto made = std::make_shared<connection>(std::move(taken), peer.to_string(), around_);
        connections_.insert(made);
        made->start();
    }

    void pause() {
        pause_.expires_after(pause_when_out_of_sockets);
        pause_.async_wait([this](error_code cancelled) {
            if (!cancelled && acceptor_.is_open()) accept();
        });
    }

    void sweep() {
        const auto now = std::chrono::steady_clock::now();
        visit_all([now](connection& each) { each.look_at_limits(now); });
        sweeper_.expires_after(settings_.sweep_every);
        sweeper_.async_wait([this](error_code cancelled) {
            if (!cancelled) sweep();
        });
    }

    void drain() {
        error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        draining_ = true;
        visit_all([](connection& each) { each.drain(); });
        note_drained();
    }

    void note_drained() {
        if (!draining_ || !connections_.empty()) return;
        draining_ = false;  // no more come
        drained_.set_value();
    }

    void cut_all() {
        visit_all([](connection& each) { each.cut(); });
    }

    template <class Visit>
    void visit_all(Visit visit) {
        const auto present = connections_;  // a visit may end its connection
        for (const auto& each : present) visit(*each);
    }

    void ended(const std::shared_ptr<connection>& gone) {
        connections_.erase(gone);
        note_drained();
    }

    const listener_settings settings_;
    const std::shared_ptr<receiver> receiving_;
    asio::io_context context_{1};
    std::shared_ptr<context_door> door_{std::make_shared<context_door>(context_)};
    connection::surroundings around_{settings_, *receiving_, door_, [this](const auto& gone) { ended(gone); }, 0};
    tcp::acceptor acceptor_{context_};
    asio::steady_timer pause_{context_};
    asio::steady_timer sweeper_{context_};
    std::set<std::shared_ptr<connection>> connections_;
    bool draining_ = false;
    std::promise<void> drained_;  ///< no connection is left after drain()
    std::thread thread_;
};

listener::listener(listener_settings settings, std::shared_ptr<receiver> receiving)
    : impl_(std::make_unique<impl>(std::move(settings), std::move(receiving))) {}
listener::~listener() = default;
result<std::uint16_t> listener::start() { return impl_->start(); }
void listener::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace kindred::mail
