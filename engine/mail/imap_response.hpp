#pragma once
#include "engine/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::mail {

/// One response of an IMAP server (RFC 9051 section 2.2.2), without its line end.
struct imap_response {
    std::string tag;                    ///< ours, "*" untagged, "+" continuation
    std::string text;                   ///< what follows; each literal is left out and "{}" stands in its place
    std::vector<std::string> literals;  ///< their bytes, in order

    /// The first word of `text`, in upper case: OK, NO, BAD, BYE, CAPABILITY, or a number.
    std::string word() const;
    /// The number before a keyword such as EXISTS, EXPUNGE or FETCH; none where it is another response.
    std::optional<std::uint32_t> count_of(std::string_view keyword) const;
    /// The value of a response code such as UIDVALIDITY, of `* OK [UIDVALIDITY 7] ...`, or of an item of FETCH such as
    /// UID or RFC822.SIZE.
    std::optional<std::uint64_t> number_after(std::string_view name) const;
    /// Whether a word stands in it, ignoring case.
    bool has(std::string_view word) const;
};

/// Puts responses together from whatever a connection brings. Holds at most `longest_line` and `most_literal` bytes of
/// one response.
class imap_reader {
public:
    explicit imap_reader(std::size_t most_literal_bytes) : most_literal_(most_literal_bytes) {}

    /// Takes bytes in. errc::too_large: a line or literal is longer than allowed; errc::invalid: no response starts so.
    /// After an error the connection is of no use.
    result<void> take(std::string_view bytes);
    /// The next whole response.
    std::optional<imap_response> next();

private:
    result<void> end_line();

    static constexpr std::size_t longest_line = 64U << 10U;
    static constexpr std::size_t most_literals = 16;
    std::size_t most_literal_;
    std::string line_;
    std::size_t literal_left_ = 0;
    bool in_literal_ = false;
    imap_response open_;
    std::vector<imap_response> whole_;
    std::size_t given_ = 0;
};

/// A quoted string (RFC 9051 section 4.3); errc::invalid where the text needs a literal.
result<std::string> imap_quoted(std::string_view text);

}  // namespace kindred::mail
