#include "engine/understanding/csv.hpp"

#include "engine/base/text.hpp"

namespace kindred::understanding {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

error wrong_at(std::size_t line, const std::string& what) {
    return fail(errc::invalid, "line " + std::to_string(line) + ": " + what);
}

class csv_reader {
public:
    explicit csv_reader(std::string_view bytes) : rest_(bytes) {}

    bool at_end() const { return rest_.empty(); }
    std::size_t line() const { return line_; }

    /// The next row; an empty line gives a row without fields.
    result<csv_row> row() {
        csv_row made;
        made.line = line_;
        if (end_of_line()) return made;
        while (true) {
            auto one = field();
            if (!one) return one.error();
            made.fields.push_back(std::move(*one));
            if (rest_.empty() || end_of_line()) return made;
            rest_.remove_prefix(1);  // the comma that ended the field
        }
    }

private:
    bool end_of_line() {
        const std::size_t size = rest_.starts_with("\r\n") ? 2 : rest_.starts_with('\n') ? 1 : 0;
        rest_.remove_prefix(size);
        if (size > 0) ++line_;
        return size > 0;
    }

    result<std::string> field() {
        if (rest_.starts_with('"')) return quoted();
        const auto end = std::min(rest_.find_first_of(",\n"), rest_.size());
        auto text = rest_.substr(0, end);
        rest_.remove_prefix(end);
        if (text.ends_with('\r') && rest_.starts_with('\n')) text.remove_suffix(1);
        if (text.find('"') != std::string_view::npos)
            return wrong_at(line_, "a quote inside a field that does not begin with one");
        if (text.find('\r') != std::string_view::npos) return wrong_at(line_, "a carriage return without a line feed");
        return std::string(text);
    }

    result<std::string> quoted() {
        const auto begun = line_;
        std::string text;
        rest_.remove_prefix(1);
        while (true) {
            const auto end = rest_.find('"');
            if (end == std::string_view::npos) return wrong_at(begun, "a quoted field is never closed");
            const auto part = rest_.substr(0, end);
            for (const char letter : part) line_ += letter == '\n' ? 1 : 0;
            text += part;
            rest_.remove_prefix(end + 1);
            if (!rest_.starts_with('"')) break;
            text += '"';
            rest_.remove_prefix(1);
        }
        const bool ends =
            rest_.empty() || rest_.starts_with(',') || rest_.starts_with('\n') || rest_.starts_with("\r\n");
        if (!ends) return wrong_at(line_, "something stands between a closing quote and the comma");
        return text;
    }

    std::string_view rest_;
    std::size_t line_ = 1;
};

}  // namespace

result<csv_table> parse_csv(std::string_view bytes) {
    if (!is_utf8(bytes)) return fail(errc::invalid, "not UTF-8");
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    csv_reader reader(bytes);
    csv_table made;
    while (!reader.at_end()) {
        auto row = reader.row();
        if (!row) return row.error();
        if (row->fields.empty()) continue;
        if (made.header.empty()) {
            made.header = std::move(row->fields);
            continue;
        }
        if (row->fields.size() != made.header.size())
            return wrong_at(row->line, std::to_string(row->fields.size()) + " fields where the header has " +
                                           std::to_string(made.header.size()));
        made.rows.push_back(std::move(*row));
    }
    if (made.header.empty()) return fail(errc::invalid, "no header: the first line must be text,label");
    return made;
}

}  // namespace kindred::understanding
