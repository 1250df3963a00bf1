#include "engine/app/simulate_command.hpp"

#include "engine/base/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kindred::app {
namespace {

const std::filesystem::path source = KINDRED_SOURCE_DIR;

struct answer {
    int code = 0;
    std::string out;
    std::string err;
};

answer simulate(simulate_arguments given, const std::string& traffic) {
    std::istringstream in(traffic);
    std::ostringstream out;
    std::ostringstream err;
    given.folder = (source / "rules").string();
    if (given.traffic.empty()) given.traffic = "-";
    const int code = run_simulate(given, in, out, err);
    return {code, out.str(), err.str()};
}

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What stands between fences after this line of the page.
std::string example(const std::string& page, const std::string& after) {
    const auto from = page.find("\n```", page.find(after));
    const auto begin = page.find('\n', from + 1) + 1;
    return page.substr(begin, page.find("\n```", begin) + 1 - begin);
}

const std::string small = R"(hours: 24
arrivals: [{ per_hour: 30, channel: { name: helpline, kind: phone }, text: where is my order }]
handling: { exponential: 4m }
patience: { exponential: 3m }
roster: [{ agents: 3, queues: [support], capacity: 10 }]
)";

TEST(SimulateCommand, DoesWhatThePageSays) {
    const auto page = read(source / "docs/simulation.md");
    const auto told = simulate({}, example(page, "## A traffic file"));
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_TRUE(told.out.starts_with(example(page, "this prints"))) << told.out;
}

TEST(SimulateCommand, TheDemosTrafficFits) {
    simulate_arguments given;
    given.traffic = (source / "config/traffic.yaml").string();
    const auto told = simulate(given, "");
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_NE(told.out.find("support"), std::string::npos);
}

TEST(SimulateCommand, TheSameSeedGivesTheSameFiguresAndAnotherOneOthers) {
    simulate_arguments given;
    given.json = true;
    const auto once = simulate(given, small);
    EXPECT_EQ(once.out, simulate(given, small).out);
    given.seed = 2;
    EXPECT_NE(once.out, simulate(given, small).out);
}

TEST(SimulateCommand, JsonHasTheFiguresOfQueuesSegmentsAndStages) {
    simulate_arguments given;
    given.json = true;
    const auto told = simulate(given, small);
    const auto parsed = json::document::parse(told.out);
    ASSERT_TRUE(parsed) << told.out;
    for (const auto of : {(*parsed)["queues"]["support"], (*parsed)["segments"]["value"]["newcomer"],
                          (*parsed)["stages"]["considering"]}) {
        EXPECT_GT(of["arrived"].integer().value_or(0), 500);
        for (const char* name : {"waited_share", "mean_wait_s", "abandoned_share", "occupancy"})
            EXPECT_GT(of[name].number().value_or(0), 0) << name;
        EXPECT_GT(of["service_level"]["20s"].number().value_or(0), 0.1);
        EXPECT_GT(of["wait_s"]["p99"].number().value_or(0), of["wait_s"]["p50"].number().value_or(1e9));
        EXPECT_GT(of["half_width"]["mean_wait_s"].number().value_or(0), 0);
    }
}

TEST(SimulateCommand, SweepsOverTheNumberOfAgents) {
    simulate_arguments given;
    given.json = true;
    given.sweep = "agents=2..5";
    const auto parsed = json::document::parse(simulate(given, small).out);
    ASSERT_TRUE(parsed);
    double before = 1e9;
    std::int64_t agents = 2;
    (*parsed)["runs"].for_each([&](json::value run) {
        EXPECT_EQ(run["agents"].integer(), agents++);
        const auto wait = run["queues"]["support"]["mean_wait_s"].number().value_or(1e9);
        EXPECT_LT(wait, before);
        before = wait;
    });
    EXPECT_EQ(agents, 6);
}

