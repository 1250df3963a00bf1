#include "engine/api/markdown_html.hpp"

#include <gtest/gtest.h>

namespace kindred::api {
namespace {

struct example {
    std::string markdown;
    std::string html;
};

class markdown : public testing::TestWithParam<example> {};

TEST_P(markdown, BecomesHtml) { EXPECT_EQ(html_of_markdown(GetParam().markdown), GetParam().html); }

INSTANTIATE_TEST_SUITE_P(
    OfArticles, markdown,
    testing::Values(
        example{"# Hello\nyou\n\nthere", "<h1>Hello</h1>\n<p>you\n</p>\n<p>there\n</p>\n"},
        example{"- a\n- b\n  goes on\n\n1. one", "<ul><li>a</li>\n<li>b goes on</li></ul>\n<ol><li>one</li></ol>\n"},
        example{"**bold** and *fine* `a<b`", "<p><strong>bold</strong> and <em>fine</em> <code>a&lt;b</code>\n</p>\n"},
        example{"snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4\n</p>\n"},
        example{"[us](https://a.example/?x=1&y=2)",
                "<p><a href=\"https://a.example/?x=1&amp;y=2\" rel=\"noopener noreferrer\">us</a>\n</p>\n"},
        example{"[no](javascript:alert(1))", "<p>[no](javascript:alert(1))\n</p>\n"},
        example{"[no](//evil.example)", "<p>[no](//evil.example)\n</p>\n"},
        example{"<script>alert('x')</script>", "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\n</p>\n"},
        example{"[\"><img>](/faq)",
                "<p><a href=\"/faq\" rel=\"noopener noreferrer\">&quot;&gt;&lt;img&gt;</a>\n</p>\n"},
        example{"```\n<b>\n# x\n```\n> said", "<pre>&lt;b&gt;\n# x\n</pre>\n<blockquote>said\n</blockquote>\n"},
        example{"\\*not\\*", "<p>*not*\n</p>\n"}, example{"", ""}));

}  // namespace
}  // namespace kindred::api
