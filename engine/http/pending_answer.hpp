#pragma once
#include "engine/http/mailbox.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace kindred::http::detail {

/// One request's claim to an answer: lets the first one through, and says so when none came.
class pending_answer {
public:
    virtual ~pending_answer() = default;
    pending_answer(const pending_answer&) = delete;
    pending_answer& operator=(const pending_answer&) = delete;

    void settle(letter answer) {
        if (!settled_.exchange(true)) pass_on(std::move(answer));
    }

protected:
    pending_answer() = default;

private:
    virtual void pass_on(letter answer) = 0;
    std::atomic<bool> settled_{false};
};

}  // namespace kindred::http::detail
