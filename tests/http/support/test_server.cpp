#include "http/support/test_server.hpp"

#include <stdexcept>

namespace kindred::http::test {
namespace {

class function_handler final : public handler {
public:
    function_handler(answering_function answering, std::size_t limit)
        : answering_(std::move(answering)), limit_(limit) {}
    std::size_t body_limit(const request&) override { return limit_; }
    void handle(const request& asked, responder answer) override { answering_(asked, std::move(answer)); }

private:
    answering_function answering_;
    std::size_t limit_;
};

}  // namespace

void recording_observer::count(const std::string& what) {
    {
        const std::lock_guard hold(mutex_);
        ++counts_[what];
    }
    changed_.notify_all();
}

std::size_t recording_observer::seen(const std::string& what) const {
    const std::lock_guard hold(mutex_);
    const auto found = counts_.find(what);
    return found == counts_.end() ? 0 : found->second;
}

bool recording_observer::wait_for(const std::string& what, std::size_t times) {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, std::chrono::seconds(20), [&] { return counts_[what] >= times; });
}

test_server::test_server(answering_function answering, server_settings limits, std::size_t body_limit,
                         std::shared_ptr<tls::server_identity> identity)
    : server_(limits, seen_) {
    const auto port = server_.listen(
        "127.0.0.1", 0, std::make_shared<function_handler>(std::move(answering), body_limit), std::move(identity));
    if (!port) throw std::runtime_error(port.error().message);
    port_ = *port;
    server_.start();
}

test_server::~test_server() { server_.stop(std::chrono::milliseconds{0}); }

server_settings impatient() {
    server_settings limits;
    limits.sweep_every = limits.handshake_within = limits.header_within = limits.body_window = limits.idle_within =
        std::chrono::milliseconds{30};
    limits.write_within = limits.answer_within = std::chrono::milliseconds{30};
    return limits;
}

void echo(const request& asked, const responder& answer) {
    std::string body;
    body.append(asked.method)
        .append(" ")
        .append(asked.path)
        .append(" ")
        .append(asked.query)
        .append(" ")
        .append(asked.body);
    answer.send(response(200, body));
}

}  // namespace kindred::http::test
