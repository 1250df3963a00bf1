#pragma once
#include "engine/base/csv.hpp"

#include <istream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::app {

/// Some rows of a file, as they are sent: of CSV with the header before them.
struct import_part {
    struct place {
        std::size_t line_here = 0;  ///< in `text`, from 1
        std::size_t line = 0;       ///< in the file
        std::size_t begin = 0;
        std::size_t size = 0;
    };
    struct long_row {
        std::size_t line = 0;
        std::string begins_with;
    };
    std::string text;
    std::vector<place> rows;
    std::vector<long_row> too_long;
    std::uint64_t offset_after = 0;  ///< of the first byte behind, in the file
    std::size_t line_after = 1;

    std::size_t size() const { return rows.size() + too_long.size(); }
    /// Line in the file and text of the row that begins on this line of `text`; 0 for none.
    std::pair<std::size_t, std::string_view> row_at(std::size_t line_here) const;
};

/// Reads a file with customers in parts, in memory that does not grow with it.
class import_source {
public:
    import_source(std::istream& from, row_form form);

    /// Reads the beginning, and of CSV the header. errc::invalid when there is none.
    result<void> begin();
    /// Tells this file from others: by its size and its first bytes.
    std::string fingerprint(std::uint64_t size) const;
    /// Behind what an earlier run had sent. `offset` and `line` are what a part's `..._after` said.
    void go_on(std::uint64_t offset, std::size_t line);
    /// The next part; one without rows is the end.
    result<import_part> next();
    std::string media_type() const { return form_ == row_form::csv ? "text/csv" : "application/x-ndjson"; }

private:
    void fill();
    std::uint64_t offset() const { return read_ - left().size(); }
    std::string_view left() const { return std::string_view(buffer_).substr(begin_); }

    std::istream& from_;
    row_form form_;
    row_splitter rows_;
    std::string buffer_;
    std::size_t begin_ = 0;   ///< of what was not taken yet, in the buffer
    std::uint64_t read_ = 0;  ///< bytes taken from the stream
    bool ended_ = false;
    std::string header_;
    std::string head_;  ///< digest of the first bytes
};

}  // namespace kindred::app
