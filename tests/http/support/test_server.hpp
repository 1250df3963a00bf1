#pragma once
#include "engine/http/server.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace kindred::http::test {

/// Counts what the server reports, and lets a test wait for it.
class recording_observer final : public observer {
public:
    void answered(unsigned status, std::chrono::nanoseconds) override { count("answered " + std::to_string(status)); }
    void refused(refusal reason) override { count(std::string("refused ") + name_of(reason)); }
    void connection_opened() override { count("connection_opened"); }
    void connection_closed() override { count("connection_closed"); }
    void websocket_opened() override { count("websocket_opened"); }
    void websocket_closed() override { count("websocket_closed"); }

    std::size_t seen(const std::string& what) const;
    /// False when it did not happen `times` times within some seconds.
    bool wait_for(const std::string& what, std::size_t times = 1);

private:
    void count(const std::string& what);
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, std::size_t> counts_;
};

using answering_function = std::function<void(const request&, responder)>;

/// A real server on a free loopback port, answered by a function.
class test_server {
public:
    explicit test_server(answering_function answering, server_settings limits = {}, std::size_t body_limit = 1U << 20U,
                         std::shared_ptr<tls::server_identity> identity = nullptr);
    ~test_server();

    std::uint16_t port() const { return port_; }
    recording_observer& seen() { return *seen_; }
    server& running() { return server_; }

private:
    std::shared_ptr<recording_observer> seen_ = std::make_shared<recording_observer>();
    server server_;
    std::uint16_t port_ = 0;
};

/// Limits in milliseconds instead of seconds, for tests of what happens when they pass.
server_settings impatient();

/// Answers with method, path, query and body, so that a test sees what arrived.
void echo(const request& asked, const responder& answer);

}  // namespace kindred::http::test
