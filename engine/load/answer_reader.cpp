#include "engine/load/answer_reader.hpp"

#include "engine/base/text.hpp"

#include <charconv>
#include <optional>

namespace kindred::load {
namespace {

constexpr std::size_t longest_head = 16U << 10U;
constexpr std::string_view end_of_head = "\r\n\r\n";

template <class Number>
std::optional<Number> number_of(std::string_view digits) {
    Number number = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (code != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

}  // namespace

void answer_reader::reset() {
    head_.clear();
    in_body_ = false;
    body_left_ = 0;
    status_ = 0;
    keeps_connection_ = true;
}

answer_reader::progress answer_reader::feed(std::string_view bytes) {
    if (in_body_) return skip_body(bytes.size());
    head_ += bytes;
    while (true) {
        const auto end = head_.find(end_of_head);
        if (end == std::string::npos) return head_.size() > longest_head ? progress::broken : progress::more;
        const auto rest = head_.size() - end - end_of_head.size();
        const auto read = read_head(std::string_view(head_).substr(0, end));
        if (read != progress::more) return read;
        if (status_ >= 200) return skip_body(rest);
        head_.erase(0, end + end_of_head.size());  // an interim answer (RFC 9110 section 15.2): the real one follows
    }
}

answer_reader::progress answer_reader::read_head(std::string_view head) {
    const auto line_end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, line_end);
    const auto status =
        line.starts_with("HTTP/1.") && line.size() >= 12 ? number_of<unsigned>(line.substr(9, 3)) : std::nullopt;
    if (!status || *status < 100 || *status > 599) return progress::broken;
    status_ = *status;
    if (status_ < 200) return progress::more;
    keeps_connection_ = line.starts_with("HTTP/1.1");
    bool has_length = status_ == 204 || status_ == 304;
    for (auto field : split(head.substr(line_end), '\n')) {
        const auto colon = field.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = field.substr(0, colon);
        const auto content = trim(field.substr(colon + 1));
        if (equal_ignoring_case(name, "content-length") && !has_length) {
            const auto length = number_of<std::uint64_t>(content);
            if (!length) return progress::broken;
            body_left_ = *length;
            has_length = true;
        } else if (equal_ignoring_case(name, "connection") && equal_ignoring_case(content, "close")) {
            keeps_connection_ = false;
        }
    }
    in_body_ = true;
    if (has_length) return progress::more;
    keeps_connection_ = false;
    return progress::done;
}

answer_reader::progress answer_reader::skip_body(std::size_t bytes) {
    if (bytes > body_left_) return progress::broken;
    body_left_ -= bytes;
    return body_left_ == 0 ? progress::done : progress::more;
}

}  // namespace kindred::load
