#pragma once
#include "engine/http/refusal.hpp"

#include <chrono>

namespace kindred::http {

/// Hears what a server does, for metrics. Calls come from the I/O threads, several at once: they must be cheap.
class observer {
public:
    virtual ~observer() = default;

    /// A handler's answer was handed to the socket, `took` after the request was complete.
    virtual void answered(unsigned status, std::chrono::nanoseconds took) {}
    virtual void refused(refusal reason) {}
    virtual void connection_opened() {}
    virtual void connection_closed() {}
    virtual void websocket_opened() {}
    virtual void websocket_closed() {}

protected:
    observer() = default;
    observer(const observer&) = default;
    observer& operator=(const observer&) = default;
};

}  // namespace kindred::http
