#include "engine/app/rules_commands.hpp"

#include "engine/base/json.hpp"

#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

class rules_commands : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "kindred-rules-commands";
        fs::remove_all(folder_);
        fs::copy(fs::path(KINDRED_SOURCE_DIR) / "tests/rules/example", folder_, fs::copy_options::recursive);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string write(const char* name, const std::string& bytes) {
        const auto path = folder_ / name;
        std::ofstream(path) << bytes;
        return path.string();
    }
    int check(std::vector<std::string> paths, bool json = false) {
        check_arguments given;
        given.paths = std::move(paths);
        given.json = json;
        out_.str("");
        err_.str("");
        return run_check(given, out_, err_);
    }

    fs::path folder_;
    std::ostringstream out_;
    std::ostringstream err_;
};

TEST_F(rules_commands, CheckSaysWhereAndExitsOneOnErrorsAlone) {
    EXPECT_EQ(check({folder_.string()}), 0);
    EXPECT_NE(err_.str().find("warning: no script for"), std::string::npos);
    write("skills.yaml", "skills: { concierge: {}, concierge: {} }\n");
    EXPECT_EQ(check({folder_.string()}), 1);
    EXPECT_EQ(err_.str(), folder_.string() + "/skills.yaml:1:26: error: the key \"concierge\" is given twice\n");
    EXPECT_EQ(check({folder_.string()}, true), 1);
    const auto problems = json::document::parse(out_.str().substr(0, out_.str().size() - 1));
    ASSERT_TRUE(problems);
    EXPECT_EQ(problems->root().at(0)["line"].integer(), 1);
}

TEST_F(rules_commands, CheckOfAFileChecksTheRulesetAroundIt) {
    write("tests/vip.yaml", "tests:\n  - name: a\n    expect: { rout: b }\n");
    EXPECT_EQ(check({(folder_ / "scripts/vip.md").string()}), 1);
    EXPECT_NE(err_.str().find("tests/vip.yaml:3:15: error: there is no fact \"rout\", did you mean \"route\"?"),
              std::string::npos)
        << err_.str();
    EXPECT_EQ(check({(folder_ / "nothing.yaml").string()}), 1);
}

TEST_F(rules_commands, CheckTakesAFolderThatIsOnlyCalledRoutingForNoRules) {
    const auto above = fs::path(folder_.string() + "-above");
    fs::create_directories(above / "routing");
    fs::create_directories(above / "centre");
    std::ofstream(above / "centre/config.yaml") << "server: {}\n";
    EXPECT_EQ(check({(above / "centre/config.yaml").string()}), 1);
    EXPECT_NE(err_.str().find("no routing.yaml in its folder or above"), std::string::npos) << err_.str();
    fs::rename(folder_ / "routing.yaml", above / "routing/all.yaml");
    fs::rename(above / "routing", folder_ / "routing");
    EXPECT_EQ(check({(folder_ / "scripts/vip.md").string()}), 0) << err_.str();
    fs::remove_all(above);
}

TEST_F(rules_commands, TestExitsOneWhenATestFails) {
    EXPECT_EQ(run_test({folder_.string(), false, std::nullopt}, out_, err_), 0);
    EXPECT_NE(out_.str().find("4 passed, 0 failed\n"), std::string::npos);
    EXPECT_EQ(run_test({folder_.string(), false, 100.0}, out_, err_), 0);
    write("tests/vip.yaml", "tests:\n  - name: a\n    expect: { route: vip calls }\n");
    EXPECT_EQ(run_test({folder_.string(), false, std::nullopt}, out_, err_), 1);
    write("tests/vip.yaml", "tests:\n  - name: a\n    expect: { route: fallback }\n");
    EXPECT_EQ(run_test({folder_.string(), false, 100.0}, out_, err_), 1) << "three routes decide no test";
}

