#include "connectors/mime/html_text.hpp"

#include "engine/base/text.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/xmlerror.h>
#include <algorithm>
#include <array>
#include <limits>
#include <memory>

namespace kindred::connectors::mime {
namespace {

struct free_context {
    void operator()(htmlParserCtxt* context) const { htmlFreeParserCtxt(context); }
};
struct free_document {
    void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

template <std::size_t Size>
bool one_of(std::string_view name, const std::array<std::string_view, Size>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_unseen(std::string_view name) {
    static constexpr std::array<std::string_view, 9> names = {"head",   "style",    "script", "template", "noscript",
                                                              "object", "textarea", "select", "title"};
    return one_of(name, names);
}

bool is_block(std::string_view name) {
    static constexpr std::array<std::string_view, 27> names = {
        "address", "article", "aside", "blockquote", "body", "center", "dd",      "div", "dl",
        "dt",      "footer",  "form",  "h1",         "h2",   "h3",     "h4",      "h5",  "h6",
        "header",  "hr",      "li",    "main",       "ol",   "pre",    "section", "tr",  "ul"};
    return one_of(name, names) || name == "table" || name == "p";
}

/// Builds lines from text and blocks; white space collapses as in a browser.
class page {
public:
    void say(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            // A no-break space is for the eye; here it would keep an empty line from being one.
            const bool no_break = text.substr(i).starts_with("\xC2\xA0");
            if (no_break) ++i;
            const char c = no_break ? ' ' : text[i];
            const bool white = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (white && !preformatted_) {
                pending_space_ = !line_.empty();
                continue;
            }
            if (c == '\n') {
                end_line(true);
                continue;
            }
            if (c == '\r') continue;
            if (pending_space_) line_.push_back(' ');
            pending_space_ = false;
            line_.push_back(c);
        }
    }

    /// Ends the line that is begun; `always` also writes an empty one.
    void end_line(bool always) {
        if (line_.empty() && !always) return;
        if (blank_before_ && !text_.empty()) {
            mark(blank_depth_);
            while (text_.ends_with(' ')) text_.pop_back();
            text_.push_back('\n');
        }
        mark(quoted_);
        text_ += line_;
        text_.push_back('\n');
        line_.clear();
        pending_space_ = false;
        blank_before_ = false;
    }

    /// An empty line before what comes next, if anything does; at most one in a row.
    void empty_line() {
        end_line(false);
        blank_depth_ = blank_before_ ? std::min(blank_depth_, quoted_) : quoted_;
        blank_before_ = true;
    }

    void quote(int change) { quoted_ = std::clamp(quoted_ + change, 0, 20); }
    void preformat(bool on) { preformatted_ = on; }
    std::string take() {
        end_line(false);
        return std::move(text_);
    }

private:
    void mark(int depth) {
        for (int i = 0; i < depth; ++i) text_ += "> ";
    }

    std::string text_;
    std::string line_;
    int quoted_ = 0;
    bool pending_space_ = false;
    bool preformatted_ = false;
    bool blank_before_ = false;
    int blank_depth_ = 0;
};

void enter(page& out, std::string_view name) {
    if (name == "br") out.end_line(true);
    if (!is_block(name)) return;
    out.end_line(false);
    if (name == "p" || name == "blockquote" || name == "table" || name == "pre") out.empty_line();
    if (name == "blockquote") out.quote(1);
    if (name == "li") out.say("- ");
    if (name == "pre") out.preformat(true);
}

void leave(page& out, std::string_view name) {
    if (name == "td" || name == "th") out.say(" ");
    if (!is_block(name)) return;
    out.end_line(false);
    if (name == "pre") out.preformat(false);
    if (name == "blockquote") out.quote(-1);
    if (name == "p" || name == "blockquote" || (name.size() == 2 && name[0] == 'h' && name[1] <= '6')) out.empty_line();
}

/// Depth first without recursion: the tree is as deep as a stranger made it.
void walk(page& out, const xmlNode* root) {
    const xmlNode* at = root;
    while (at != nullptr) {
        const auto name = view(at->name);
        const bool element = at->type == XML_ELEMENT_NODE;
        if (at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE) out.say(view(at->content));
        if (element) enter(out, name);
        if (element && at->children != nullptr && !is_unseen(name)) {
            at = at->children;
            continue;
        }
        while (at != nullptr) {
            if (at->type == XML_ELEMENT_NODE) leave(out, view(at->name));
            if (at == root) return;
            if (at->next != nullptr) {
                at = at->next;
                break;
            }
            at = at->parent;
        }
    }
}

}  // namespace

std::optional<std::string> text_of_html(std::string_view html) {
    if (trim(html).empty()) return std::string();
    if (html.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
    const std::unique_ptr<htmlParserCtxt, free_context> context(htmlNewParserCtxt());
    if (!context) return std::nullopt;
    constexpr int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                            HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT;
    const std::unique_ptr<xmlDoc, free_document> document(
        htmlCtxtReadMemory(context.get(), html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", options));
    // libxml2 gives up below 256 elements and hands out what it has; half a mail would be worse than none.
    if (!document || context->errNo == XML_ERR_INTERNAL_ERROR) return std::nullopt;
    page out;
    if (const auto* const root = xmlDocGetRootElement(document.get())) walk(out, root);
    return out.take();
}

}  // namespace kindred::connectors::mime
