#include "engine/app/understanding_commands.hpp"

#include "engine/base/json.hpp"

#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

const fs::path samples = fs::path(KINDRED_SOURCE_DIR) / "tests/understanding/samples";

class understanding_commands : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "kindred-understanding-commands";
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "rules/faq");
        write("rules/queues.yaml", "queues: { general: {} }\n");
        write("rules/routing.yaml", "fallback: { queue: general }\n");
        write("rules/site.yaml", "site: { languages: [en, es], default_language: en }\n");
        write("rules/faq/returns.md",
              "---\nid: returns\nfor: { language: en }\nquestions: [money back, send an item back]\n---\n"
              "# Returns and refunds\nPrint the label.\n");
        write("rules/faq/returns.es.md",
              "---\nid: returns\nfor: { language: es }\nquestions: [devolver un producto]\n---\n# "
              "Devoluciones\nImprima.\n");
        write("rules/faq/password.md", "---\nid: password\n---\n# How to reset a password\nPress the link.\n");
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name) << bytes;
        return (folder_ / name).string();
    }
    int learn(learn_arguments given) {
        out_.str("");
        err_.str("");
        return run_learn(given, out_, err_);
    }
    int understand(understand_arguments given, const std::string& lines = {}) {
        out_.str("");
        err_.str("");
        given.folder = (folder_ / "rules").string();
        std::istringstream in(lines);
        return run_understand(given, in, out_, err_);
    }
    std::string learnt_model() {
        const auto path = (folder_ / "intents.model").string();
        EXPECT_EQ(learn({(samples / "intents.csv").string(), path, "", false}), 0);
        return path;
    }

    fs::path folder_;
    std::ostringstream out_;
    std::ostringstream err_;
};

TEST_F(understanding_commands, LearnSaysHowWellItDoes) {
    learn_arguments given{(samples / "intents.csv").string(), "", (samples / "questions.csv").string(), false};
    ASSERT_EQ(learn(given), 0) << err_.str();
    EXPECT_NE(out_.str().find("learnt 5 labels from 50 examples"), std::string::npos) << out_.str();
    EXPECT_NE(out_.str().find("\ntop-1 "), std::string::npos);
    EXPECT_NE(out_.str().find("\ntop-3 "), std::string::npos);
    EXPECT_NE(out_.str().find("out-of-scope AUROC "), std::string::npos);
    given.json = true;
    ASSERT_EQ(learn(given), 0);
    const auto said = json::document::parse(out_.str().substr(0, out_.str().size() - 1));
    ASSERT_TRUE(said);
    EXPECT_EQ((*said)["evaluation"]["in_scope"].integer(), 15);
    EXPECT_GE((*said)["evaluation"]["top1"].number(), 0.8);
    EXPECT_GE((*said)["evaluation"]["auroc"].number(), 0.9);
}

TEST_F(understanding_commands, LearnSaysWhereAnInputIsWrong) {
    EXPECT_EQ(learn({"nothing.csv", "", "", false}), 1);
    EXPECT_EQ(err_.str(), "error: nothing.csv: there is no such file\n");
    const auto open = write("open.csv", "text,label\n\"a,b\n");
    EXPECT_EQ(learn({open, "", "", false}), 1);
    EXPECT_EQ(err_.str(), "error: " + open + ": line 2: a quote is never closed\n");
    const auto one = write("one.csv", "text,label\na,b\n");
    EXPECT_EQ(learn({one, "", "", false}), 1);
    EXPECT_EQ(err_.str(), "error: " + one + ": examples of at least two labels are needed\n");
    EXPECT_EQ(learn({(samples / "intents.csv").string(), (folder_ / "no/such/folder").string(), "", false}), 3);
}

TEST_F(understanding_commands, LearnTakesTheColumnsByName) {
    const auto swapped =
        write("swapped.csv", "label,id,text\nred,1,tomato\nred,2,cherry\ngreen,3,lime\ngreen,4,leaf\n");
    ASSERT_EQ(learn({swapped, "", swapped, false}), 0) << err_.str();
    EXPECT_NE(out_.str().find("learnt 2 labels from 4 examples"), std::string::npos);
}

