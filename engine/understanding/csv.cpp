#include "engine/understanding/csv.hpp"

#include "engine/base/csv.hpp"
#include "engine/base/text.hpp"

namespace kindred::understanding {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

error wrong_at(std::size_t line, const std::string& what) {
    return fail(errc::invalid, "line " + std::to_string(line) + ": " + what);
}

}  // namespace

result<csv_table> parse_csv(std::string_view bytes) {
    if (!is_utf8(bytes)) return fail(errc::invalid, "not UTF-8");
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    row_splitter rows(row_form::csv, bytes.size());
    csv_table made;
    while (const auto row = rows.next(bytes, true)) {
        auto fields = csv_fields(row->bytes);
        if (!fields) return wrong_at(row->line, fields.error().message);
        if (made.header.empty()) {
            made.header = std::move(*fields);
            continue;
        }
        if (fields->size() != made.header.size())
            return wrong_at(row->line, std::to_string(fields->size()) + " fields where the header has " +
                                           std::to_string(made.header.size()));
        made.rows.push_back({std::move(*fields), row->line});
    }
    if (made.header.empty()) return fail(errc::invalid, "no header: the first line must be text,label");
    return made;
}

}  // namespace kindred::understanding
