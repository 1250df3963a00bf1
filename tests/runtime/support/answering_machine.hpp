#pragma once
#include "engine/http/client.hpp"

#include <deque>
#include <string>
#include <vector>

namespace kindred::runtime {

/// The other end: keeps calls until the test answers them.
class answering_machine {
public:
    bool take(http::http_call call, http::client::done then) {
        if (busy) return false;
        urls.push_back(call.url);
        waiting.emplace_back(std::move(then));
        return true;
    }
    void answer(unsigned status, const std::string& body) {
        auto then = std::move(waiting.front());
        waiting.pop_front();
        then(http::client_response{status, {}, body});
    }
    void fail_with(const std::string& why) {
        auto then = std::move(waiting.front());
        waiting.pop_front();
        then(fail(errc::unavailable, why));
    }

    bool busy = false;
    std::vector<std::string> urls;
    std::deque<http::client::done> waiting;
};

}  // namespace kindred::runtime
