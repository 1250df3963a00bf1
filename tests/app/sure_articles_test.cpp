// How sure self-service may be of its articles: over the demo's, in both languages, by labelled questions.
#include "engine/understanding/sure_articles.hpp"
#include "engine/app/understanding_commands.hpp"
#include "engine/base/json.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/understanding/csv.hpp"
#include "engine/understanding/evaluation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

const std::filesystem::path source = KINDRED_SOURCE_DIR;

std::filesystem::path questions_in(const std::string& language) {
    return source / "tests/understanding/samples" / ("faq_questions_" + language + ".csv");
}

/// Text and label; no text has a comma.
std::vector<std::pair<std::string, std::string>> labelled(const std::string& language) {
    std::vector<std::pair<std::string, std::string>> rows;
    std::ifstream in(questions_in(language));
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) rows.emplace_back(line.substr(0, line.find(',')), line.substr(line.find(',') + 1));
    return rows;
}

struct judged_language {
    std::vector<understanding::judged_answer> answers;
    std::size_t answerable = 0;
};

judged_language judged(const std::string& language) {
    const auto read = rules::load_folder(source / "rules");
    const understanding::sure_articles articles(read.rules.value().compiled().library);
    judged_language made;
    for (const auto& [text, label] : labelled(language)) {
        const auto found = articles.find(understanding::grams_of(std::string_view(text)), {language}, 2);
        const auto next = found.size() > 1 ? found[1].nearness : 0;
        made.answers.push_back({found.empty() ? 0 : understanding::confidence_of(found.front().nearness, next),
                                !found.empty() && found.front().id == label});
        if (label != "none") ++made.answerable;
    }
    return made;
}

class SureArticles : public testing::TestWithParam<const char*> {};

TEST_P(SureArticles, AreRightAsOftenAsTheyAreSure) {
    const auto made = judged(GetParam());
    ASSERT_EQ(made.answers.size(), 126U);
    ASSERT_EQ(made.answerable, 94U);
    const auto at_usual = understanding::answers_at(made.answers, 0.8);
    EXPECT_GE(at_usual.precision(), 0.95);
    EXPECT_GE(static_cast<double>(at_usual.right) / static_cast<double>(made.answerable), 0.45);
    for (const double least : {0.5, 0.6, 0.7, 0.9})
        EXPECT_GE(understanding::answers_at(made.answers, least).precision(), least) << least;
    // Of each fifth of confidences the share of right answers is near their mean: within what so few can show.
    std::array<std::vector<understanding::judged_answer>, 5> fifths;
    for (const auto& each : made.answers)
        fifths.at(std::min<std::size_t>(4, static_cast<std::size_t>(each.confidence * 5))).push_back(each);
    for (const auto& fifth : fifths) {
        if (fifth.size() < 10) continue;
        double sure = 0;
        double right = 0;
        for (const auto& each : fifth) {
            sure += each.confidence;
            right += each.right ? 1 : 0;
        }
        const auto count = static_cast<double>(fifth.size());
        EXPECT_NEAR(right / count, sure / count, 0.25) << count;
    }
}

INSTANTIATE_TEST_SUITE_P(InBothLanguages, SureArticles, testing::Values("en", "es"));

TEST(SureArticles, AreTheSurerTheNearerAndTheFurtherFromTheNext) {
    double before = 0;
    for (double nearness = 0; nearness <= 2; nearness += 0.1) {
        const auto alone = understanding::confidence_of(nearness, 0);
        EXPECT_GE(alone, before);
        EXPECT_LE(understanding::confidence_of(nearness, nearness / 2), alone);
        EXPECT_GT(alone, 0);
        EXPECT_LE(alone, 1);
        before = alone;
    }
    EXPECT_EQ(understanding::confidence_of(0.5, 0.5), understanding::confidence_of(0.5, 0.7));
}

TEST(SureArticles, AreMeasuredByACommand) {
    understand_arguments given;
    given.folder = (source / "rules").string();
    given.evaluate = questions_in("en").string();
    given.answers = true;
    given.json = true;
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    ASSERT_EQ(run_understand(given, in, out, err), 0) << err.str();
    const auto said = json::document::parse(out.str());
    ASSERT_TRUE(said) << out.str();
    EXPECT_EQ((*said)["texts"].integer(), 126);
    std::optional<std::int64_t> before;
    (*said)["answers"].for_each([&](json::value each) {
        EXPECT_LE(each["right"].integer().value(), each["answered"].integer().value());
        if (before) EXPECT_LE(each["answered"].integer().value(), *before);
        before = each["answered"].integer();
    });
    EXPECT_GT(before.value_or(0), 0);
}

}  // namespace
}  // namespace kindred::app
