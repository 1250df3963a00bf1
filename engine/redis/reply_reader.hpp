#pragma once
#include "engine/base/error.hpp"
#include "engine/redis/reply.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace kindred::redis {

/// What a reply may hold at most: a server that says more is not believed.
struct reply_limits {
    std::size_t bytes = std::size_t{256} << 20;  ///< unread bytes of one reply
    std::size_t elements = 1'000'000;            ///< of all lists of one reply together
};

/// Takes replies out of the bytes that a server sends, in whatever pieces they come. hiredis' reader does the parsing;
/// the values are ours. After an error the stream has no known place any more: the connection must go.
class reply_reader {
public:
    explicit reply_reader(const reply_limits& limits = {});
    ~reply_reader();
    reply_reader(reply_reader&&) noexcept;
    reply_reader& operator=(reply_reader&&) noexcept;

    /// errc::too_large: more than a reply may hold waits.
    result<void> take(std::string_view bytes);
    /// The next whole reply; nothing while it has not come. errc::corrupt: this is not RESP2, or more than the limits.
    result<std::optional<reply>> next();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace kindred::redis
