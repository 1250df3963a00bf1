#include "engine/app/import_source.hpp"

#include "engine/channel/signature.hpp"
#include "engine/runtime/people/import_reader.hpp"

#include <algorithm>

namespace kindred::app {
namespace {

constexpr std::size_t part_bytes = 4U << 20U;  // half of what the engine takes at once
constexpr std::size_t part_rows = 50'000;
constexpr std::size_t read_bytes = 1U << 20U;
constexpr std::size_t told_of_long_row = 200;

std::size_t lines_in(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

std::pair<std::size_t, std::string_view> import_part::row_at(std::size_t line_here) const {
    const auto found = std::lower_bound(rows.begin(), rows.end(), line_here,
                                        [](const place& each, std::size_t line) { return each.line_here < line; });
    if (found == rows.end() || found->line_here != line_here) return {0, {}};
    return {found->line, std::string_view(text).substr(found->begin, found->size)};
}

import_source::import_source(std::istream& from, row_form form)
    : from_(from), form_(form), rows_(form, runtime::longest_import_row) {}

void import_source::fill() {
    buffer_.erase(0, begin_);
    begin_ = 0;
    const auto before = buffer_.size();
    buffer_.resize(before + read_bytes);
    from_.read(buffer_.data() + before, static_cast<std::streamsize>(read_bytes));
    const auto got = static_cast<std::size_t>(from_.gcount());
    buffer_.resize(before + got);
    read_ += got;
    ended_ = got < read_bytes;
}

result<void> import_source::begin() {
    fill();
    if (from_.bad()) return fail(errc::io, "cannot be read");
    head_ = channel::sha256_hex(left().substr(0, runtime::longest_import_row));
    if (form_ != row_form::csv) return {};
    auto rest = left();
    const auto row = rows_.next(rest, ended_);
    if (!row) return fail(errc::invalid, "there is no header");
    if (row->too_long) return fail(errc::invalid, "the header is longer than 64 KiB");
    header_ = std::string(row->bytes) + '\n';
    begin_ = buffer_.size() - rest.size();
    return {};
}

std::string import_source::fingerprint(std::uint64_t size) const { return std::to_string(size) + '-' + head_; }

void import_source::go_on(std::uint64_t offset, std::size_t line) {
    from_.clear();
    from_.seekg(static_cast<std::streamoff>(offset));
    buffer_.clear();
    begin_ = 0;
    read_ = offset;
    ended_ = false;
    rows_ = row_splitter(form_, runtime::longest_import_row, line);
}

result<import_part> import_source::next() {
    import_part made;
    made.text = header_;
    std::size_t line_here = 1 + lines_in(header_);
    // No part ends within a row: whoever goes on behind it must find the beginning of one.
    while ((made.text.size() < part_bytes && made.size() < part_rows) || rows_.is_within_row()) {
        auto rest = left();
        const auto row = rows_.next(rest, ended_);
        begin_ = buffer_.size() - rest.size();
        if (!row && ended_) break;
        if (!row) {
            fill();
            if (from_.bad()) return fail(errc::io, "cannot be read");
            continue;
        }
        if (row->too_long) {
            made.too_long.push_back({row->line, std::string(row->bytes.substr(0, told_of_long_row))});
            continue;
        }
        made.rows.push_back({line_here, row->line, made.text.size(), row->bytes.size()});
        made.text.append(row->bytes).append(1, '\n');
        line_here += 1 + lines_in(row->bytes);
    }
    made.offset_after = offset();
    made.line_after = rows_.line();
    return made;
}

}  // namespace kindred::app
