#include "engine/runtime/arrivals/raw_requests.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace kindred::runtime {
namespace {

constexpr std::size_t most_kept = 256;
constexpr std::size_t largest_kept = 8'192;  // of a body
constexpr std::size_t most_headers = 32;

}  // namespace

class raw_requests::shelf {
public:
    std::unique_ptr<raw_request> take() {
        const std::lock_guard hold(mutex_);
        if (kept_.empty()) return std::make_unique<raw_request>();
        auto one = std::move(kept_.back());
        kept_.pop_back();
        return one;
    }
    void give_back(std::unique_ptr<raw_request> used) {
        if (used->body.capacity() > largest_kept || used->headers.size() > most_headers) return;
        const std::lock_guard hold(mutex_);
        if (kept_.size() < most_kept) kept_.push_back(std::move(used));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<raw_request>> kept_;
};

raw_requests::raw_requests() : shelf_(std::make_shared<shelf>()) {}

std::shared_ptr<const raw_request> raw_requests::copy_of(const http::request& asked, std::string_view public_url,
                                                         std::string_view subpath) {
    auto one = shelf_->take();
    one->method = asked.method;
    one->url = public_url;
    one->url += asked.target;
    one->subpath = subpath;
    one->query = asked.query;
    one->body = asked.body;
    one->headers.resize(asked.headers.size());
    for (std::size_t i = 0; i < asked.headers.size(); ++i) {
        one->headers[i].first = asked.headers[i].name;
        one->headers[i].second = asked.headers[i].value;
    }
    const auto give_back = [shelf = shelf_](raw_request* used) {
        shelf->give_back(std::unique_ptr<raw_request>(used));
    };
    return std::shared_ptr<raw_request>(one.release(), give_back);
}

}  // namespace kindred::runtime