TEST_F(understanding_commands, UnderstandPrintsOneObjectForEachLine) {
    understand_arguments given;
    given.model = learnt_model();
    ASSERT_EQ(understand(given, "I want my money back for the item\r\n\nquiero devolver un producto, por favor\n"), 0)
        << err_.str();
    std::istringstream lines(out_.str());
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    const auto first = json::document::parse(line);
    ASSERT_TRUE(first);
    EXPECT_EQ((*first)["language"].text(), "en");
    EXPECT_EQ((*first)["intents"].at(0)["name"].text(), "refund");
    EXPECT_GT((*first)["intents"].at(0)["p"].number(), 0.5);
    EXPECT_EQ((*first)["articles"].at(0)["id"].text(), "returns");
    EXPECT_NE((*first)["articles"].at(1)["id"].text(), "returns") << "one hit for an article, whatever its languages";
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(line, R"({"language":"unknown","intents":)" + line.substr(line.find("[{")));
    ASSERT_TRUE(std::getline(lines, line));
    const auto third = json::document::parse(line);
    ASSERT_TRUE(third);
    EXPECT_EQ((*third)["language"].text(), "es");
    EXPECT_EQ((*third)["articles"].at(0)["id"].text(), "returns");
    EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(understanding_commands, EvaluateIsAboutWhateverTheLabelsName) {
    understand_arguments given;
    given.evaluate = write("articles.csv", "text,label\nmoney back,returns\nreset my password,password\n");
    ASSERT_EQ(understand(given), 0) << err_.str();
    EXPECT_EQ(out_.str(), "articles: 2 texts\ntop-1 100.00 %\ntop-3 100.00 %\n");
    given.json = true;
    ASSERT_EQ(understand(given), 0);
    EXPECT_EQ(out_.str(), "{\"articles\":{\"texts\":2,\"top1\":1,\"top3\":1}}\n");
    given.json = false;
    given.evaluate =
        write("languages.csv", "text,label\nwhere is the order that I made,en\n\xC2\xBFpuedo hablar con alguien?,es\n");
    ASSERT_EQ(understand(given), 0) << err_.str();
    EXPECT_NE(out_.str().find("languages: 2 texts\ntop-1 100.00 %"), std::string::npos) << out_.str();
    given.evaluate = write("neither.csv", "text,label\na,b\n");
    EXPECT_EQ(understand(given), 1);
    given.model = learnt_model();
    given.evaluate = (samples / "questions.csv").string();
    ASSERT_EQ(understand(given), 0) << err_.str();
    EXPECT_NE(out_.str().find("intents: 15 texts\n"), std::string::npos) << out_.str();
}

TEST_F(understanding_commands, LeaveOneOutPassesOverTheVeryQuestion) {
    understand_arguments given;
    given.leave_one_out = true;
    given.evaluate = write("articles.csv", "text,label\nHow to reset a password,password\nmoney back,returns\n");
    ASSERT_EQ(understand(given), 0) << err_.str();
    EXPECT_NE(out_.str().find("top-1 50.00 %"), std::string::npos)
        << "\"money back\" is found by \"send an item back\", the other by nothing else: " << out_.str();
}

TEST_F(understanding_commands, UnderstandRefusesWhatItCannotUse) {
    understand_arguments given;
    given.model = write("broken.model", "kindred intents\n");
    EXPECT_EQ(understand(given), 1);
    EXPECT_EQ(err_.str(), "error: " + given.model + ": not a usable intent model: it is cut off\n");
    given = {};
    given.language_model = write("broken.ftz", "no");
    EXPECT_EQ(understand(given), 1);
    EXPECT_NE(err_.str().find("not a usable fastText language model"), std::string::npos);
    given = {};
    write("rules/routing.yaml", "fallback: { queue: generall }\n");
    EXPECT_EQ(understand(given), 1);
    EXPECT_NE(err_.str().find("routing.yaml:1:"), std::string::npos) << err_.str();
}

}  // namespace
}  // namespace kindred::app
