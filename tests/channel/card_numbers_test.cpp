#include "engine/channel/card_numbers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::channel {
namespace {

struct written {
    const char* text;
    const char* kept;
};

TEST(CardNumbers, LoseAllButTheirLastFourDigits) {
    for (const auto& each : std::initializer_list<written>{
             {"4111111111111111", "************1111"},
             {"my card is 4111 1111 1111 1111, thanks", "my card is **** **** **** 1111, thanks"},
             {"4111-1111-1111-1111", "****-****-****-1111"},
             {"4111\xC2\xA0"
              "1111\xC2\xA0"
              "1111\xC2\xA0"
              "1111",
              "****\xC2\xA0****\xC2\xA0****\xC2\xA0"
              "1111"},
             {"3782 822463 10005", "**** ****** *0005"},
             {"5555555555554444 and 2223003122003222", "************4444 and ************3222"},
             {"6011111111111117;3530111333300000", "************1117;************0000"},
             {"30569309025904", "**********5904"},
             {"4222222222222", "*********2222"},
             {"6212345678900000003", "***************0003"},
             {"<td>4111111111111111</td>", "<td>************1111</td>"},
             {"2026 4111 1111 1111 1111 12 27", "2026 **** **** **** 1111 12 27"},
             {"number:4111111111111111.", "number:************1111."},
         }) {
        EXPECT_EQ(without_card_numbers(each.text), each.kept);
    }
}

TEST(CardNumbers, AreNotWhatOnlyLooksLikeOne) {
    for (const char* each : {
             "4111111111111112",            // fails the check
             "490154203237518",             // IMEI
             "356938035643809",             // IMEI that begins as JCB's, one digit short
             "9999999999999995",            // no scheme begins so
             "41111111111111111111111111",  // too long
             "order4111111111111111",       // part of a word
             "4111111111111111x",
             "4111  1111  1111  1111",  // parted by more than a blank
             "+34 612 345 678",
             "2026-11-28 14:00",
             "GB82 WEST 1234 5698 7654 32",
             "4",
             "",
             "1234 5678",
         })
        EXPECT_EQ(without_card_numbers(each), each);
}

TEST(CardNumbers, AreMaskedWhereverAPersonWritesThem) {
    const std::string card = "4111 1111 1111 1111";
    const std::string kept = "**** **** **** 1111";
    record happened;
    happened.subject = "about " + card;
    happened.text = card;
    happened.stripped_text = card;
    happened.from = "4111111111111111";
    happened.attachments.push_back({.name = "body.html", .type = "text/html; charset=utf-8", .content = "<p>" + card});
    happened.attachments.push_back({.name = "a.pdf", .type = "application/pdf", .content = card});
    EXPECT_TRUE(mask_card_numbers(happened));
    EXPECT_EQ(happened.subject, "about " + kept);
    EXPECT_EQ(happened.text, kept);
    EXPECT_EQ(happened.stripped_text, kept);
    EXPECT_EQ(happened.attachments[0].content, "<p>" + kept);
    EXPECT_EQ(happened.attachments[1].content, card) << "a file stays what it was";
    EXPECT_EQ(happened.from, "4111111111111111") << "an address is no text";
    EXPECT_FALSE(mask_card_numbers(happened));
}

/// A number of a scheme with its check digit.
std::string visa(std::uint64_t random) {
    std::string digits = "4";
    for (int each = 0; each < 14; ++each, random /= 10) digits += static_cast<char>('0' + random % 10);
    for (char last = '0'; last <= '9'; ++last)
        if (without_card_numbers(digits + last) != digits + last) return digits + last;
    return {};
}

RC_GTEST_PROP(CardNumbers, LeaveTheLengthAndEverythingElse, (const std::string& before, const std::string& after)) {
    const auto number = visa(*rc::gen::arbitrary<std::uint64_t>());
    RC_ASSERT(!number.empty());
    const auto text = before + "\n" + number + "\n" + after;
    const auto masked = without_card_numbers(text);
    RC_ASSERT(masked.size() == text.size());
    RC_ASSERT(masked.find("************" + number.substr(12)) != std::string::npos);
    for (std::size_t at = 0; at < text.size(); ++at)
        RC_ASSERT(masked[at] == text[at] || (masked[at] == '*' && text[at] >= '0' && text[at] <= '9'));
    RC_ASSERT(without_card_numbers(masked) == masked);
}

}  // namespace
}  // namespace kindred::channel
