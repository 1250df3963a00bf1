#include "engine/knowledge/library.hpp"

#include <gtest/gtest.h>
#include <map>

namespace kindred::knowledge {
namespace {

class library_test : public testing::Test, public conditions::fact_source {
protected:
    library_test() {
        catalog.declare({"stage", conditions::fact_type::ordered_choice, {"considering", "onboarding"}, {}, false});
        catalog.declare({"channel.kind", conditions::fact_type::choice, {"phone", "chat"}, {}, false});
        catalog.declare({"customer.name", conditions::fact_type::text, {}, {}, false});
        catalog.declare({"customer.orders", conditions::fact_type::integer, {}, {}, false});
        catalog.declare({"customer.since", conditions::fact_type::time, {}, {}, false});
    }
    conditions::fact_reading read(conditions::fact_id fact) const override {
        const auto known = values.find(catalog[fact].name);
        return known == values.end()
                   ? conditions::fact_reading{}
                   : conditions::fact_reading{conditions::view_of(known->second), "test", std::nullopt};
    }
    void add(const char* file, const std::string& bytes, text_kind kind = text_kind::script) {
        all.add(kind, file, bytes, {catalog, words, nullptr, next_number, zone}, {"en", "es"}, found);
    }
    void add_script(const char* id, const std::string& fits) {
        add((std::string(id) + ".md").c_str(), std::string("---\nid: ") + id + "\nfor: " + fits + "\n---\n# T\nx\n");
    }
    std::string problems_text() const {
        std::string text;
        for (const auto& each : found.sorted()) text += settings::to_text(each) + '\n';
        return text;
    }
    std::string best(std::vector<std::string> languages = {"en"}) {
        conditions::fact_table facts(catalog, words, *this, {});
        const auto chosen = all.best_script(facts, languages);
        return chosen ? std::string(chosen->id) : "none";
    }

