#include "engine/rules/rule_test.hpp"
#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>
#include <fstream>
#include <sstream>

namespace kindred::rules {
namespace {

/// The code blocks of docs/rules.md whose fence names a file ("```yaml routing.yaml") or says `when`.
struct documented {
    rule_files files;
    std::vector<std::string> conditions;
};

documented read_documentation() {
    std::ifstream in(std::filesystem::path(KINDRED_SOURCE_DIR) / "docs/rules.md");
    documented made;
    std::string name;
    std::string block;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("```")) {
            if (inside) block += line + '\n';
            continue;
        }
        const auto space = line.find(' ');
        if (!inside && space != std::string::npos) name = line.substr(space + 1);
        if (inside && name == "when")
            made.conditions.push_back(block);
        else if (inside && !name.empty())
            made.files.push_back({name, block});
        if (inside) name.clear();
        inside = !inside;
        block.clear();
    }
    std::sort(made.files.begin(), made.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return made;
}

TEST(Documentation, ItsExamplesAreARulesetWhoseTestsPass) {
    const auto documentation = read_documentation();
    ASSERT_GE(documentation.files.size(), 13U);
    const auto rules = testing_support::compiled(documentation.files);
    const auto report = run_tests(rules);
    EXPECT_EQ(report.passed, 6U);
    EXPECT_TRUE(report.failed.empty()) << to_text(report);
    for (const auto& each : report.problems) ADD_FAILURE() << settings::to_text(each);
    EXPECT_TRUE(report.routes_never_reached.empty());
}

TEST(Documentation, ItsConditionsCanBeUsedInRoutes) {
    auto documentation = read_documentation();
    ASSERT_FALSE(documentation.conditions.empty());
    for (const auto& when : documentation.conditions) {
        std::string route = "routes:\n  - name: documented\n    queue: general\n    when:\n";
        std::istringstream lines(when);
        for (std::string line; std::getline(lines, line);) route += "      " + line + '\n';
        auto files = documentation.files;
        files.push_back({"routing/more.yaml", route});
        std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
        EXPECT_EQ(testing_support::problems_text(files), "");
    }
}

}  // namespace
}  // namespace kindred::rules
