#include "engine/api/markdown_html.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <cstdlib>
#include <memory>
#include <mutex>

namespace kindred::api {
namespace {

// Without CMARK_OPT_UNSAFE raw HTML is left out, and addresses that could run something are.
constexpr int options = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8;

struct cmark_delete {
    void operator()(cmark_parser* gone) const { cmark_parser_free(gone); }
    void operator()(cmark_node* gone) const { cmark_node_free(gone); }
    void operator()(char* gone) const { std::free(gone); }
};

}  // namespace

std::string html_of_markdown(std::string_view markdown) {
    static std::once_flag registered;
    std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
    const std::unique_ptr<cmark_parser, cmark_delete> parser(cmark_parser_new(options));
    for (const char* name : {"table", "strikethrough", "autolink"})
        cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension(name));
    cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
    const std::unique_ptr<cmark_node, cmark_delete> document(cmark_parser_finish(parser.get()));
    const std::unique_ptr<char, cmark_delete> html(
        cmark_render_html(document.get(), options, cmark_parser_get_syntax_extensions(parser.get())));
    return html.get();
}

}  // namespace kindred::api
