#pragma once
#include "engine/base/error.hpp"
#include "engine/http/refusal.hpp"
#include "engine/http/request.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace kindred::http {

/// Bytes in, requests out: HTTP/1.x reading without any I/O. One per connection.
///
///     read into space(), received(n), then advance() until it needs more;
///     at head_complete decide with allow_body(); at complete use current(), then next().
///
/// Bytes of pipelined requests are kept. After `refused` the reader is spent.
class request_reader {
public:
    enum class progress { need_more = 1, head_complete, complete, refused };

    request_reader();
    ~request_reader();
    request_reader(request_reader&&) noexcept;
    request_reader& operator=(request_reader&&) noexcept;

    /// Where the next bytes go; never empty while more are needed.
    std::span<char> space();
    void received(std::size_t size);

    progress advance();
    /// After head_complete: takes bodies of up to `limit` bytes.
    progress allow_body(std::size_t limit);

    /// Why it was refused.
    refusal reason() const;
    /// The request as far as it is known. Its views end with next(), or when the reader goes.
    const request& current() const;
    /// Where the connection writes the peer's address, which lives as long as the reader.
    void set_peer(std::string_view peer);

    /// Forgets the current request and turns to the bytes behind it.
    void next();

    /// Whether a part of the request that is being read has arrived.
    bool begun() const;
    /// After head_complete: whether bytes behind the header came along with it.
    bool has_body_begun() const;
    /// Whether bytes behind the complete request have arrived.
    bool has_more() const;
    /// Whether the client waits for 100 Continue before it sends the body.
    bool expects_continue() const;
    /// Memory that the body takes beyond the fixed buffer.
    std::size_t buffered_bytes() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

/// Reads one whole request out of captured bytes and passes it to `use`. errc::invalid with the reason's name when the
/// bytes are no acceptable request, or end too early; errc::too_large when its body exceeds `body_limit`.
result<void> read_request(std::string_view bytes, std::size_t body_limit,
                          const std::function<void(const request&)>& use);

}  // namespace kindred::http
