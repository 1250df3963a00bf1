#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>
#include <fstream>
#include <sstream>

namespace kindred::rules {
namespace {

/// tests/rules/broken/*.txt: files that replace those of the example, each after a line `=== path`, and at the end,
/// after
/// `=== problems`, exactly what is to be reported. A path with nothing after it is taken away.
struct broken_case {
    std::map<std::string, std::string> files;
    std::string problems;
};

broken_case read_case(const std::filesystem::path& path) {
    std::ifstream in(path);
    broken_case made;
    std::string* section = nullptr;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("=== ")) {
            const auto name = line.substr(4);
            section = name == "problems" ? &made.problems : &made.files[name];
        } else if (section != nullptr) {
            *section += line + '\n';
        }
    }
    return made;
}

std::vector<std::filesystem::path> all_cases(const char* folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& each :
         std::filesystem::directory_iterator(std::filesystem::path(KINDRED_SOURCE_DIR) / "tests/rules" / folder))
        paths.push_back(each.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

class Broken : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Broken, IsReportedExactly) {
    const auto tested = read_case(GetParam());
    ASSERT_FALSE(tested.problems.empty()) << "a case says what is to be reported";
    EXPECT_EQ(testing_support::problems_text(testing_support::example_with(tested.files)), tested.problems);
}

/// tests/rules/accepted/*.txt: the same, with nothing to be reported. tests/e2e looks at both with a JSON Schema
/// validator.
class Accepted : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Accepted, HasNoProblem) {
    const auto tested = read_case(GetParam());
    ASSERT_FALSE(tested.files.empty());
    EXPECT_EQ(testing_support::problems_text(testing_support::example_with(tested.files)), "");
}

std::string name_of_case(const testing::TestParamInfo<std::filesystem::path>& tested) {
    std::string name = tested.param.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Files, Broken, testing::ValuesIn(all_cases("broken")), name_of_case);
INSTANTIATE_TEST_SUITE_P(Files, Accepted, testing::ValuesIn(all_cases("accepted")), name_of_case);

}  // namespace
}  // namespace kindred::rules
