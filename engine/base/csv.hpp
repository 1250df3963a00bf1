#pragma once
#include "engine/base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred {

/// How rows are told apart: of CSV (RFC 4180) a quoted field may have line ends, of lines nothing has.
enum class row_form { csv = 1, lines };

/// One row of a text as it stands there, without its line end.
struct raw_row {
    std::string_view bytes;
    std::size_t line = 0;   ///< it begins on, from 1
    bool too_long = false;  ///< more than `longest` bytes: `bytes` are its first ones
};

/// Takes rows off the front of a text that may come in pieces, in bounded memory. A row that has not ended within
/// `longest` bytes is over at its first line end: a quote that is never closed costs its own line and no other.
class row_splitter {
public:
    row_splitter(row_form form, std::size_t longest, std::size_t first_line = 1)
        : form_(form), longest_(longest), line_(first_line) {}

    /// The first row of `rest`, which is moved on behind it; nothing when `rest` does not hold all of it. `last`: no
    /// more comes, and the last line end may be missing. Rows without a byte are passed over.
    std::optional<raw_row> next(std::string_view& rest, bool last);
    /// Of the first byte that was not taken yet.
    std::size_t line() const { return line_; }
    /// Whether the rest of a row that is too long is still to come.
    bool is_within_row() const { return skips_; }

private:
    std::size_t end_of_row(std::string_view rest) const;

    row_form form_;
    std::size_t longest_;
    std::size_t line_;
    bool skips_ = false;  ///< in the midst of a line whose beginning was given as too long
};

/// The fields of one row of CSV. errc::invalid for a quote or a carriage return out of place.
result<std::vector<std::string>> csv_fields(std::string_view row);

/// Appends a field, in quotes where it needs them.
void append_csv_field(std::string& out, std::string_view text);
/// The same for a text that a customer or an admin chose: in somebody's spreadsheet it becomes no formula, for an
/// apostrophe goes before what would begin one.
void append_csv_text(std::string& out, std::string_view text);

}  // namespace kindred
