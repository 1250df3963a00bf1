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

std::vector<std::filesystem::path> all_cases() {
    std::vector<std::filesystem::path> paths;
    for (const auto& each :
         std::filesystem::directory_iterator(std::filesystem::path(KINDRED_SOURCE_DIR) / "tests/rules/broken"))
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

INSTANTIATE_TEST_SUITE_P(Files, Broken, testing::ValuesIn(all_cases()), [](const auto& tested) {
    std::string name = tested.param.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    return name;
});

}  // namespace
}  // namespace kindred::rules
