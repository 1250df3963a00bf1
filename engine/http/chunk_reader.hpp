#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kindred::http {

/// Takes chunk framing off a body (RFC 9112 section 7.1). Stricter than the grammar: no blanks around sizes, CR LF
/// alone ends a line, extensions and trailers are bounded and thrown away. Our own, because Beast's asserts on an empty
/// body that arrives byte by byte.
class chunk_reader {
public:
    enum class outcome { need_more = 1, complete, malformed, too_large };

    chunk_reader() = default;
    explicit chunk_reader(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// Appends content to `body`. Uses all bytes, except those behind a complete body; `used` says how many.
    outcome take(std::string_view bytes, std::size_t& used, std::string& body);

private:
    enum class place { size_line = 1, data, data_end, trailer };

    std::size_t take_data(std::string_view bytes, std::string& body);
    outcome end_line(const std::string& body);
    outcome begin_chunk(std::string_view line, std::size_t body_bytes);
    bool is_within_overhead(std::size_t bytes);

    std::size_t most_bytes_ = 0;
    std::uint64_t left_ = 0;    ///< of the chunk
    std::size_t overhead_ = 0;  ///< bytes of extensions and trailers so far
    std::string line_;
    place at_ = place::size_line;
};

}  // namespace kindred::http
