#include "engine/understanding/article_finder.hpp"

#include "engine/understanding/evaluation.hpp"
#include "tests/understanding/support/samples.hpp"

#include <gtest/gtest.h>
#include <map>

namespace kindred::understanding {
namespace {

const std::vector<searchable_article> shop{
    {{"Opening hours"}, "The shop is open from nine to six, on Saturdays until two."},
    {{"How to reset a password", "I cannot log in"}, "Press the link below the form and follow the mail."},
    {{"Returns and refunds", "send an item back", "money back"}, "Print the label; the courier takes it along."},
    {{"Delivery times"}, "Parcels take three days; the courier rings twice."},
};

std::vector<std::size_t> found(const article_finder& finder, const char* text) {
    std::vector<std::size_t> places;
    for (const auto& hit : finder.find(grams_of(text))) places.push_back(hit.article);
    return places;
}

TEST(articles, AreFoundByTheirQuestionsTheirBodiesAndDespiteSlips) {
    const article_finder finder(shop);
    EXPECT_FALSE(finder.has_classifier());
    EXPECT_EQ(found(finder, "when are you open?").front(), 0U);
    EXPECT_EQ(found(finder, "resetting my pasword").front(), 1U);
    EXPECT_EQ(found(finder, "i want my money back").front(), 2U);
    EXPECT_EQ(found(finder, "does it take three days").front(), 3U);
    EXPECT_EQ(found(finder, "print labels").front(), 2U) << "by its body alone";
    EXPECT_TRUE(found(finder, "").empty());
    EXPECT_TRUE(found(finder, "\u663E\u793A").empty());
}

TEST(articles, CountAQuestionForMoreThanABody) {
    const article_finder finder(std::vector<searchable_article>{{{"Shipping"}, "invoice invoice"}, {{"Invoice"}, ""}});
    EXPECT_EQ(found(finder, "invoice").front(), 1U);
}

TEST(articles, AreThoseThatAreAllowed) {
    const article_finder finder(shop);
    const auto hits = finder.find(grams_of("money back"), [](std::size_t article) { return article != 2; });
    for (const auto& hit : hits) EXPECT_NE(hit.article, 2U);
    EXPECT_LE(finder.find(grams_of("the courier takes the parcel"), {}, 1).size(), 1U);
}

TEST(articles, LeaveOutTheVeryTextWhenAsked) {
    const std::vector<searchable_article> two{{{"alpha beta"}, ""}, {{"alpha gamma"}, ""}};
    EXPECT_EQ(found(article_finder(two), "Alpha  beta").front(), 0U);
    const article_finder finder(two, article_finder::same_text::is_left_out);
    EXPECT_EQ(found(finder, "Alpha  beta").front(), 1U);
}

std::vector<searchable_article> articles_of(const std::vector<labelled_text>& rows) {
    std::map<std::string, searchable_article> by_label;
    for (const auto& row : rows) by_label[row.label].questions.push_back(row.text);
    std::vector<searchable_article> made;
    for (auto& [label, article] : by_label) made.push_back(std::move(article));
    return made;
}

TEST(articles, AreFoundWithAClassifierWhereThereAreEnoughQuestions) {
    const article_finder finder(articles_of(sample_rows("intents.csv")));
    EXPECT_TRUE(finder.has_classifier());
    const std::vector<std::string> order{"delivery", "invoice", "login", "person", "refund"};
    rank_tally tally;
    for (const auto& row : sample_rows("questions.csv")) {
        if (row.label == none_label) continue;
        std::vector<std::string_view> names;
        for (const auto& hit : finder.find(grams_of(row.text))) names.push_back(order[hit.article]);
        tally.add(names, row.label);
    }
    EXPECT_GE(tally.top1(), 0.9);
}

}  // namespace
}  // namespace kindred::understanding
