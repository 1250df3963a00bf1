#include "engine/rules/surveys.hpp"

#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kindred::rules {
namespace {

using testing_support::compiled;
using testing_support::example_with;

const auto now = from_millis(1'790'000'000'000);

std::vector<std::uint64_t> sampled(const survey_definition& survey, std::uint64_t tickets,
                                   std::vector<chosen_segment> segments = {}) {
    std::vector<std::uint64_t> taken;
    for (std::uint64_t id = 1; id <= tickets; ++id)
        if (is_in_sample(survey, {ticket_id{id}, {}, segments, {}, {}})) taken.push_back(id);
    return taken;
}

survey_definition survey_of(double share, std::int64_t seed) {
    survey_definition made;
    made.name = "how we did";
    made.share = share;
    made.seed = seed;
    return made;
}

TEST(SurveySamples, AreTheSameForTheSameSeedAndOthersForAnother) {
    const auto first = sampled(survey_of(25, 7), 10'000);
    EXPECT_EQ(sampled(survey_of(25, 7), 10'000), first);
    EXPECT_NEAR(static_cast<double>(first.size()), 2'500, 130);  // three standard deviations
    const auto other = sampled(survey_of(25, 8), 10'000);
    EXPECT_NE(other, first);
    EXPECT_NEAR(static_cast<double>(other.size()), 2'500, 130);
    EXPECT_TRUE(sampled(survey_of(0, 7), 10'000).empty());
    EXPECT_EQ(sampled(survey_of(100, 7), 10'000).size(), 10'000U);
}

// Whoever is in a small sample is in every larger one: raising a share asks more, never others.
TEST(SurveySamples, GrowWithTheShare) {
    std::set<std::uint64_t> smaller;
    for (const double share : {1.0, 5.5, 20.0, 60.0, 99.9}) {
        const auto taken = sampled(survey_of(share, 1), 3'000);
        const std::set<std::uint64_t> now_taken(taken.begin(), taken.end());
        EXPECT_TRUE(std::includes(now_taken.begin(), now_taken.end(), smaller.begin(), smaller.end())) << share;
        smaller = now_taken;
    }
}

TEST(SurveySamples, AreOfSingleSegmentsWhereTheSurveySaysSo) {
    auto survey = survey_of(10, 1);
    survey.shares = {{"value", {{"vip", 100.0}, {"newcomer", 0.0}}}, {"stage", {{"expanding", 50.0}}}};
    EXPECT_EQ(sampled(survey, 1'000, {{"value", "vip", false}}).size(), 1'000U);
    EXPECT_TRUE(sampled(survey, 1'000, {{"value", "newcomer", false}}).empty());
    EXPECT_EQ(sampled(survey, 1'000, {{"value", "regular", false}}), sampled(survey_of(10, 1), 1'000));
    std::size_t expanding = 0;
    for (std::uint64_t id = 1; id <= 1'000; ++id)
        if (is_in_sample(survey, {ticket_id{id}, {}, {{"value", "regular", false}}, "expanding", {}})) ++expanding;
    EXPECT_NEAR(static_cast<double>(expanding), 500, 50);
}

class ASurvey : public testing::Test {
protected:
    const survey_definition* chosen(surveyed_ticket about = {ticket_id{1}, {}, {}, {}, {}}) const {
        const empty_board board;
        return survey_for(rules_.compiled(), {contact_, who_, now, board}, about);
    }
    static std::string name_of(const survey_definition* survey) { return survey == nullptr ? "" : survey->name; }

    ruleset rules_ = compiled(example_with({{"surveys.yaml", R"(surveys:
  - { name: never, ask: "Why?", share: 0% }
  - name: handed about
    when: { ticket.transfers: { at_least: 2 } }
    ask: [{ kind: csat, text: { en: "Happy?", es: "¿Feliz?" } }, "Why?", "And why?"]
    at_most_every: 30d
  - { name: spam, when: { ticket.disposition: spam }, ask: "Was it?" }
  - { name: everybody, when: { channel.kind: chat }, ask: "How was it?", invite: Hello, expires: 2d, seed: 3 }
)"}}));
    contact contact_;
    customer who_;
};

TEST_F(ASurvey, IsTheFirstWhoseConditionHolds) {
    contact_.kind = channel_kind::email;
    EXPECT_EQ(name_of(chosen()), "");
    contact_.kind = channel_kind::chat;
    EXPECT_EQ(name_of(chosen()), "everybody");
    surveyed_ticket about{ticket_id{1}, {}, {}, {}, {}};
    about.facts.disposition = "solved";
    EXPECT_EQ(name_of(chosen(about)), "everybody");
    about.facts.disposition = "spam";
    EXPECT_EQ(name_of(chosen(about)), "spam");
    about.facts.transfers = 2;
    EXPECT_EQ(name_of(chosen(about)), "handed about");
}

TEST_F(ASurvey, LeavesWhoWasAskedLatelyToTheNext) {
    contact_.kind = channel_kind::chat;
    surveyed_ticket about{ticket_id{1}, {}, {}, {}, now - std::chrono::days{30} + duration{1}};
    about.facts.transfers = 2;
    EXPECT_EQ(name_of(chosen(about)), "everybody");
    about.asked_before = now - std::chrono::days{30};
    EXPECT_EQ(name_of(chosen(about)), "handed about");
}

TEST_F(ASurvey, NamesItsQuestionsByTheirKind) {
    const auto& questions = rules_.compiled().surveys.at(1).questions;
    ASSERT_EQ(questions.size(), 3U);
    EXPECT_EQ(questions[0].name, "csat");
    EXPECT_EQ(questions[1].name, "text");
    EXPECT_EQ(questions[2].name, "text-2");
    EXPECT_EQ(questions[2].says.at(""), "And why?");
    EXPECT_EQ(rules_.compiled().surveys.at(3).expires, std::chrono::days{2});
    EXPECT_EQ(rules_.compiled().surveys.at(1).expires, std::chrono::days{14});
}

TEST(Translations, AreTheCustomersThenTheDefaultThenAny) {
    const translations both{{"en", "Why?"}, {"es", "¿Por qué?"}};
    EXPECT_EQ(said_in(both, "es", "en"), "¿Por qué?");
    EXPECT_EQ(said_in(both, "es-MX", "en"), "¿Por qué?");
    EXPECT_EQ(said_in(both, "fr", "en"), "Why?");
    EXPECT_EQ(said_in(both, "", "es"), "¿Por qué?");
    EXPECT_EQ(said_in(both, "fr", "pt"), "Why?");
    EXPECT_EQ(said_in({{"", "Why?"}, {"es", "¿Por qué?"}}, "fr", "es"), "Why?");
    EXPECT_EQ(said_in({}, "fr", "es"), "");
}

TEST(AnswerScales, AreThoseOfTheKind) {
    EXPECT_EQ(scale_of(question_kind::csat, 0)->most, 5);
    EXPECT_EQ(scale_of(question_kind::nps, 0)->least, 0);
    EXPECT_EQ(scale_of(question_kind::ces, 0)->most, 7);
    EXPECT_EQ(scale_of(question_kind::preference, 3)->most, 3);
    EXPECT_FALSE(scale_of(question_kind::preference, 0));
    EXPECT_FALSE(scale_of(question_kind::text, 0));
    for (const auto kind :
         {question_kind::csat, question_kind::nps, question_kind::ces, question_kind::text, question_kind::preference})
        EXPECT_EQ(question_kind_named(name_of(kind)), kind);
}

}  // namespace
}  // namespace kindred::rules
