#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace kindred::load {

/// Reads one HTTP/1.1 answer off a connection, as far as a load generator needs it: its status, where it ends, whether
/// the connection can be used again. Pure.
class answer_reader {
public:
    enum class progress { more = 1, done, broken };

    /// Bytes in the order of their arrival. `broken`: these are not an answer, or its head is over 16 KiB; or more came
    /// than one answer. After `done` and `broken` only reset() makes sense.
    progress feed(std::string_view bytes);
    void reset();

    /// Of an answer that is `done`: 200 to 599.
    unsigned status() const { return status_; }
    /// Whether another request may follow. Not after "Connection: close", and not when the end of the body is unknown
    /// without reading on: then the answer counts as done with its head.
    bool keeps_connection() const { return keeps_connection_; }

private:
    progress read_head(std::string_view head);
    progress skip_body(std::size_t bytes);

    std::string head_;
    bool in_body_ = false;
    std::uint64_t body_left_ = 0;
    unsigned status_ = 0;
    bool keeps_connection_ = true;
};

}  // namespace kindred::load
