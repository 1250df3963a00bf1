#include "engine/http/server.hpp"

#include "engine/http/acceptor.hpp"

#include <algorithm>
#include <future>

namespace kindred::http {

class server::impl {
public:
    impl(const server_settings& limits, std::shared_ptr<observer> watching)
        : shared_(std::make_shared<admission>(limits, std::move(watching))) {
        for (std::size_t made = 0; made < std::max<std::size_t>(limits.threads, 1); ++made) {
            threads_.push_back(std::make_unique<io_thread>(shared_));
        }
    }
    ~impl() { stop(std::chrono::milliseconds{0}); }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    result<std::uint16_t> listen(const std::string& address, std::uint16_t port, std::shared_ptr<handler> answering,
                                 std::shared_ptr<tls::server_identity> identity) {
        auto made = std::make_unique<acceptor>(threads_, std::move(answering), std::move(identity));
        auto opened = made->open(address, port);
        if (opened) acceptors_.push_back(std::move(made));
        return opened;
    }

    void start() {
        for (const auto& each : acceptors_) each->accept();
        for (const auto& each : threads_) each->start();
        running_ = true;
    }

    void stop(std::chrono::milliseconds patience) {
        if (!running_) return;
        running_ = false;
        const auto until = std::chrono::steady_clock::now() + patience;
        wait_on(*threads_.front(), [this] {
            for (const auto& each : acceptors_) each->close();
        });
        for (const auto& each : threads_) {
            each->post([&thread = *each] { thread.drain_sessions(); });
        }
        shared_->wait_until_empty(until);
        for (const auto& each : threads_) each->stop();
    }

    std::size_t connections() const { return shared_->connections(); }

private:
    static void wait_on(io_thread& thread, const std::function<void()>& task) {
        std::promise<void> done;
        thread.post([&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }

    std::shared_ptr<admission> shared_;
    std::vector<std::unique_ptr<io_thread>> threads_;
    std::vector<std::unique_ptr<acceptor>> acceptors_;  // after the threads: they use the first one's context
    bool running_ = false;
};

server::server(const server_settings& limits, std::shared_ptr<observer> watching)
    : impl_(std::make_unique<impl>(limits, std::move(watching))) {}
server::~server() = default;

result<std::uint16_t> server::listen(const std::string& address, std::uint16_t port, std::shared_ptr<handler> answering,
                                     std::shared_ptr<tls::server_identity> identity) {
    return impl_->listen(address, port, std::move(answering), std::move(identity));
}
void server::start() { impl_->start(); }
void server::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }
std::size_t server::connections() const { return impl_->connections(); }

}  // namespace kindred::http
