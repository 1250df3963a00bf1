#pragma once
#include "engine/base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::understanding {

/// A row of a CSV file and the line it begins on, from 1.
struct csv_row {
    std::vector<std::string> fields;
    std::size_t line = 0;
};

/// A CSV file: the names of its first row, and every row after it with as many fields.
struct csv_table {
    std::vector<std::string> header;
    std::vector<csv_row> rows;
};

/// RFC 4180: commas, quotes doubled inside quoted fields, line ends CR LF or LF, the last one optional. A byte order
/// mark is passed over, empty lines are too. errc::invalid with the line for a quote out of place or never closed, a
/// row with another number of fields than the header, bytes that are not UTF-8, and a file without a header.
result<csv_table> parse_csv(std::string_view bytes);

}  // namespace kindred::understanding
