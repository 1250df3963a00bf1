#include "engine/http/peer_client.hpp"

#include "engine/base/log.hpp"
#include "engine/http/peer_connection.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <deque>
#include <exception>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace kindred::http {

namespace asio = boost::asio;

class peer_client::impl {
public:
    explicit impl(const peer_settings& settings)
        : settings_(settings), thread_([this] {
              while (!context_.stopped()) {
                  try {
                      context_.run();
                  } catch (const std::exception& bug) {
                      log::error("a call to another node failed", {{"error", bug.what()}});
                  }
              }
          }) {}
    ~impl() { stop(); }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    void send(peer_request wanted, done then) {
        std::unique_lock hold(order_);
        if (!stopped_)
            return asio::post(context_, [this, wanted = std::move(wanted), then = std::move(then)]() mutable {
                begin(std::move(wanted), std::move(then));
            });
        hold.unlock();
        then(fail(errc::unavailable, "this node is stopping"));
    }

    void open(peer_request wanted, std::shared_ptr<peer_events> events) {
        std::unique_lock hold(order_);
        if (stopped_) {
            hold.unlock();
            return events->on_refused(fail(errc::unavailable, "this node is stopping"));
        }
        asio::post(context_, [this, wanted = std::move(wanted), events = std::move(events)]() mutable {
            auto& of = nodes_[wanted.to];
            std::erase_if(of.websockets, [](const auto& each) { return each.first.expired(); });
            const std::weak_ptr<peer_events> alive = events;
            of.websockets.emplace_back(alive, open_peer_websocket(context_, settings_, std::move(wanted), events));
        });
    }

    void leave(const std::string& address) {
        asio::post(context_, [this, address] {
            const auto found = nodes_.find(address);
            if (found != nodes_.end()) cut(found->second);
        });
    }

    void after(std::chrono::milliseconds pause, std::function<void()> task) {
        asio::post(context_, [this, pause, task = std::move(task)]() mutable {
            const auto timer = std::make_shared<asio::steady_timer>(context_, pause);
            timer->async_wait([this, timer, task = std::move(task)](boost::system::error_code cancelled) {
                if (!cancelled && !stopped_) task();
            });
        });
    }

    void stop() {
        if (!thread_.joinable()) return;
        {
            const std::lock_guard hold(order_);
            stopped_ = true;  // what was sent before is cut, what comes later is refused
        }
        asio::post(context_, [this] {
            for (auto& [address, each] : nodes_) cut(each);
            // What the cuts have told of runs first.
            asio::post(context_, [this] { context_.stop(); });
        });
        thread_.join();
    }

private:
    struct node {
        std::set<std::shared_ptr<peer_connection>> open;
        std::vector<std::shared_ptr<peer_connection>> free;
        std::deque<std::pair<peer_request, done>> waiting;
        std::list<std::pair<std::weak_ptr<peer_events>, std::function<void()>>> websockets;
    };

    void begin(peer_request wanted, done then) {
        auto& of = nodes_[wanted.to];
        if (!of.free.empty()) {
            const auto one = std::move(of.free.back());
            of.free.pop_back();
            return one->send(std::move(wanted), std::move(then));
        }
        if (of.open.size() < settings_.most_connections) return connect(of, std::move(wanted), std::move(then));
        if (of.waiting.size() >= settings_.most_waiting)
            return then(fail(errc::overloaded, "too many requests wait for the node at " + wanted.to));
        of.waiting.emplace_back(std::move(wanted), std::move(then));
    }

    void connect(node& of, peer_request wanted, done then) {
        peer_connection::owner told;
        told.free = [this, &of](const std::shared_ptr<peer_connection>& one) {
            if (of.waiting.empty()) {
                of.free.push_back(one);
                return one->rest();
            }
            auto [next, next_then] = std::move(of.waiting.front());
            of.waiting.pop_front();
            asio::post(context_, [one, next = std::move(next), next_then = std::move(next_then)]() mutable {
                one->send(std::move(next), std::move(next_then));
            });
        };
        told.gone = [this, &of](const std::shared_ptr<peer_connection>& one) {
            of.open.erase(one);
            std::erase(of.free, one);
            if (of.waiting.empty() || stopped_) return;
            asio::post(context_, [this, &of] {
                if (of.waiting.empty() || stopped_) return;
                auto [next, next_then] = std::move(of.waiting.front());
                of.waiting.pop_front();
                begin(std::move(next), std::move(next_then));
            });
        };
        const auto made = std::make_shared<peer_connection>(context_, settings_, std::move(told));
        of.open.insert(made);
        made->begin(std::move(wanted), std::move(then));
    }

    static void cut(node& all) {
        const auto open = all.open;
        auto waiting = std::exchange(all.waiting, {});
        const auto websockets = std::exchange(all.websockets, {});
        for (const auto& each : open) each->cut();
        for (const auto& [alive, end] : websockets) end();
        for (auto& [wanted, then] : waiting) then(fail(errc::unavailable, "it is not asked any more"));
    }

    const peer_settings settings_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> busy_{context_.get_executor()};
    std::map<std::string, node> nodes_;  // as many as there were leaders: entries stay where connections refer to them
    std::mutex order_;
    std::atomic<bool> stopped_{false};
    std::thread thread_;  // last: it uses everything above
};

peer_client::peer_client(const peer_settings& settings) : impl_(std::make_unique<impl>(settings)) {}
peer_client::~peer_client() = default;

void peer_client::send(peer_request wanted, done then) { impl_->send(std::move(wanted), std::move(then)); }
void peer_client::open(peer_request wanted, std::shared_ptr<peer_events> events) {
    impl_->open(std::move(wanted), std::move(events));
}
void peer_client::leave(const std::string& address) { impl_->leave(address); }
void peer_client::after(std::chrono::milliseconds pause, std::function<void()> task) {
    impl_->after(pause, std::move(task));
}
void peer_client::stop() { impl_->stop(); }

}  // namespace kindred::http