TEST_F(rules_commands, TestExitsOneWhenTooLittleIsReached) {
    test_arguments given;
    given.folder = folder_.string();
    given.least_coverage = 100;
    EXPECT_EQ(run_test(given, out_, err_), 0) << err_.str();
    given.least_condition_coverage = 100;  // talk_to_sales is in no test
    EXPECT_EQ(run_test(given, out_, err_), 1);
    EXPECT_NE(err_.str().find("% of the conditions, 100% are wanted"), std::string::npos) << err_.str();
    EXPECT_NE(out_.str().find("routes: 4 of 4 decided a test (100.0%)"), std::string::npos) << out_.str();
}

TEST_F(rules_commands, SchemaPrintsAndWritesWhatEditorsNeed) {
    schema_arguments given;
    EXPECT_EQ(run_schema(given, out_, err_), 0);
    EXPECT_NE(out_.str().find("routing  routing.yaml, routing/*.yaml\n"), std::string::npos) << out_.str();
    given.kind = "routing";
    out_.str("");
    EXPECT_EQ(run_schema(given, out_, err_), 0);
    EXPECT_TRUE(json::document::parse(out_.str()));
    given.folder = folder_.string();
    EXPECT_EQ(run_schema(given, out_, err_), 0);
    EXPECT_TRUE(fs::exists(folder_ / "routing.json"));
    EXPECT_FALSE(fs::exists(folder_ / "queues.json"));
    given.folder = (folder_ / "nowhere").string();
    EXPECT_EQ(run_schema(given, out_, err_), 3);
    given.kind = "rooting";
    EXPECT_EQ(run_schema(given, out_, err_), 2);
    EXPECT_NE(err_.str().find("there is no kind of file \"rooting\", did you mean \"routing\"?"), std::string::npos);
}

TEST_F(rules_commands, ExplainShowsTheDecisionAndItsTrace) {
    explain_arguments given;
    given.folder = folder_.string();
    given.contact = write("contact.json", R"({"channel":{"name":"helpline","kind":"phone"}})");
    given.customer = write("customer.txt", "lifetime_value: 9000\n");
    given.json = true;
    std::istringstream in;
    ASSERT_EQ(run_explain(given, in, out_, err_), 0) << err_.str();
    const auto answer = json::document::parse(out_.str().substr(0, out_.str().size() - 1));
    ASSERT_TRUE(answer);
    EXPECT_EQ((*answer)["decision"]["queue"].text(), "concierge");
    EXPECT_TRUE((*answer)["trace"]["routes"].at(0)["held"].boolean().value_or(false));
}

TEST_F(rules_commands, ExplainRefusesWhatItCannotUse) {
    std::istringstream in("{\"channel\":{\"kind\":\"fax\"}}");
    explain_arguments given;
    given.folder = folder_.string();
    EXPECT_EQ(run_explain(given, in, out_, err_), 2) << "neither --contact nor --contacts";
    given.contact = "-";
    EXPECT_EQ(run_explain(given, in, out_, err_), 1) << "no such kind of channel";
    given.contact = (folder_ / "nothing.json").string();
    EXPECT_EQ(run_explain(given, in, out_, err_), 3);
    given.contact = "-";
    given.now = "noon";
    EXPECT_EQ(run_explain(given, in, out_, err_), 2);
}

TEST_F(rules_commands, ExplainTakesManySituationsAtOnce) {
    explain_arguments given;
    given.folder = folder_.string();
    given.contacts = "-";
    given.json = true;
    std::istringstream in("{\"customer\":{\"orders\":1}}\n\n{\"customer\":{\"ordrs\":1}}\n{}\n");
    EXPECT_EQ(run_explain(given, in, out_, err_), 1);
    const auto printed = out_.str();
    EXPECT_EQ(std::count(printed.begin(), printed.end(), '\n'), 2);
    EXPECT_NE(err_.str().find("unknown key \"ordrs\", did you mean \"orders\"?"), std::string::npos);
}

}  // namespace
}  // namespace kindred::app
