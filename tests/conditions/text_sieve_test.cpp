#include "engine/conditions/text_sieve.hpp"

#include "engine/conditions/folding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::conditions {
namespace {

RC_GTEST_PROP(TextSieve, NeverMissesAPartOfItsText, (const std::string& text)) {
    const auto begin = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    const auto size = *rc::gen::inRange<std::size_t>(0, text.size() - begin + 1);
    RC_ASSERT(text_sieve(text).may_contain(std::string_view(text).substr(begin, size)));
}

TEST(TextSieve, TellsMostOtherPhrasesApart) {
    const text_sieve sieve("where is my order? it should have been here last week and i need it for saturday.");
    int passed = 0;
    for (const char* each : {"smoke", "sparks", "refund", "warranty", "invoice", "payment", "credit card", "humo",
                             "factura", "devolver", "wholesale", "firmware"})
        passed += sieve.may_contain(each) ? 1 : 0;
    EXPECT_LE(passed, 1) << "a sieve that lets everything through is of no use";
    EXPECT_TRUE(sieve.may_contain("my order"));
    EXPECT_TRUE(sieve.may_contain("zz")) << "two letters are too few to tell";
    EXPECT_FALSE(text_sieve("").may_contain("abc"));
}

/// ASCII is folded by a way of its own: it must come to the same.
RC_GTEST_PROP(FoldPhrase, OfAsciiIsTheSameWithALetterBehindIt, ()) {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::elementOf(std::string(" \t\n\r\v\fAZaz09._-")), rc::gen::inRange<char>(0, 127)));
    auto longer = fold_phrase(text + "x\u00E9");
    ASSERT_TRUE(longer.ends_with("x\u00E9"));
    longer.resize(longer.size() - std::string_view("x\u00E9").size());
    while (longer.ends_with(' ')) longer.pop_back();
    RC_ASSERT(fold_phrase(text) == longer);
}

}  // namespace
}  // namespace kindred::conditions
