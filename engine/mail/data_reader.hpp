#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace kindred::mail {

/// The bytes behind DATA, up to the line with the single dot (RFC 5321 section 4.5.2). Only CR LF ends a line here: a
/// lone CR or LF, which no sender may send, neither ends the mail nor unstuffs a dot, and stays in the content.
class data_reader {
public:
    explicit data_reader(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// Takes bytes up to the end of the mail; gives how many it took.
    std::size_t take(std::string_view bytes);
    bool is_done() const { return at_ == place::done; }
    /// The content went over the limit; what follows is read and thrown away.
    bool is_too_large() const { return too_large_; }
    std::size_t size() const { return content_.size(); }
    std::string take_content() { return std::move(content_); }

private:
    enum class place { line_start = 1, line, after_cr, after_dot, after_dot_cr, done };

    /// Takes the bytes that are a plain part of a line; gives how many.
    std::size_t take_line(std::string_view bytes);
    void keep(std::string_view bytes);

    std::size_t most_bytes_;
    std::string content_;
    place at_ = place::line_start;
    bool too_large_ = false;
};

}  // namespace kindred::mail
