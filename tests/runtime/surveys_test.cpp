#include "engine/base/text.hpp"
#include "engine/runtime/surveys/asked_survey.hpp"
#include "engine/runtime/surveys/survey_link.hpp"
#include "engine/runtime/surveys/survey_words.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

const auto until = from_millis(1'790'000'000'000);
using rules::question_kind;

TEST(SurveyLinks, NameWhatTheyWereMadeForAndNothingElse) {
    const auto token = to_token({ticket_id{17}, 4, until}, "secret");
    EXPECT_TRUE(token.starts_with("17-4-1790000000-"));
    const auto read = survey_link_from(token, "secret");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->ticket, ticket_id{17});
    EXPECT_EQ(read->entry, 4U);
    EXPECT_EQ(read->until, until);
}

TEST(SurveyLinks, AreRefusedHoweverLittleIsChanged) {
    const auto token = to_token({ticket_id{17}, 4, until}, "secret");
    EXPECT_FALSE(survey_link_from(token, "another"));
    EXPECT_FALSE(survey_link_from(token, ""));
    EXPECT_FALSE(survey_link_from(token + "A", "secret"));
    for (std::size_t at = 0; at < token.size(); ++at) {
        auto changed = token;
        changed[at] = changed[at] == '1' ? '2' : '1';
        EXPECT_FALSE(survey_link_from(changed, "secret")) << changed;
        EXPECT_FALSE(survey_link_from(token.substr(0, at), "secret")) << at;
    }
    // Signed by us, for another ticket: what is signed is all of it.
    const auto other = to_token({ticket_id{1}, 74, until}, "secret");
    EXPECT_FALSE(survey_link_from("17-4" + other.substr(other.find("-1790")), "secret"));
}

asked_survey a_survey() {
    asked_survey made;
    made.name = "how we \"did\"";
    made.entry = 9;
    made.way = answer_way::digits;
    made.language = "es-MX";
    made.asked_at = until - std::chrono::days{14};
    made.until = until;
    made.questions = {{"csat", question_kind::csat, "¿Feliz?", {}},
                      {"loves", question_kind::preference, "What?", {{"light", "La luz"}, {"price", "The price"}}},
                      {"why", question_kind::text, "Why?", {}}};
    made.answers = {{"csat", question_kind::csat, 4, "", ""}};
    made.open = 1;
    return made;
}

TEST(AskedSurveys, AreKeptWithTheTicketBesideWhatIsKeptOfItsDecision) {
    ticket about;
    about.decision = R"({"stage":"considering","transfers":2,"route":"r"})";
    EXPECT_FALSE(survey_of(about));
    keep_survey(about, a_survey());
    const auto read = survey_of(about);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->name, "how we \"did\"");
    EXPECT_EQ(read->entry, 9U);
    EXPECT_EQ(read->way, answer_way::digits);
    EXPECT_EQ(read->until, until);
    EXPECT_EQ(read->questions.size(), 3U);
    EXPECT_EQ(read->questions[1].options[1].text, "The price");
    EXPECT_EQ(read->answers, a_survey().answers);
    EXPECT_EQ(read->open, 1U);
    EXPECT_FALSE(read->link_used);
    EXPECT_TRUE(read->has_unanswered());
    EXPECT_NE(about.decision.find(R"("route":"r")"), std::string::npos);
    EXPECT_NE(about.decision.find(R"("transfers":2)"), std::string::npos);
}

TEST(SurveyAnswers, AreNumbersOfTheirScale) {
    const auto survey = a_survey();
    for (const std::string wrong : {"", "0", "6", "10", "-1", "4.5", "4!", "four", "04 ", "999999999999999999999"})
        EXPECT_FALSE(read_answer(survey.questions[0], wrong)) << wrong;
    for (int value = 1; value <= 5; ++value)
        EXPECT_EQ(read_answer(survey.questions[0], std::to_string(value))->value, value);
    const asked_question nps{"nps", question_kind::nps, "?", {}};
    EXPECT_EQ(read_answer(nps, "0")->value, 0);
    EXPECT_EQ(read_answer(nps, "10")->value, 10);
    EXPECT_FALSE(read_answer(nps, "11"));
}

TEST(SurveyAnswers, ChooseAnOptionByItsPlace) {
    const auto survey = a_survey();
    const auto chosen = read_answer(survey.questions[1], "2");
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->choice, "price");
    EXPECT_EQ(chosen->text, "The price");
    EXPECT_FALSE(chosen->value);
    EXPECT_FALSE(read_answer(survey.questions[1], "0"));
    EXPECT_FALSE(read_answer(survey.questions[1], "3"));
}

TEST(SurveyAnswers, InWordsAreBoundedTextWithoutCardNumbers) {
    const auto why = a_survey().questions[2];
    EXPECT_EQ(read_answer(why, "4111111111111111")->text, "************1111");
    EXPECT_EQ(read_answer(why, "5")->text, "5");
    EXPECT_FALSE(read_answer(why, "5")->value);
    EXPECT_TRUE(read_answer(why, std::string(longest_survey_text, 'x')));
    EXPECT_EQ(read_answer(why, std::string(longest_survey_text + 1, 'x')).error().code, errc::too_large);
    EXPECT_EQ(read_answer(why, "\xff").error().code, errc::invalid);
}

TEST(SurveyWords, AreWholeInEveryLanguage) {
    for (const std::string language : {"en", "es", "de", "fr", "pt"}) {
        const auto& words = survey_words_in(language);
        EXPECT_EQ(words.language, language);
        EXPECT_NE(words.reply_with.find("{low}"), std::string_view::npos) << language;
        EXPECT_NE(words.reply_with.find("{high}"), std::string_view::npos) << language;
        EXPECT_TRUE(words.more.ends_with(" {link}")) << language;
        for (const auto text : {words.title, words.invitation, words.thanks, words.optional, words.used, words.expired,
                                words.forged, words.nothing_said})
            EXPECT_FALSE(text.empty()) << language;
        for (const auto kind : {question_kind::csat, question_kind::nps, question_kind::ces})
            EXPECT_NE(ends_of(words, kind).low, ends_of(words, kind).high) << language;
    }
    EXPECT_EQ(survey_words_in("es-MX").language, "es");
    EXPECT_EQ(survey_words_in("xx").language, "en");
    EXPECT_EQ(filled("{low} to {low}", "{low}", "1"), "1 to 1");
}

}  // namespace
}  // namespace kindred::runtime
