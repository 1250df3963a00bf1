#include "engine/rules/text_watch.hpp"

#include "engine/conditions/folding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace kindred::rules {
namespace {

constexpr conditions::fact_id text{3};
constexpr conditions::fact_id other{4};

conditions::condition asks(conditions::fact_id fact, conditions::operand wanted) {
    return {conditions::fact_test{fact, std::move(wanted), {}, {}}, 0};
}

conditions::condition any_of(std::vector<conditions::condition> members) {
    return {conditions::condition_group{conditions::group_kind::any, std::move(members), {}}, 0};
}

text_watch watching(const std::vector<std::string>& phrases) {
    text_watch made;
    std::vector<conditions::condition> all;
    for (const auto& each : phrases) all.push_back(asks(text, conditions::has_words{{conditions::fold_phrase(each)}}));
    made.add(any_of(std::move(all)), text);
    made.finish();
    return made;
}

TEST(text_watch, hears_a_phrase_once_however_it_is_written) {
    const auto watch = watching({"refund", "credit card", "größe"});
    const struct {
        const char* words;
        bool news;
    } said[] = {
        {"Where is my order?", false},        {"I want a REFUND.", true},
        {"A refund, please!", false},         {"My credit", false},
        {"  card does not work", true},       {"Falsche GRÖSSE", true},
        {"refund, credit card: when", false}, {"", false},
    };
    text_watch::heard so_far;
    for (const auto& each : said) EXPECT_EQ(watch.hear(so_far, each.words), each.news) << each.words;
    EXPECT_EQ(so_far.phrases.size(), 3U);
}

TEST(text_watch, cannot_say_of_anything_but_words_that_nothing_changes) {
    const conditions::operand operands[] = {conditions::has_edge{"ref", false}, conditions::has_edge{"und", true},
                                            conditions::is_known{true}, conditions::is_one_of{{1}, false}};
    for (const auto& each : operands) {
        text_watch watch;
        watch.add(any_of({asks(other, conditions::is_known{}), asks(text, each)}), text);
        watch.finish();
        text_watch::heard so_far;
        EXPECT_TRUE(watch.hear(so_far, "nothing"));
    }
}

TEST(text_watch, of_rules_that_ask_for_no_words_hears_nothing) {
    text_watch watch;
    watch.add(asks(other, conditions::has_words{{"refund"}}), text);
    watch.finish();
    text_watch::heard so_far;
    EXPECT_FALSE(watch.hear(so_far, "refund"));
}

TEST(text_watch, hears_what_the_whole_text_has_and_nothing_else) {
    const std::vector<std::string> pieces{"a",  "b",  "ab",   "ß",  "ss", "é", " ",
                                          "  ", "\n", "退款", "退", "款", "A", "."};
    std::mt19937 random(11);
    const auto piece = [&] { return pieces[random() % pieces.size()]; };
    for (int round = 0; round < 3'000; ++round) {
        std::vector<std::string> phrases;
        for (int i = 0; i < 4; ++i) {
            std::string phrase;
            for (std::size_t length = 1 + random() % 4; length > 0; --length) phrase += piece();
            const auto folded = conditions::fold_phrase(phrase);
            if (!folded.empty() && std::ranges::find(phrases, folded) == phrases.end()) phrases.push_back(folded);
        }
        const auto watch = watching(phrases);
        text_watch::heard so_far;
        std::string whole;
        std::size_t before = 0;
        for (int i = 0; i < 6; ++i) {
            std::string words;
            for (std::size_t length = random() % 6; length > 0; --length) words += piece();
            const bool news = watch.hear(so_far, words);
            if (!words.empty()) whole += (whole.empty() ? "" : "\n") + words;
            const auto folded = conditions::fold_phrase(whole);
            const auto found = static_cast<std::size_t>(std::ranges::count_if(
                phrases, [&](const auto& each) { return conditions::contains_phrase(folded, each); }));
            EXPECT_EQ(news, found != before) << folded;
            before = found;
        }
    }
}

}  // namespace
}  // namespace kindred::rules