TEST(SimulateCommand, NamesTheSmallestNumberThatReachesAGoal) {
    simulate_arguments given;
    given.json = true;
    given.sweep = "agents=1..8";
    given.goal = "80%/30s";
    const auto told = simulate(given, small);
    EXPECT_EQ(told.code, 0) << told.err;
    const auto parsed = json::document::parse(told.out);
    ASSERT_TRUE(parsed);
    std::optional<std::int64_t> expected;
    (*parsed)["runs"].for_each([&](json::value run) {
        const bool enough = run["queues"]["support"]["service_level"]["30s"].number().value_or(0) >= 0.8;
        if (!expected && enough) expected = run["agents"].integer();
    });
    ASSERT_TRUE(expected);
    EXPECT_GT(*expected, 1);
    EXPECT_EQ((*parsed)["goal"]["smallest"].integer(), expected);
    given.json = false;
    EXPECT_NE(simulate(given, small)
                  .out.find("agents that reaches 80.0% within 30s (support) is " + std::to_string(*expected) + "."),
              std::string::npos);
    given.sweep = "agents=1..1";
    const auto too_few = simulate(given, small);
    EXPECT_EQ(too_few.code, 1);
    EXPECT_NE(too_few.out.find("None of these numbers"), std::string::npos);
}

TEST(SimulateCommand, ASweepThatDoesNotBecomePreciseSaysSo) {
    simulate_arguments given;
    given.sweep = "agents=1..1";
    given.precision = "2%";
    const auto told = simulate(given, R"(hours: 24
arrivals: [{ per_hour: 30, channel: { name: helpline, kind: phone }, text: where is my order }]
handling: { fixed: 4m }
roster: [{ agents: 3, queues: [support], capacity: 10 }]
)");
    EXPECT_EQ(told.code, 1) << told.out;
    EXPECT_NE(told.err.find("1 agents: the wanted precision was not reached"), std::string::npos) << told.err;
}

TEST(SimulateCommand, LongWaitsAreNotGivenInSeconds) {
    const auto told = simulate({}, R"(hours: 200
arrivals: [{ per_hour: 30, channel: { name: helpline, kind: phone }, text: where is my order }]
handling: { fixed: 4m }
roster: [{ agents: 1, queues: [support], capacity: 10 }]
)");
    const auto row = told.out.substr(told.out.find("\nsupport") + 1);
    const auto mean = row.substr(row.find("100.0% ±0.0") + 13);
    const auto all_waits = mean.substr(0, mean.find('.'));
    EXPECT_EQ(std::count(all_waits.begin(), all_waits.end(), 'd'), 4)
        << "the mean and three percentiles: " << all_waits;
}

TEST(SimulateCommand, ThePageNeedsNothingFromElsewhere) {
    simulate_arguments given;
    const auto path = std::filesystem::temp_directory_path() / "kindred-simulate-test.html";
    given.html = path.string();
    EXPECT_EQ(simulate(given, small).code, 0);
    const auto page = read(path);
    EXPECT_NE(page.find("<svg"), std::string::npos);
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
    for (const char* outside : {"http:", "https:", "src=", "<script", "@import", "url("})
        EXPECT_EQ(page.find(outside), std::string::npos) << outside;
    std::filesystem::remove(path);
}

TEST(SimulateCommand, WrongUseAndWrongTrafficAreToldApart) {
    simulate_arguments given;
    given.precision = "2";
    EXPECT_EQ(simulate(given, small).code, 2);
    given.precision = {};
    given.sweep = "helpdesk=1..3";
    EXPECT_EQ(simulate(given, small).code, 2);
    given.sweep = "agents=3..1";
    EXPECT_EQ(simulate(given, small).code, 2);
    for (const char* goal : {"80", "80%", "0%/20s", "101%/20s", "80%/0s", "80%/soon", "x%/20s"}) {
        given.sweep = "agents=1..3";
        given.goal = goal;
        EXPECT_EQ(simulate(given, small).code, 2) << goal;
    }
    given.goal = "80%/20s";
    given.sweep = {};
    EXPECT_EQ(simulate(given, small).code, 2) << "a goal wants a sweep";
    given.goal = {};
    given.sweep = {};
    const auto bad = simulate(given, "hours: 1\n");
    EXPECT_EQ(bad.code, 1);
    EXPECT_EQ(bad.err,
              "-:1:1: error: arrivals: is missing\n-:1:1: error: handling: is missing\n"
              "-:1:1: error: roster: is missing\n");
    given.traffic = "/nowhere.yaml";
    EXPECT_EQ(simulate(given, "").code, 3);
}

}  // namespace
}  // namespace kindred::app
