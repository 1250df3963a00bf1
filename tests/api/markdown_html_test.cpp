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
        example{"# Hello\nyou\n\nthere", "<h1>Hello</h1>\n<p>you</p>\n<p>there</p>\n"},
        example{"- a\n- b\n\n1. one", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>one</li>\n</ol>\n"},
        example{"**bold** and *fine* `a<b`", "<p><strong>bold</strong> and <em>fine</em> <code>a&lt;b</code></p>\n"},
        example{"[us](https://a.example/?x=1&y=2)", "<p><a href=\"https://a.example/?x=1&amp;y=2\">us</a></p>\n"},
        example{"www.example.org ~~no~~",
                "<p><a href=\"http://www.example.org\">www.example.org</a> <del>no</del></p>\n"},
        example{"|a|\n|-|\n|1|",
                "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n"
                "</table>\n"},
        example{"[no](javascript:alert(1))", "<p><a href=\"\">no</a></p>\n"},
        example{"[no](JaVa&#115;cript:alert(1))", "<p><a href=\"\">no</a></p>\n"},
        example{"![no](data:text/html,x)", "<p><img src=\"\" alt=\"no\" /></p>\n"},
        example{"<script>alert('x')</script>", "<!-- raw HTML omitted -->\n"},
        example{"a <b onclick=x>c</b>", "<p>a <!-- raw HTML omitted -->c<!-- raw HTML omitted --></p>\n"},
        example{"```\n<b>\n```\n> said",
                "<pre><code>&lt;b&gt;\n</code></pre>\n<blockquote>\n<p>said</p>\n</blockquote>\n"},
        example{"a\xFFz", "<p>a\xEF\xBF\xBDz</p>\n"}, example{"", ""}));

}  // namespace
}  // namespace kindred::api
