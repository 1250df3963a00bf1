#include "engine/mail/data_reader.hpp"

namespace kindred::mail {

std::size_t data_reader::take(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && at_ != place::done) {
        const char next = bytes[used];
        switch (at_) {
            case place::line_start:
                at_ = next == '.' ? place::after_dot : place::line;
                used += next == '.' ? 1 : 0;
                break;
            case place::line: used += take_line(bytes.substr(used)); break;
            case place::after_cr:
                if (next == '\n') {
                    keep("\n");
                    ++used;
                }
                at_ = next == '\n' ? place::line_start : place::line;
                break;
            case place::after_dot:
                at_ = next == '\r' ? place::after_dot_cr : place::line;
                used += next == '\r' ? 1 : 0;
                break;
            case place::after_dot_cr:
                if (next == '\n') {
                    ++used;
                    at_ = place::done;
                } else {
                    keep("\r");
                    at_ = place::after_cr;
                }
                break;
            case place::done: break;
        }
    }
    return used;
}

std::size_t data_reader::take_line(std::string_view bytes) {
    const auto cr = bytes.find('\r');
    if (cr == std::string_view::npos) {
        keep(bytes);
        return bytes.size();
    }
    keep(bytes.substr(0, cr + 1));
    at_ = place::after_cr;
    return cr + 1;
}

void data_reader::keep(std::string_view bytes) {
    if (too_large_) return;
    if (bytes.size() <= most_bytes_ - content_.size()) {
        content_.append(bytes);
        return;
    }
    too_large_ = true;
    std::string().swap(content_);
}

}  // namespace kindred::mail
