#include "engine/runtime/arrivals/inquiries.hpp"

#include "tests/runtime/support/answering_machine.hpp"
#include "tests/runtime/support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace kindred::runtime {
namespace {

using channel::inquiry;
using channel::inquiry_answer;
using channel::inquiry_answers;

inquiry question(const std::string& key, duration good_for = std::chrono::hours{1}) {
    inquiry made;
    made.key = key;
    made.url = "https://provider.example/" + key;
    made.good_for = good_for;
    return made;
}

class Inquiries : public ::testing::Test {
protected:
    std::optional<inquiry_answers> ask(const std::vector<inquiry>& all, const std::string& channel = "mail") {
        auto got = std::make_shared<std::optional<inquiry_answers>>();
        last = got;
        asks.ask(channel, all, [got](inquiry_answers answers) { *got = std::move(answers); });
        return *got;
    }
    /// What the last ask() has been given by now.
    std::optional<inquiry_answers> now_known() const { return *last; }
    void ask_at_leisure(const inquiry& one) {
        asks.ask_at_leisure("mail", one, [this](const inquiry_answer& answer) { learnt.push_back(answer.body); });
    }

    manual_clock clock;
    answering_machine far;
    std::vector<std::string> heard;
    inquiries asks{
        [this](http::http_call call, http::client::done then) { return far.take(std::move(call), std::move(then)); },
        clock,
        {.remembered = 3,
         .remembered_bytes = 100,
         .on_their_way = 2,
         .unhurried = 1,
         .at_leisure = 2,
         .failures_for = std::chrono::minutes{10}},
        [this](const std::string&, std::string_view outcome) { heard.emplace_back(outcome); }};
    std::shared_ptr<std::optional<inquiry_answers>> last;
    std::vector<std::string> learnt;
};

TEST_F(Inquiries, AnAnswerIsRememberedForAsLongAsItIsGood) {
    EXPECT_FALSE(ask({question("a")}));
    far.answer(200, "one");
    ASSERT_TRUE(now_known());
    EXPECT_EQ(now_known()->at("a").body, "one");
    const auto again = ask({question("a")});
    ASSERT_TRUE(again) << "at once, without a call";
    EXPECT_EQ(again->at("a").body, "one");
    clock.advance(std::chrono::hours{1});
    EXPECT_FALSE(ask({question("a")}));
    EXPECT_EQ(far.urls.size(), 2U);
    EXPECT_EQ(heard, (std::vector<std::string>{"answered", "remembered"}));
}

TEST_F(Inquiries, AnAnswerThatIsGoodOnceIsNotRemembered) {
    (void)ask({question("mail", duration{0})});
    far.answer(200, "the mail");
    EXPECT_FALSE(ask({question("mail", duration{0})}));
}

TEST_F(Inquiries, ChannelsDoNotShareAnswers) {
    (void)ask({question("a")}, "one");
    far.answer(200, "of one");
    EXPECT_FALSE(ask({question("a")}, "other"));
}

TEST_F(Inquiries, WhatIsBeingAskedIsNotAskedTwice) {
    EXPECT_FALSE(ask({question("a")}));
    const auto first = last;
    EXPECT_FALSE(ask({question("a")}));
    EXPECT_EQ(far.urls.size(), 1U);
    far.answer(200, "one");
    EXPECT_EQ((*first)->at("a").body, "one");
    EXPECT_EQ(now_known()->at("a").body, "one");
}

TEST_F(Inquiries, ASetIsAnsweredWhenTheLastOfItIs) {
    EXPECT_FALSE(ask({question("a"), question("b")}));
    far.answer(200, "one");
    EXPECT_FALSE(now_known());
    far.fail_with("no such host");
    ASSERT_TRUE(now_known());
    EXPECT_TRUE(now_known()->at("a").is_fine());
    EXPECT_EQ(now_known()->at("b").status, 0U);
    EXPECT_EQ(now_known()->at("b").body, "no such host");
}

TEST_F(Inquiries, AFailureIsAskedAboutAgain) {
    for (const unsigned status : {403U, 404U, 500U}) {
        EXPECT_FALSE(ask({question("a")}));
        far.answer(status, "no");
        ASSERT_TRUE(now_known());
        EXPECT_EQ(now_known()->at("a").status, status);
    }
    EXPECT_EQ(far.urls.size(), 3U);
}

TEST_F(Inquiries, MoreThanFitAreToldSoAtOnce) {
    (void)ask({question("a")});
    (void)ask({question("b")});
    const auto refused = ask({question("c")});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->at("c").status, 0U);
    EXPECT_EQ(far.urls.size(), 2U);
    EXPECT_FALSE(ask({question("a")})) << "there is room for who shares an answer";
    far.busy = true;
    far.answer(200, "a");
    const auto not_taken = ask({question("d")});
    ASSERT_TRUE(not_taken);
    EXPECT_FALSE(not_taken->at("d").is_fine());
    EXPECT_EQ(asks.pending(), 1U);
}

