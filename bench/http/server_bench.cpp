// Our server, answering 200 to everything: what is left for the rest of the engine. Usage: PORT [late]. With `late` the
// answers come from another thread, in batches, as they do after a commit. Serves on one I/O thread until it is killed.
#include "engine/base/bounded_queue.hpp"
#include "engine/http/server.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <thread>

namespace {

using namespace kindred;

http::response accepted() {
    return http::response::json(200, R"({"status":"accepted","id":"0123456789abcdef0123456789abcdef"})");
}

class at_once final : public http::handler {
    std::size_t body_limit(const http::request&) override { return 1U << 20U; }
    void handle(const http::request&, http::responder answer) override { answer.send(accepted()); }
};

class from_another_thread final : public http::handler {
public:
    from_another_thread() : answering_([this] { answer_all(); }) {}
    ~from_another_thread() override {
        waiting_.close();
        answering_.join();
    }

private:
    std::size_t body_limit(const http::request&) override { return 1U << 20U; }
    void handle(const http::request&, http::responder answer) override {
        if (!waiting_.try_push(answer)) answer.send(http::response(503));
    }
    void answer_all() {
        while (true) {
            const auto batch = waiting_.take_all();
            if (batch.empty() && waiting_.closed()) return;
            for (const auto& each : batch) each.send(accepted());
        }
    }

    bounded_queue<http::responder> waiting_{10'000};
    std::thread answering_;
};

}  // namespace

int main(int count, char** arguments) {
    // tools/run-benches calls every bench with options of its own; this one is started by a script, with a port.
    if (count < 2 || std::atoi(arguments[1]) <= 0) {
        std::fprintf(stderr, "usage: %s PORT [late]\n", arguments[0]);
        return 2;
    }
    std::shared_ptr<http::handler> answering = std::make_shared<at_once>();
    if (count > 2 && std::string_view(arguments[2]) == "late") answering = std::make_shared<from_another_thread>();
    http::server server({});
    const auto port = server.listen("127.0.0.1", static_cast<std::uint16_t>(std::atoi(arguments[1])), answering);
    if (!port) {
        std::fprintf(stderr, "%s\n", port.error().message.c_str());
        return 3;
    }
    server.start();
    while (true) std::this_thread::sleep_for(std::chrono::hours(1));
}
