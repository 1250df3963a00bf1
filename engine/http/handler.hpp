#pragma once
#include "engine/http/request.hpp"
#include "engine/http/responder.hpp"

#include <cstddef>

namespace kindred::http {

/// Answers the requests of one listener. Called from several I/O threads at once.
class handler {
public:
    virtual ~handler() = default;

    /// The largest body that this request may carry, in bytes; asked once its header is complete (`body` is empty).
    virtual std::size_t body_limit(const request& head) = 0;

    /// The body of this request goes over its limit: it is answered with 413, and never handled. Must not block.
    virtual void body_too_large(const request& head) noexcept {}

    /// Answers through `answer`, now or later, from any thread. Must not block. The request's views end with this call.
    /// An exception ends in 500 for this request alone.
    virtual void handle(const request& asked, responder answer) = 0;

protected:
    handler() = default;
    handler(const handler&) = default;
    handler& operator=(const handler&) = default;
};

}  // namespace kindred::http
