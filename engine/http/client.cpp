#include "engine/http/client.hpp"

#include "engine/base/log.hpp"
#include "engine/http/transfer.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <variant>

namespace kindred::http {
namespace {

void prepare_curl_once() {
    static const CURLcode prepared = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(prepared);
}

}  // namespace

class client::impl {
public:
    explicit impl(const client_settings& settings) : settings_(settings) {
        prepare_curl_once();
        for (std::size_t made = 0; made < std::max<std::size_t>(settings_.threads, 1); ++made) {
            workers_.emplace_back([this] { work(); });
        }
    }
    ~impl() { stop(std::chrono::milliseconds{0}); }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    template <class Call>
    bool submit(Call call, done then) {
        const auto until = deadline::in(call.within);
        {
            const std::lock_guard hold(mutex_);
            if (stopped_ || waiting_.size() >= settings_.max_waiting) return false;
            waiting_.push_back(job{std::move(call), std::move(then), until});
        }
        changed_.notify_one();
        return true;
    }

    void stop(std::chrono::milliseconds patience) {
        std::deque<job> given_up;
        {
            std::unique_lock hold(mutex_);
            stopped_ = true;
            given_up.swap(waiting_);
            changed_.notify_all();
            changed_.wait_for(hold, patience, [this] { return busy_ == 0; });
            cut_ = true;
        }
        for (auto& each : given_up) finish(each, fail(errc::unavailable, "shut down before its turn"));
        for (auto& worker : workers_) {
            if (worker.joinable()) worker.join();
        }
    }

private:
    struct job {
        std::variant<http_call, smtp_call> call;
        done then;
        deadline until;
    };

    void work() {
        const curl_handle handle(curl_easy_init());
        std::unique_lock hold(mutex_);
        while (true) {
            changed_.wait(hold, [this] { return stopped_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            job next = std::move(waiting_.front());
            waiting_.pop_front();
            ++busy_;
            hold.unlock();
            run(handle.get(), next);
            hold.lock();
            --busy_;
            if (stopped_) changed_.notify_all();
        }
    }

    void run(CURL* handle, job& next) {
        if (next.until.passed()) return finish(next, fail(errc::timed_out, "its turn did not come in time"));
        finish(next, [&] {
            transfer over(handle, settings_, next.until, cut_);
            return std::visit([&](const auto& call) { return perform(over, call); }, next.call);
        }());
    }

    static void finish(job& ended, result<client_response> outcome) {
        try {
            ended.then(std::move(outcome));
        } catch (const std::exception& bug) {
            log::error("a callback of the HTTP client failed", {{"error", bug.what()}});
        }
    }

    const client_settings settings_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<job> waiting_;
    std::size_t busy_ = 0;
    bool stopped_ = false;
    std::atomic<bool> cut_{false};
    std::vector<std::thread> workers_;
};

client::client(const client_settings& settings) : impl_(std::make_unique<impl>(settings)) {}
client::~client() = default;
bool client::submit(http_call call, done then) { return impl_->submit(std::move(call), std::move(then)); }
bool client::submit(smtp_call call, done then) { return impl_->submit(std::move(call), std::move(then)); }
void client::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace kindred::http