    conditions::fact_catalog catalog;
    conditions::vocabulary words;
    conditions::time_zone zone = *conditions::time_zone::named("America/Mexico_City");
    std::uint32_t next_number = 0;
    settings::problems found;
    library all;
    std::map<std::string, fact_value> values;
};

TEST_F(library_test, TheMostSpecificThatFitsWins) {
    add_script("anything", "{}");
    add_script("by-stage-or", "{ stage: [considering, onboarding] }");
    add_script("by-stage", "{ stage: onboarding }");
    add_script("by-both", "{ stage: onboarding, channel.kind: phone }");
    add_script("by-stage-again", "{ stage: onboarding }");
    all.finish(found);
    ASSERT_EQ(problems_text(), "");
    EXPECT_EQ(best(), "anything");
    values["stage"] = "considering";
    EXPECT_EQ(best(), "by-stage-or");
    values["stage"] = "onboarding";
    EXPECT_EQ(best(), "by-stage") << "fewer alternatives, and first in the files' order";
    values["channel.kind"] = "phone";
    EXPECT_EQ(best(), "by-both");
}

TEST_F(library_test, TheReadersLanguageComesBeforeHowWellItFits) {
    add_script("exact-english", "{ stage: onboarding, channel.kind: phone, language: en }");
    add_script("spanish", "{ language: es }");
    all.finish(found);
    values["stage"] = "onboarding";
    values["channel.kind"] = "phone";
    EXPECT_EQ(best({"es", "en"}), "spanish");
    EXPECT_EQ(best({"en"}), "exact-english");
    EXPECT_EQ(best({"fr"}), "none");
}

TEST_F(library_test, ANamedTextIsInTheFirstLanguageItExistsIn) {
    add("a.md", "---\nid: hello\nfor: { language: en }\n---\nhi\n");
    add("b.md", "---\nid: hello\nfor: { language: es }\n---\nhola\n");
    all.finish(found);
    const auto language = [&](std::vector<std::string> order) {
        return std::string(all.named(text_kind::script, "hello", order)->language);
    };
    EXPECT_EQ(language({"es", "en"}), "es");
    EXPECT_EQ(language({"fr", "en"}), "en");
    EXPECT_FALSE(language({"fr"}).empty()) << "better in another language than not at all";
    EXPECT_FALSE(all.named(text_kind::article, "hello", {}));
}

TEST_F(library_test, ArticlesAreListedOncePerIdMostSpecificFirst) {
    add("a.md", "---\nid: returns\nfor: { language: en }\n---\nx\n", text_kind::article);
    add("b.md", "---\nid: returns\nfor: { language: es }\n---\nx\n", text_kind::article);
    add("c.md", "---\nid: set-up\nfor: { stage: onboarding, language: en }\nquestions: [how, where]\n---\nx\n",
        text_kind::article);
    all.finish(found);
    ASSERT_EQ(problems_text(), "");
    values["stage"] = "onboarding";
    conditions::fact_table facts(catalog, words, *this, {});
    const auto chosen = all.fitting(text_kind::article, facts, std::vector<std::string>{"es", "en"}, 10);
    ASSERT_EQ(chosen.size(), 2U);
    EXPECT_EQ(chosen[0].id, "set-up");
    EXPECT_EQ(chosen[1].language, "es");
    EXPECT_EQ(all[chosen[0].index].questions, (std::vector<std::string>{"how", "where"}));
}

TEST_F(library_test, VariablesAreFilled) {
    add("a.md",
        "---\nid: a\n---\n# Hello\nDear {{ customer.name | friend }}, {{customer.orders}} orders since {{ "
        "customer.since }}.\n");
    all.finish(found);
    ASSERT_EQ(problems_text(), "");
    values["customer.orders"] = std::int64_t{3};
    values["customer.since"] = *parse_time("2026-11-23T16:00:00Z");
    conditions::fact_table facts(catalog, words, *this, {});
    EXPECT_EQ(all[0].title, "Hello");
    EXPECT_EQ(all[0].body.fill(facts, zone), "# Hello\nDear friend, 3 orders since 2026-11-23 10:00.\n");
    values["customer.name"] = "Ann";
    conditions::fact_table known(catalog, words, *this, {});
    EXPECT_EQ(all[0].body.fill(known, zone), "# Hello\nDear Ann, 3 orders since 2026-11-23 10:00.\n");
}

struct broken {
    const char* bytes;
    const char* problems;
};

TEST_F(library_test, SaysWhatIsWrongAndWhere) {
    for (const auto& each : std::vector<broken>{
             {"# no head\n",
              "f.md:1:1: error: the file must begin with a head: a line of ---, then YAML, then a line of ---\n"},
             {"---\nid: a\n", "f.md:1:1: error: the head that begins here is not closed by a line of ---\n"},
             {"---\nid: a\nfor: { stag: x }\n---\n",
              "f.md:3:8: error: there is no fact \"stag\", did you mean \"stage\"?\n"},
             {"---\nid: a\nfor: { language: fr }\n---\n",
              "f.md:3:18: error: language: \"fr\" is not a language of the site (site.yaml)\n"},
             {"---\ntitle: x\n---\n", "f.md:2:1: error: id: is missing\n"},
             {"---\nid: a\nfro: {}\n---\n", "f.md:3:1: error: unknown key \"fro\", did you mean \"for\"?\n"},
             {"---\nid: a\n---\n\nHi {{ customer.nam }}\n",
              "f.md:5:4: error: there is no fact \"customer.nam\", did you mean \"customer.name\"?\n"},
             {"---\nid: a\n---\nHi {{ customer.name\n}}\n", "f.md:4:4: error: {{ is not closed by }} on its line\n"},
             {"---\nid: a\nfor: [x]\n---\n",
              "f.md:3:6: error: for: must be a mapping from facts to what they must be\n"},
         }) {
        found = {};
        add("f.md", each.bytes);
        EXPECT_EQ(problems_text(), each.problems) << each.bytes;
    }
}

TEST_F(library_test, TheSameIdInTheSameLanguageIsRefused) {
    add("a.md", "---\nid: x\nfor: { language: en }\n---\n");
    add("b.md", "---\nid: x\nfor: { language: es }\n---\n");
    add("c.md", "---\nid: x\nfor: { language: en }\n---\n");
    all.finish(found);
    EXPECT_EQ(problems_text(), "c.md:2:5: error: the script \"x\" exists already in en, in a.md\n");
}

TEST(Languages, AreTriedOnceEachInOrder) {
    EXPECT_EQ(language_order("es", "es", "en"), (std::vector<std::string>{"es", "en"}));
    EXPECT_EQ(language_order("", "", "en"), (std::vector<std::string>{"en"}));
}

}  // namespace
}  // namespace kindred::knowledge
