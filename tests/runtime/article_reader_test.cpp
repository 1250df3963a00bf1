#include "engine/runtime/self_service/article_reader.hpp"

#include "engine/base/json.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace kindred::runtime {
namespace {

rules::ruleset rules_saying(const std::string& self_service) {
    auto read = rules::load(
        {{"queues.yaml", "queues: { general: {} }\n"},
         {"routing.yaml", "fallback: { queue: general }\n" + self_service + "\n"},
         {"site.yaml", "site: { languages: [en, es], default_language: en }\n"},
         {"stages.yaml", "stages: [{ name: considering }]\n"},
         {"faq/returns.md",
          "---\nid: returns\nfor: { language: en }\nquestions: [can I return a lamp]\n---\n# Sending it back\nThe "
          "label.\n"},
         {"faq/order.md",
          "---\nid: order\nfor: { language: en }\nquestions: [where is my order]\n---\n# Your order\nTwo days.\n"},
         {"faq/devoluciones.md",
          "---\nid: devoluciones\nfor: { language: es }\n---\n# Devolver una lampara\nLa etiqueta.\n"}});
    if (!read.rules) throw std::runtime_error("the rules of the test have problems: " + read.problems.front().message);
    return *read.rules;
}

std::string sure(double confidence) {
    return "self_service: { confidence: " + std::to_string(confidence) +
           ", exclude: { stage: considering }, hold: 5m }";
}

channel::record message(const std::string& text, const std::string& locale = {}) {
    channel::record made;
    made.event_id = "1";
    made.text = text;
    made.locale = locale;
    return made;
}

/// The detail, as the reader leaves it; empty: none.
std::string detail_for(channel::record happened, const std::string& self_service,
                       channel_kind kind = channel_kind::chat) {
    article_reader reader;
    const auto rules = rules_saying(self_service);
    // Where the articles were not ready within the reader's patience, they are with a later contact.
    auto patient = happened;
    for (int tries = 0; tries < 50; ++tries) {
        patient = happened;
        reader.read(patient, kind, {}, rules);
        if (!patient.details.empty()) break;
    }
    for (const auto& each : patient.details)
        if (each.name == "self_service") return each.json;
    return {};
}

/// Article and nearness, nearest first.
std::vector<std::pair<std::string, double>> found_for(const std::string& text, double confidence,
                                                      const std::string& locale = {}) {
    std::vector<std::pair<std::string, double>> found;
    const auto detail = detail_for(message(text, locale), sure(confidence));
    if (const auto parsed = json::document::parse(detail.empty() ? "{}" : detail))
        (*parsed)["articles"].for_each([&](json::value article) {
            found.emplace_back(article["id"].text(), article["nearness"].number().value_or(-1));
        });
    return found;
}

TEST(article_reader, IsSureOfTheArticlesOwnWordsAndOfNothingElse) {
    for (const auto* const own : {"Sending it back", "can I return a lamp", "Can I return a lamp??"}) {
        const auto found = found_for(own, 0.8);
        ASSERT_FALSE(found.empty()) << own;
        EXPECT_EQ(found.front().first, "returns") << own;
        EXPECT_GE(found.front().second, 0.8) << own;
    }
    EXPECT_TRUE(found_for("my kettle explodes when I sing", 0.8).empty());
    EXPECT_TRUE(found_for("", 0.8).empty());
}

TEST(article_reader, FindsNothingThatCannotBeSureEnough) {
    for (const double confidence : {0.99, 0.8, 0.5, 0.2}) {
        const auto found = found_for("can I return my order of a lamp", confidence);
        if (found.empty()) continue;
        EXPECT_GE(understanding::confidence_of(found.front().second, 0), confidence);
        for (std::size_t i = 1; i < found.size(); ++i) EXPECT_LE(found[i].second, found[i - 1].second);
    }
    EXPECT_FALSE(found_for("can I return my order of a lamp", 0.2).empty());
}

TEST(article_reader, LooksInTheContactsLanguage) {
    const auto found = found_for("devolver una lampara", 0.5, "es-MX");
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front().first, "devoluciones");
    EXPECT_TRUE(found_for("devolver una lampara", 0.5, "en").empty());
    EXPECT_TRUE(found_for("devolver una lampara", 0.5).empty()) << "the site's language where none is known";
}

TEST(article_reader, SaysUnderWhichRulesItLooked) {
    const auto parsed = json::document::parse(detail_for(message("can I return a lamp"), sure(0.8)));
    ASSERT_TRUE(parsed);
    EXPECT_EQ((*parsed)["ruleset"].text(), rules_saying(sure(0.8)).hash());
}

TEST(article_reader, FindsNothingWhereNoneMayBeSent) {
    const auto asked = message("can I return a lamp");
    EXPECT_EQ(detail_for(asked, ""), "");
    EXPECT_EQ(detail_for(asked, "self_service: { faq: no }"), "");
    EXPECT_EQ(detail_for(asked, "self_service: { confidence: 0.8, channels: email }"), "");
    EXPECT_NE(detail_for(asked, "self_service: { confidence: 0.8, channels: email }", channel_kind::email), "");
    EXPECT_EQ(detail_for(asked, sure(0.8), channel_kind::social), "") << "where nobody said so";
    EXPECT_NE(detail_for(asked, "self_service: { confidence: 0.8, channels: [chat, social] }", channel_kind::social),
              "");
    auto automatic = asked;
    automatic.answer_automatically = false;
    EXPECT_EQ(detail_for(automatic, sure(0.8)), "");
    auto call = asked;
    call.kind = channel::record_kind::call;
    EXPECT_EQ(detail_for(call, sure(0.8)), "");
    auto forged = message("my kettle explodes when I sing");
    forged.add_detail("self_service", R"({"articles":[{"id":"returns","nearness":1}]})");
    EXPECT_EQ(detail_for(forged, sure(0.8)), "") << "what somebody else says of our articles is not believed";
}

}  // namespace
}  // namespace kindred::runtime
