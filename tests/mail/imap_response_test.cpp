#include "engine/mail/imap_response.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using mail::imap_reader;
using mail::imap_response;

std::vector<imap_response> read(std::string_view bytes, std::size_t step, std::size_t most = 1000) {
    imap_reader reader(most);
    std::vector<imap_response> all;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        EXPECT_TRUE(reader.take(bytes.substr(at, step)));
        while (auto one = reader.next()) all.push_back(std::move(*one));
    }
    return all;
}

TEST(ImapResponse, IsTheSameHoweverTheBytesArrive) {
    const std::string bytes =
        "* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"
        "* 23 EXISTS\r\n"
        "* 1 FETCH (UID 7 BODY[] {12}\r\nSubject: x\r\n)\r\n"
        "+ idling\r\n"
        "k1 OK [READ-ONLY] done\r\n";
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        const auto all = read(bytes, step);
        ASSERT_EQ(all.size(), 5U) << step;
        EXPECT_EQ(all[0].word(), "OK");
        EXPECT_TRUE(all[0].has("idle"));
        EXPECT_EQ(all[1].count_of("EXISTS"), 23U);
        EXPECT_EQ(all[1].count_of("FETCH"), std::nullopt);
        EXPECT_EQ(all[2].count_of("FETCH"), 1U);
        EXPECT_EQ(all[2].number_after("UID"), 7U);
        ASSERT_EQ(all[2].literals.size(), 1U);
        EXPECT_EQ(all[2].literals[0], "Subject: x\r\n");
        EXPECT_EQ(all[3].tag, "+");
        EXPECT_EQ(all[4].tag, "k1");
        EXPECT_EQ(all[4].word(), "OK");
    }
}

TEST(ImapResponse, NumbersAreThoseOfTheWordAndOfNoLongerOne) {
    imap_response one;
    one.tag = "*";
    one.text = "5 FETCH (X-UID 3 UID 4392 RFC822.SIZE 44827)";
    EXPECT_EQ(one.number_after("UID"), 4392U);
    EXPECT_EQ(one.number_after("RFC822.SIZE"), 44827U);
    EXPECT_EQ(one.number_after("SIZE"), std::nullopt);
    one.text = "OK [UIDVALIDITY 3857529045] UIDs valid";
    EXPECT_EQ(one.number_after("uidvalidity"), 3857529045U);
    one.text = "OK [UIDNEXT] odd";
    EXPECT_EQ(one.number_after("UIDNEXT"), std::nullopt);
    one.text = "OK [UIDNEXT 99999999999999999999999] odd";
    EXPECT_EQ(one.number_after("UIDNEXT"), std::nullopt);
}

TEST(ImapResponse, AnEmptyLiteralAndSeveralOfThemAreRead) {
    const auto all = read("* 1 FETCH (A {0}\r\n B {2}\r\nxy C {1+}\r\nz)\r\n", 3);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].literals, (std::vector<std::string>{"", "xy", "z"}));
    EXPECT_EQ(all[0].text, "1 FETCH (A {} B {} C {})");
}

TEST(ImapResponse, MoreThanWasAskedForIsRefused) {
    imap_reader small(10);
    EXPECT_EQ(small.take("* 1 FETCH (BODY[] {11}\r\n").error().code, errc::too_large);
    imap_reader endless(10);
    EXPECT_EQ(endless.take(std::string(70'000, 'x')).error().code, errc::too_large);
    imap_reader many(10);
    std::string literals = "* 1 FETCH (";
    for (int i = 0; i < 20; ++i) literals += "A {1}\r\nx ";
    EXPECT_EQ(many.take(literals + ")\r\n").error().code, errc::too_large);
    imap_reader other(10);
    EXPECT_EQ(other.take("\r\n").error().code, errc::invalid);
}

TEST(ImapResponse, WhatCannotBeQuotedIsNotSent) {
    EXPECT_EQ(*mail::imap_quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
    EXPECT_FALSE(mail::imap_quoted("a\r\nk2 LOGOUT"));
    EXPECT_FALSE(mail::imap_quoted("pass\xC3\xA9"));
}

}  // namespace
}  // namespace kindred::testing
