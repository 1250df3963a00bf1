#include "engine/api/markdown_html.hpp"

#include "engine/api/public_page.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace kindred::api {
namespace {

bool may_lead_to(std::string_view address) {
    constexpr std::array<std::string_view, 4> schemes{"https://", "http://", "mailto:", "tel:"};
    if (address.starts_with('/') && !address.starts_with("//")) return true;
    return std::any_of(schemes.begin(), schemes.end(), [&](auto scheme) { return address.starts_with(scheme); });
}

/// What stands between two marks from `at` on; empty: the mark at `at` is only a letter.
std::string_view between(std::string_view line, std::size_t at, std::string_view mark) {
    const auto begin = at + mark.size();
    const auto end = line.substr(at, mark.size()) == mark ? line.find(mark, begin) : std::string_view::npos;
    if (end == std::string_view::npos || end == begin || line[begin] == ' ' || line[end - 1] == ' ') return {};
    return line.substr(begin, end - begin);
}

std::string inline_html(std::string_view line);

/// [text](address) at `at`; says how long it is, 0: it is none.
std::size_t add_link(std::string& out, std::string_view line, std::size_t at) {
    const auto middle = line.find("](", at);
    const auto end = middle == std::string_view::npos ? middle : line.find(')', middle);
    if (end == std::string_view::npos) return 0;
    const auto text = line.substr(at + 1, middle - at - 1);
    const auto address = trim(line.substr(middle + 2, end - middle - 2));
    if (text.find('[') != std::string_view::npos || !may_lead_to(address)) return 0;
    out += "<a href=\"" + escaped_html(address) + "\" rel=\"noopener noreferrer\">" + inline_html(text) + "</a>";
    return end + 1 - at;
}

std::string inline_html(std::string_view line) {
    struct mark {
        std::string_view sign;
        std::string_view tag;
    };
    constexpr std::array<mark, 4> marks{{{"**", "strong"}, {"__", "strong"}, {"*", "em"}, {"_", "em"}}};
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == '\\' && at + 1 < line.size() && std::ispunct(static_cast<unsigned char>(line[at + 1])) != 0) {
            out += escaped_html(line.substr(at + 1, 1));
            at += 2;
            continue;
        }
        if (const auto code = between(line, at, "`"); !code.empty()) {
            out += "<code>" + escaped_html(code) + "</code>";
            at += code.size() + 2;
            continue;
        }
        if (line[at] == '[')
            if (const auto length = add_link(out, line, at); length > 0) {
                at += length;
                continue;
            }
        // An underscore within a word is a letter of it.
        const bool in_word = at > 0 && std::isalnum(static_cast<unsigned char>(line[at - 1])) != 0;
        const auto* const found = std::find_if(marks.begin(), marks.end(), [&](const mark& each) {
            return !(in_word && each.sign.front() == '_') && !between(line, at, each.sign).empty();
        });
        if (found != marks.end()) {
            const auto inside = between(line, at, found->sign);
            out += "<" + std::string(found->tag) + ">" + inline_html(inside) + "</" + std::string(found->tag) + ">";
            at += inside.size() + 2 * found->sign.size();
            continue;
        }
        out += escaped_html(line.substr(at, 1));
        ++at;
    }
    return out;
}

/// "- ", "* ", "+ " or "12. ": how long it is, and whether numbers count.
std::size_t bullet_of(std::string_view line, bool& numbered) {
    if (line.size() > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ') {
        numbered = false;
        return 2;
    }
    const auto end = line.find_first_not_of("0123456789");
    if (end == 0 || end == std::string_view::npos || end > 3) return 0;
    if (line.substr(end, 2) != ". ") return 0;
    numbered = true;
    return end + 2;
}

/// Line after line; what is open is closed when another thing begins.
class renderer {
public:
    std::string all(std::string_view markdown) {
        for (const auto raw : split(markdown, '\n')) take(raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw);
        close();
        return std::move(out_);
    }

private:
    void take(std::string_view raw) {
        const auto line = trim(raw);
        if (line.starts_with("```")) return open_ == "pre" ? close() : begin("pre");
        if (open_ == "pre") {
            out_ += escaped_html(raw) + '\n';
            return;
        }
        if (line.empty()) return close();
        const auto level = line.find_first_not_of('#');
        if (level != std::string_view::npos && level > 0 && level <= 6 && line[level] == ' ') {
            close();
            const auto tag = "h" + std::to_string(level);
            out_ += "<" + tag + ">" + inline_html(trim(line.substr(level))) + "</" + tag + ">\n";
            return;
        }
        if (line == "---" || line == "***") {
            close();
            out_ += "<hr>\n";
            return;
        }
        bool numbered = false;
        if (const auto length = bullet_of(line, numbered); length > 0) {
            begin(numbered ? "ol" : "ul");
            out_ += (in_item_ ? "</li>\n<li>" : "<li>") + inline_html(line.substr(length));
            in_item_ = true;
            return;
        }
        if (line.starts_with('>')) {
            begin("blockquote");
            out_ += inline_html(trim(line.substr(1))) + '\n';
            return;
        }
        if (in_item_) {
            out_ += ' ' + inline_html(line);
            return;
        }
        begin("p");
        out_ += inline_html(line) + '\n';
    }
    void begin(std::string_view tag) {
        if (open_ == tag) return;
        close();
        open_ = tag;
        out_ += '<' + open_ + '>';
    }
    void close() {
        if (in_item_) out_ += "</li>";
        in_item_ = false;
        if (!open_.empty()) out_ += "</" + open_ + ">\n";
        open_.clear();
    }

    std::string out_;
    std::string open_;  ///< tag
    bool in_item_ = false;
};

}  // namespace

std::string html_of_markdown(std::string_view markdown) { return renderer().all(markdown); }

}  // namespace kindred::api
