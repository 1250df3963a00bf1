#include "engine/settings/reader.hpp"

#include <gtest/gtest.h>
#include <array>

namespace kindred::settings {
namespace {

enum class colour { red = 1, green };
constexpr std::array<std::pair<std::string_view, colour>, 2> colours{{{"red", colour::red}, {"green", colour::green}}};

/// Parses a text and keeps what a section reads from.
struct reading {
    explicit reading(std::string_view text) : tree(*parse_yaml("f.yaml", text, found)) {}
    section top() { return field("f.yaml", "", &tree, found, {1, 1}).as_section(); }
    std::string problems_text() const {
        std::string all;
        for (const auto& each : found.sorted()) all += to_text(each) + '\n';
        return all;
    }
    problems found;
    node tree;
};

TEST(Reader, TypesComeFromTheCall) {
    reading given("a: no\nb: no\nc: 12\nd: 12\ne: 1h30m\nf: 2026-11-23T10:00:00-06:00\ng: green\nh: 20%\ni: 0\n");
    auto top = given.top();
    EXPECT_EQ(top.at("a").text(), "no");
    EXPECT_EQ(top.at("b").yes_no(), false);
    EXPECT_EQ(top.at("c").text(), "12");
    EXPECT_EQ(top.at("d").integer(), 12);
    EXPECT_EQ(top.at("e").span(), std::chrono::minutes{90});
    EXPECT_EQ(to_rfc3339(*top.at("f").time()), "2026-11-23T16:00:00.000Z");
    EXPECT_EQ(top.at("g").choice(choices<colour>(colours)), colour::green);
    EXPECT_EQ(top.at("h").percent(), 20.0);
    EXPECT_EQ(top.at("i").span(), duration{0});
    top.finish();
    EXPECT_EQ(given.problems_text(), "");
}

TEST(Reader, EveryProblemIsReportedAtOnce) {
    reading given("port: 70000\nhost: [a]\nwait: fast\ncolour: gren\nprot: 1\nflag: maybe\nshare: 120%\n");
    auto top = given.top();
    int port = 8080;
    std::string host = "localhost";
    duration wait{5};
    top.read("port", port, 1, 65535);
    top.read("host", host);
    top.read("wait", wait);
    top.at("colour").choice(choices<colour>(colours));
    bool flag = true;
    top.read("flag", flag);
    top.at("share").percent();
    top.require("name");
    top.finish();
    EXPECT_EQ(port, 8080) << "a default stays where the value does not fit";
    EXPECT_EQ(host, "localhost");
    EXPECT_EQ(wait, duration{5});
    EXPECT_EQ(given.problems_text(),
              "f.yaml:1:1: error: name: is missing\n"
              "f.yaml:1:7: error: port: must be between 1 and 65535, not 70000\n"
              "f.yaml:2:7: error: host: must be text, not a list\n"
              "f.yaml:3:7: error: wait: must be a duration such as 30s or 1h30m, not \"fast\"\n"
              "f.yaml:4:9: error: colour: \"gren\" is not one of red, green, did you mean \"green\"?\n"
              "f.yaml:5:1: error: unknown key \"prot\", did you mean \"port\"?\n"
              "f.yaml:6:7: error: flag: must be yes or no, not \"maybe\"\n"
              "f.yaml:7:8: error: share: must be a percentage between 0% and 100%, not \"120%\"\n");
}

TEST(Reader, NumbersAreWholeTexts) {
    reading given("a: 1.5\nb: 12x\nc: nan\nd: 1e3\ne: 99999999999999999999\n");
    auto top = given.top();
    EXPECT_FALSE(top.at("a").integer());
    EXPECT_FALSE(top.at("b").number(0, 100));
    EXPECT_FALSE(top.at("c").number(0, 100));
    EXPECT_EQ(top.at("d").number(0, 1e6), 1000.0);
    EXPECT_FALSE(top.at("e").integer());
    EXPECT_EQ(given.found.sorted().size(), 4U);
}

TEST(Reader, ListsMayBeOneScalarWhereThatIsSaid) {
    reading given("a: x\nb: [x, y]\nc: x\nd: {e: f}\n");
    auto top = given.top();
    EXPECT_EQ(top.at("a").texts(true), std::vector<std::string>{"x"});
    EXPECT_EQ(top.at("b").texts(), (std::vector<std::string>{"x", "y"}));
    EXPECT_TRUE(top.at("c").list().empty());
    EXPECT_TRUE(top.at("d").list(true).empty());
    EXPECT_EQ(given.problems_text(), "f.yaml:3:4: error: c: must be a list\nf.yaml:4:4: error: d: must be a list\n");
}

TEST(Reader, WhatIsAbsentIsNoProblem) {
    reading given("{}\n");
    auto top = given.top();
    EXPECT_FALSE(top.at("a").text());
    EXPECT_TRUE(top.at("b").list().empty());
    EXPECT_TRUE(top.at("c").entries().empty());
    auto inner = top.at("d").as_section();
    EXPECT_FALSE(inner.require("e").present());
    inner.finish();
    top.finish();
    EXPECT_EQ(given.problems_text(), "");
}

TEST(Reader, AWrongSectionIsReportedOnceAndNotForItsKeys) {
    reading given("a: 5\n");
    auto top = given.top();
    auto inner = top.at("a").as_section();
    inner.require("b");
    inner.finish();
    EXPECT_EQ(given.problems_text(), "f.yaml:1:4: error: a: must be a mapping\n");
}

TEST(Diagnostics, AreSortedAndListedOnce) {
    problems found;
    found.error("b", {1, 1}, "x");
    found.warning("a", {2, 1}, "y");
    found.error("b", {1, 1}, "x");
    const auto sorted = found.sorted();
    ASSERT_EQ(sorted.size(), 2U);
    EXPECT_EQ(to_text(sorted[0]), "a:2:1: warning: y");
    EXPECT_EQ(to_json(sorted), R"([{"file":"a","line":2,"column":1,"severity":"warning","message":"y"},)"
                               R"({"file":"b","line":1,"column":1,"severity":"error","message":"x"}])");
}

}  // namespace
}  // namespace kindred::settings
