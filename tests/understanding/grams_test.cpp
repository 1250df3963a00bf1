#include "engine/understanding/grams.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <set>

namespace kindred::understanding {
namespace {

std::string shown(const token_text& text) {
    std::string made;
    for (const char32_t letter : text.letters) made += letter < 0x80 ? static_cast<char>(letter) : '?';
    return made;
}

TEST(tokenize, SetsWordsAndMarksApart) {
    EXPECT_EQ(shown(tokenize("Where's  my\tOrder?!")), " where ' s my order ? ! ");
    EXPECT_EQ(tokenize("Where's my order?!").tokens.size(), 7U);
    EXPECT_EQ(shown(tokenize("")), " ");
    EXPECT_EQ(shown(tokenize(" \n ")), " ");
}

TEST(tokenize, FoldsCaseAndWidthButKeepsAccents) {
    EXPECT_EQ(tokenize("STRASSE").letters, tokenize("stra\u00DFe").letters);
    EXPECT_EQ(tokenize("\uFF21\uFF22").letters, tokenize("ab").letters);
    EXPECT_NE(tokenize("te").letters, tokenize("t\u00E9").letters);
}

TEST(tokenize, TakesLettersOfChineseOneByOne) {
    const auto text = tokenize("\u663E\u793A order \u63D0\u9192");
    EXPECT_EQ(text.tokens.size(), 5U);
    EXPECT_EQ(text.letters, U" \u663E\u793A order \u63D0\u9192 ");
}

TEST(tokenize, LooksAtTheBeginningOfLongTexts) {
    std::string mail;
    for (int i = 0; i < 100'000; ++i) mail += "w\u00F6rd ";
    EXPECT_LE(tokenize(mail).letters.size(), most_letters + 2);
    EXPECT_LE(tokenize(mail, 10).letters.size(), 12U);
    EXPECT_EQ(shown(tokenize("\xFF\xFE ok")), " ? ? ok ");
}

TEST(scripts, AreToldByTheirLetters) {
    EXPECT_EQ(script_of(U'a'), script::latin);
    EXPECT_EQ(script_of(U'7'), script::other);
    EXPECT_EQ(script_of(U'\u044F'), script::cyrillic);
    EXPECT_EQ(script_of(U'\u3042'), script::kana);
    EXPECT_EQ(script_of(U'\u793A'), script::han);
    EXPECT_TRUE(is_spaceless(U'\u0E01'));
    EXPECT_FALSE(is_spaceless(U'\uAC00')) << "Korean has spaces";
}

/// Model files hold these hashes: a change makes every model worthless and needs another version of the file.
TEST(grams, NeverChange) {
    const auto text = grams_of("Ab cde");
    EXPECT_EQ(text.words, (std::vector<std::uint32_t>{1637148228U, 3216339994U}));
    EXPECT_EQ(text.pairs, (std::vector<std::uint32_t>{2787881114U}));
    EXPECT_EQ(text.pieces.front(), 1623181951U);
    EXPECT_EQ(text.bridges.front(), 1332527935U);
}

TEST(grams, AreWordsPairsPiecesAndBridges) {
    const auto text = grams_of("ab cde");  // " ab cde "
    EXPECT_EQ(text.words.size(), 2U);
    EXPECT_EQ(text.pairs.size(), 1U);
    // " a" " ab" " ab " "ab" "ab " "b " " c" " cd" " cde" " cde " "cd" "cde" "cde " "de" "de " "e "
    EXPECT_EQ(text.pieces.size(), 16U);
    // " ab c" "ab c" "ab cd" "b c" "b cd" "b cde"
    EXPECT_EQ(text.bridges.size(), 6U);
}

TEST(grams, StemsAreTheFirstFourLetters) {
    EXPECT_EQ(grams_of("returns").stems, grams_of("returning").stems);
    EXPECT_NE(grams_of("returns").words, grams_of("returning").words);
    EXPECT_NE(grams_of("ret").stems, grams_of("returns").stems);
}

RC_GTEST_PROP(grams, AreBoundedByTheText, (const std::string& text)) {
    const auto tokens = tokenize(text);
    const auto found = grams_of(tokens);
    RC_ASSERT(found.words.size() == tokens.tokens.size());
    RC_ASSERT(found.stems.size() == tokens.tokens.size());
    RC_ASSERT(found.pieces.size() + found.bridges.size() <= 4 * tokens.letters.size());
    RC_ASSERT(tokens.letters.front() == U' ');
    RC_ASSERT(tokens.letters.back() == U' ');
}

}  // namespace
}  // namespace kindred::understanding
