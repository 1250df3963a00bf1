#include "engine/app/labelled_file.hpp"

#include "engine/app/models.hpp"
#include "engine/base/text.hpp"
#include "engine/understanding/csv.hpp"

#include <algorithm>

namespace kindred::app {
namespace {

std::size_t column_of(const std::vector<std::string>& header, std::string_view name, std::size_t otherwise) {
    for (std::size_t i = 0; i < header.size(); ++i)
        if (equal_ignoring_case(trim(header[i]), name)) return i;
    return otherwise;
}

}  // namespace

result<std::vector<understanding::labelled_text>> read_labelled_file(const std::string& path) {
    auto bytes = read_whole_file(path);
    if (!bytes) return bytes.error();
    auto table = understanding::parse_csv(*bytes);
    if (!table) return fail(table.error().code, path + ": " + table.error().message);
    if (table->header.size() < 2) return fail(errc::invalid, path + ": line 1: the header must be text,label");
    const auto text = column_of(table->header, "text", 0);
    const auto label = column_of(table->header, "label", text == 0 ? 1 : 0);
    std::vector<understanding::labelled_text> rows;
    rows.reserve(table->rows.size());
    for (auto& each : table->rows) {
        const auto name = trim(each.fields[label]);
        if (name.empty())
            return fail(errc::invalid, path + ": line " + std::to_string(each.line) + ": the label is empty");
        rows.push_back({std::move(each.fields[text]), std::string(name)});
    }
    if (rows.empty()) return fail(errc::invalid, path + ": no row after the header");
    return rows;
}

}  // namespace kindred::app