TEST_F(Inquiries, TheOldestAnswersAreForgottenFirst) {
    for (const auto* key : {"a", "b", "c", "d"}) {
        (void)ask({question(key)});
        far.answer(200, key);
    }
    EXPECT_TRUE(ask({question("d")}));
    EXPECT_TRUE(ask({question("b")}));
    EXPECT_FALSE(ask({question("a")})) << "only three fit";
    far.answer(200, std::string(90, 'x'));
    EXPECT_TRUE(ask({question("a")}));
    EXPECT_TRUE(ask({question("d")})) << "together they have under 100 bytes";
    (void)ask({question("e")});
    far.answer(200, std::string(101, 'x'));
    EXPECT_FALSE(ask({question("e")})) << "it alone is larger than all may be";
}

TEST_F(Inquiries, AtLeisureOneGoesAfterTheOther) {
    for (const auto* key : {"a", "b", "c", "d"}) ask_at_leisure(question(key));
    EXPECT_EQ(far.urls.size(), 1U);
    EXPECT_EQ(heard, (std::vector<std::string>{"overloaded"})) << "two wait, the last one does not fit";
    ask_at_leisure(question("b"));
    while (!far.waiting.empty()) far.answer(200, "Ann");
    EXPECT_EQ(far.urls, (std::vector<std::string>{"https://provider.example/a", "https://provider.example/b",
                                                  "https://provider.example/c"}));
    EXPECT_EQ(learnt.size(), 3U);
    EXPECT_EQ(asks.pending(), 0U);
}

TEST_F(Inquiries, AtLeisureNothingIsAskedTwiceNorAFailureForAWhile) {
    ask_at_leisure(question("a"));
    ask_at_leisure(question("a"));
    far.answer(200, "Ann");
    ask_at_leisure(question("a"));
    EXPECT_EQ(learnt, (std::vector<std::string>{"Ann"}));
    ask_at_leisure(question("b"));
    far.answer(403, "missing_scope");
    ask_at_leisure(question("b"));
    EXPECT_EQ(far.urls.size(), 2U);
    EXPECT_EQ(learnt.size(), 1U);
    clock.advance(std::chrono::minutes{10});
    ask_at_leisure(question("b"));
    EXPECT_EQ(far.urls.size(), 3U);
}

TEST_F(Inquiries, WhoNeedsAnAnswerIsNotPutOffByAFailureAtLeisure) {
    ask_at_leisure(question("a"));
    far.answer(500, "");
    EXPECT_FALSE(ask({question("a")}));
    far.answer(200, "now");
    EXPECT_EQ(now_known()->at("a").body, "now");
}

TEST_F(Inquiries, WhatTheClientDoesNotTakeAtLeisureDoesNotHoldUpTheRest) {
    far.busy = true;
    ask_at_leisure(question("a"));
    far.busy = false;
    ask_at_leisure(question("b"));
    ASSERT_EQ(far.urls.size(), 1U);
    far.answer(200, "Ben");
    EXPECT_EQ(learnt, (std::vector<std::string>{"Ben"}));
}

TEST_F(Inquiries, NothingToAskIsAnsweredAtOnce) {
    const auto nothing = ask({});
    ASSERT_TRUE(nothing);
    EXPECT_TRUE(nothing->empty());
}

}  // namespace
}  // namespace kindred::runtime
