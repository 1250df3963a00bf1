#include "engine/understanding/csv.hpp"

#include <cstdint>
#include <cstdlib>

/// Whatever the bytes are, every row that is read has as many fields as the header, in the order of its lines.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto read = kindred::understanding::parse_csv({reinterpret_cast<const char*>(bytes), size});
    if (!read) return 0;
    std::size_t line = 0;
    for (const auto& row : read->rows) {
        if (row.fields.size() != read->header.size() || row.line <= line) std::abort();
        line = row.line;
    }
    return 0;
}
