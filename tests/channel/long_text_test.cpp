#include "engine/channel/long_text.hpp"

#include "engine/base/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kindred::channel {
namespace {

using parts = std::vector<std::string>;

TEST(LongText, IsCountedAsTheProviderCounts) {
    struct row {
        std::string_view text;
        std::size_t code_points, utf16, bytes;
    };
    for (const auto& [text, code_points, utf16, bytes] : std::initializer_list<row>{
             {"", 0, 0, 0},
             {"abc", 3, 3, 3},
             {"äöü", 3, 3, 6},
             {"日本", 2, 2, 6},
             {"🚚", 1, 2, 4},
             {"👩‍👩‍👧", 5, 8, 18},
         }) {
        EXPECT_EQ(length_of(text, text_unit::code_points), code_points) << text;
        EXPECT_EQ(length_of(text, text_unit::utf16), utf16) << text;
        EXPECT_EQ(length_of(text, text_unit::bytes), bytes) << text;
    }
}

TEST(LongText, IsCutAtParagraphsThenSentencesThenWordsThenGraphemes) {
    struct row {
        std::string_view text;
        text_limit limit;
        parts wanted;
    };
    for (const auto& [text, limit, wanted] : std::initializer_list<row>{
             {"short", {0}, {"short"}},
             {"short", {5}, {"short"}},
             {"One two three.\n\nFour. Five six.", {20}, {"One two three.", "Four. Five six."}},
             {"One two. Three four. Five six.", {22}, {"One two. Three four.", "Five six."}},
             {"one two three four", {9}, {"one two", "three", "four"}},
             {"abcdefghij", {4}, {"abcd", "efgh", "ij"}},
             {"a"
              "e\u0301"
              "e\u0301"
              "b",
              {3, text_unit::code_points},
              {"ae\u0301",
               "e\u0301"
               "b"}},
             {"🇩🇪🇫🇷", {3, text_unit::code_points}, {"🇩🇪", "🇫🇷"}},
             {"ääää", {5, text_unit::bytes}, {"ää", "ää"}},
             {"🚚🚚🚚", {5, text_unit::utf16}, {"🚚🚚", "🚚"}},
         }) {
        const auto made = split_text(text, limit);
        ASSERT_TRUE(made) << text;
        EXPECT_EQ(*made, wanted) << text;
    }
}

TEST(LongText, RefusesWhatCannotBeCut) {
    EXPECT_EQ(split_text("👩‍👩‍👧 and more", {4, text_unit::bytes}).error().code, errc::invalid);
    EXPECT_EQ(split_text("\xff\xfe and more", {4}).error().code, errc::invalid);
}

TEST(LongText, EveryPartFitsAndNothingButWhiteSpaceIsLost) {
    const parts pieces{"a",      "word ", "Sätze. ", "\n\n", "e\u0301", "🇩🇪", "👩‍👩‍👧",
                       "日本語", " ",     "한국",    "\r\n"};
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (auto count = random() % 120; count > 0; --count) text += pieces[random() % pieces.size()];
        const text_limit limit{20 + random() % 60, static_cast<text_unit>(1 + random() % 3)};
        const auto made = split_text(text, limit);
        ASSERT_TRUE(made);
        std::string together;
        for (const auto& part : *made) {
            EXPECT_LE(length_of(part, limit.counted_in), limit.most);
            EXPECT_TRUE(is_utf8(part));
            together += part;
        }
        const auto squeezed = [](std::string from) {
            std::erase_if(from, [](char letter) { return letter == ' ' || letter == '\n' || letter == '\r'; });
            return from;
        };
        ASSERT_EQ(squeezed(together), squeezed(text));
    }
}

}  // namespace
}  // namespace kindred::channel
