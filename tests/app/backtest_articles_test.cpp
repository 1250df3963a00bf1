// What a backtest says of articles that would have answered contacts, before and after a change of the demo's rules.
#include "engine/app/compare_commands.hpp"
#include "engine/base/json.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

class backtest_articles : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "kindred-backtest-articles";
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        for (const auto* each : {"plain", "answering"})
            fs::copy(fs::path(KINDRED_SOURCE_DIR) / "rules", folder_ / each, fs::copy_options::recursive);
    }
    void TearDown() override { fs::remove_all(folder_); }

    void answer_by(const std::string& self_service) const {
        std::ofstream(folder_ / "answering/routing.yaml", std::ios::app) << "\nself_service: " << self_service << '\n';
    }
    std::string report(const std::string& lines, bool json) const {
        backtest_arguments given;
        given.before = (folder_ / "plain").string();
        given.after = (folder_ / "answering").string();
        given.contacts = "-";
        given.json = json;
        std::istringstream in(lines);
        std::ostringstream out;
        std::ostringstream err;
        EXPECT_EQ(run_backtest(given, in, out, err), 0) << err.str();
        return out.str();
    }
    /// How many would be answered after the change; before it nobody is.
    std::int64_t answered(const std::string& lines) const {
        const auto parsed = json::document::parse(report(lines, true));
        EXPECT_EQ((*parsed)["self_service"]["before"]["answered"].integer(), 0);
        return (*parsed)["self_service"]["after"]["answered"].integer().value_or(-1);
    }

    fs::path folder_;
};

std::string line(const std::string& text, const std::string& kind = "chat", const std::string& language = "en") {
    json::writer out;
    out.begin_object().key("contact").begin_object().key("channel").begin_object().member("name", "x");
    out.member("kind", kind).end_object().member("text", text).member("language", language).end_object();
    return out.end_object().take() + '\n';
}

const std::string delivery = "how long does delivery take";

TEST_F(backtest_articles, AreCountedWhereTheRulesAnswerWithThem) {
    answer_by("{ confidence: 0.8, hold: 10m }");
    EXPECT_EQ(answered(line(delivery) + line(delivery, "email") + line(delivery, "phone") +
                       line("cuánto tarda el envío", "chat", "es") + line("my kettle explodes when I sing to it")),
              3);
    const auto text = report(line(delivery), false);
    EXPECT_NE(text.find("answered by an article before an agent\n  before: none\n  after:  1, not offered for 10m\n"),
              std::string::npos)
        << text;
}

TEST_F(backtest_articles, AreNotForWhomTheyAreNotMeantOrWhoIsLeftToPeople) {
    answer_by("{ confidence: 0.8, exclude: { when: { contact.language: es } } }");
    EXPECT_EQ(answered(line(delivery) + line("cuánto tarda el envío", "chat", "es") +
                       line("how do I return a lamp")),  // for those who have bought one
              1);
}

TEST_F(backtest_articles, AreNotSpokenOfWhereNobodyIsAnsweredSo) {
    EXPECT_EQ(answered(line(delivery)), 0);
    EXPECT_EQ(report(line(delivery), false).find("article"), std::string::npos);
}

}  // namespace
}  // namespace kindred::app
