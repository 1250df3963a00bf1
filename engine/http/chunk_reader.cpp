#include "engine/http/chunk_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kindred::http {
namespace {

constexpr std::size_t most_line_bytes = 4096;
constexpr std::size_t most_overhead_bytes = 8192;
constexpr std::size_t most_size_digits = 15;

bool is_text(std::string_view line) {
    return std::ranges::all_of(line, [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte == '\t' || (byte >= ' ' && byte != 0x7F);
    });
}

bool is_field(std::string_view line) {
    const auto colon = line.find(':');
    return colon != 0 && colon != std::string_view::npos && line.front() != ' ' && line.front() != '\t' &&
           line[colon - 1] != ' ';
}

}  // namespace

chunk_reader::outcome chunk_reader::take(std::string_view bytes, std::size_t& used, std::string& body) {
    used = 0;
    while (used < bytes.size()) {
        if (at_ == place::data) {
            used += take_data(bytes.substr(used), body);
            continue;
        }
        const auto end = bytes.find('\n', used);
        const auto part = bytes.substr(used, end == std::string_view::npos ? end : end + 1 - used);
        line_ += part;
        used += part.size();
        if (line_.size() > most_line_bytes) return outcome::malformed;
        if (end == std::string_view::npos) return outcome::need_more;
        if (const auto ended = end_line(body); ended != outcome::need_more) return ended;
    }
    return outcome::need_more;
}

std::size_t chunk_reader::take_data(std::string_view bytes, std::string& body) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    body += bytes.substr(0, size);
    left_ -= size;
    if (left_ == 0) at_ = place::data_end;
    return size;
}

chunk_reader::outcome chunk_reader::end_line(const std::string& body) {
    const std::string whole = std::exchange(line_, {});
    if (!whole.ends_with("\r\n")) return outcome::malformed;
    const auto line = std::string_view(whole).substr(0, whole.size() - 2);
    if (!is_text(line)) return outcome::malformed;
    switch (at_) {
        case place::size_line: return begin_chunk(line, body.size());
        case place::data_end: at_ = place::size_line; return line.empty() ? outcome::need_more : outcome::malformed;
        case place::trailer:
            if (line.empty()) return outcome::complete;
            return is_field(line) && is_within_overhead(line.size()) ? outcome::need_more : outcome::malformed;
        case place::data: break;
    }
    return outcome::malformed;
}

chunk_reader::outcome chunk_reader::begin_chunk(std::string_view line, std::size_t body_bytes) {
    const auto digits = std::min(line.find(';'), line.size());
    if (digits == 0 || digits > most_size_digits) return outcome::malformed;
    const auto [stopped, failed] = std::from_chars(line.data(), line.data() + digits, left_, 16);
    if (failed != std::errc{} || stopped != line.data() + digits) return outcome::malformed;
    if (!is_within_overhead(line.size() - digits)) return outcome::malformed;
    if (left_ > most_bytes_ - body_bytes) return outcome::too_large;
    at_ = left_ == 0 ? place::trailer : place::data;
    return outcome::need_more;
}

bool chunk_reader::is_within_overhead(std::size_t bytes) {
    overhead_ += bytes;
    return overhead_ <= most_overhead_bytes;
}

}  // namespace kindred::http
