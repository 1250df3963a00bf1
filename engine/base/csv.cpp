#include "engine/base/csv.hpp"

#include <algorithm>

namespace kindred {
namespace {

constexpr auto none = std::string_view::npos;

/// Behind the closing quote of a field that began before `at`; `none` when it does not close.
std::size_t behind_quoted(std::string_view text, std::size_t at) {
    while (true) {
        at = text.find('"', at);
        if (at == none) return none;
        if (at + 1 == text.size()) return at + 1;
        if (text[at + 1] != '"') return at + 1;
        at += 2;
    }
}

}  // namespace

/// Where the line end of the first row stands; `none` when it is not within `rest`.
std::size_t row_splitter::end_of_row(std::string_view rest) const {
    if (form_ == row_form::lines) return rest.find('\n');
    std::size_t at = 0;
    while (at < rest.size()) {
        if (rest[at] == '"') {
            at = behind_quoted(rest, at + 1);
            if (at == none) return none;
        }
        at = rest.find_first_of(",\n", at);
        if (at == none || rest[at] == '\n') return at;
        ++at;
    }
    return none;
}

std::optional<raw_row> row_splitter::next(std::string_view& rest, bool last) {
    while (!rest.empty()) {
        if (skips_) {
            const auto end = rest.find('\n');
            rest.remove_prefix(end == none ? rest.size() : end + 1);
            if (end == none) return std::nullopt;
            skips_ = false;
            ++line_;
            continue;
        }
        auto end = end_of_row(rest.substr(0, longest_ + 1));
        const bool ended = end != none;
        const bool over = !ended && rest.size() > longest_;
        if (!ended && !over && !last) return std::nullopt;
        // Not ended as it should have: what remains is one line after the other.
        if (!ended) end = rest.find('\n');
        raw_row found{rest.substr(0, std::min(end == none ? rest.size() : end, longest_)), line_, false};
        found.too_long = over && (end == none || end > longest_);
        skips_ = end == none && !last;
        line_ += static_cast<std::size_t>(std::count(found.bytes.begin(), found.bytes.end(), '\n'));
        if (end != none) ++line_;
        rest.remove_prefix(end == none ? rest.size() : end + 1);
        if (found.bytes.ends_with('\r')) found.bytes.remove_suffix(1);
        if (!found.bytes.empty()) return found;
    }
    return std::nullopt;
}

result<std::vector<std::string>> csv_fields(std::string_view row) {
    std::vector<std::string> fields;
    while (true) {
        std::string text;
        if (row.starts_with('"')) {
            const auto end = behind_quoted(row, 1);
            if (end == none) return fail(errc::invalid, "a quote is never closed");
            for (std::size_t i = 1; i + 1 < end; ++i) {
                text += row[i];
                if (row[i] == '"') ++i;
            }
            row.remove_prefix(end);
            if (!row.empty() && row.front() != ',')
                return fail(errc::invalid, "something stands between a closing quote and the comma");
        } else {
            text = row.substr(0, row.find(','));
            if (text.find('"') != none)
                return fail(errc::invalid, "a quote inside a field that does not begin with one");
            if (text.find('\r') != none) return fail(errc::invalid, "a carriage return without a line feed");
            row.remove_prefix(text.size());
        }
        fields.push_back(std::move(text));
        if (row.empty()) return fields;
        row.remove_prefix(1);
    }
}

void append_csv_field(std::string& out, std::string_view text) {
    const bool plain = text.find_first_of(",\"\r\n") == none;
    if (plain) {
        out += text;
        return;
    }
    out += '"';
    for (const char letter : text) {
        out += letter;
        if (letter == '"') out += '"';
    }
    out += '"';
}

void append_csv_text(std::string& out, std::string_view text) {
    const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != none;
    if (formula) return append_csv_field(out, '\'' + std::string(text));
    append_csv_field(out, text);
}

}  // namespace kindred
