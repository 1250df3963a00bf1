#include "engine/rules/pattern_example.hpp"

#include <re2/re2.h>
#include <string_view>

namespace kindred::rules {
namespace {

/// Walks a pattern and writes the first text that comes to mind: the first alternative of every group, one of
/// everything repeated, nothing for anchors.
class example_writer {
public:
    explicit example_writer(std::string_view pattern) : rest_(pattern) {}

    std::string write() {
        std::string all;
        sequence(all);
        return all;
    }

private:
    void sequence(std::string& out) {
        while (!rest_.empty() && rest_.front() != ')') {
            if (rest_.front() == '|') {
                skip_alternatives();
                return;
            }
            piece(out);
        }
    }

    void piece(std::string& out) {
        const auto before = out.size();
        const char first = take();
        switch (first) {
            case '(': group(out); break;
            case '[': out += class_member(); break;
            case '\\': escape(out); break;
            case '.': out += 'x'; break;
            case '^':
            case '$': break;
            default: out += first; break;
        }
        quantifier(out, before);
    }

    void group(std::string& out) {
        if (rest_.starts_with("?")) {
            const auto end = rest_.find_first_of(":>)");
            rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
            if (!rest_.empty() && rest_.front() != ')') take();
        }
        sequence(out);
        if (!rest_.empty()) take();
    }

    /// What is left of the alternatives of this group.
    void skip_alternatives() {
        int depth = 0;
        while (!rest_.empty() && (depth > 0 || rest_.front() != ')')) {
            const char each = take();
            if (each == '\\' && !rest_.empty()) take();
            depth += each == '(' ? 1 : each == ')' ? -1 : 0;
        }
    }

    char class_member() {
        const bool negated = !rest_.empty() && rest_.front() == '^';
        const auto end = rest_.find(']', negated ? 2 : 1);
        const auto members = rest_.substr(negated ? 1 : 0, end - (negated ? 1 : 0));
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        if (!negated) return members.empty() || members.front() == '\\' ? '1' : members.front();
        return members.find('x') == std::string_view::npos ? 'x' : '7';
    }

    void escape(std::string& out) {
        if (rest_.empty()) return;
        switch (const char which = take()) {
            case 'b':
            case 'B':
            case 'A':
            case 'z': break;
            case 'd': out += '1'; break;
            case 's': out += ' '; break;
            case 'w': out += 'x'; break;
            default: out += which; break;
        }
    }

    void quantifier(std::string& out, std::size_t before) {
        if (rest_.empty()) return;
        if (rest_.front() == '{') {
            const auto piece = out.substr(before);
            int times = 0;
            for (take(); !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';)
                times = times * 10 + take() - '0';
            const auto end = rest_.find('}');
            rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
            for (int i = 1; i < times && out.size() < longest; ++i) out += piece;
            return;
        }
        while (!rest_.empty() && (rest_.front() == '*' || rest_.front() == '+' || rest_.front() == '?')) take();
    }

    char take() {
        const char first = rest_.front();
        rest_.remove_prefix(1);
        return first;
    }

    static constexpr std::size_t longest = 1'000;
    std::string_view rest_;
};

}  // namespace

std::optional<std::string> example_of(const re2::RE2& pattern) {
    auto text = example_writer(pattern.pattern()).write();
    if (!re2::RE2::PartialMatch(text, pattern)) return std::nullopt;
    return text;
}

}  // namespace kindred::rules
