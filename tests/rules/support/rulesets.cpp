#include "rules/support/rulesets.hpp"

#include "engine/rules/rule_test.hpp"

#include <gtest/gtest.h>

namespace kindred::rules::testing_support {

rule_files example_files() {
    const std::filesystem::path folder = std::filesystem::path(KINDRED_SOURCE_DIR) / "tests/rules/example";
    auto files = read_folder(folder);
    EXPECT_TRUE(files) << (files ? "" : files.error().message);
    return files ? *files : rule_files{};
}

rule_files example_with(const std::map<std::string, std::string>& changes) {
    std::map<std::string, std::string> all;
    for (auto& each : example_files()) all[each.path] = std::move(each.bytes);
    for (const auto& [path, bytes] : changes) all[path] = bytes;
    rule_files files;
    for (auto& [path, bytes] : all)
        if (!bytes.empty()) files.push_back({path, std::move(bytes)});
    return files;
}

ruleset compiled(const rule_files& files) {
    auto outcome = load(files);
    for (const auto& each : outcome.problems) ADD_FAILURE() << settings::to_text(each);
    if (!outcome.rules) throw std::runtime_error("the ruleset of a test does not load");
    return *outcome.rules;
}

std::string problems_text(const rule_files& files) {
    std::string all;
    const auto outcome = load(files);
    for (const auto& each : outcome.problems) all += settings::to_text(each) + '\n';
    if (outcome.rules)
        for (const auto& each : check_tests(*outcome.rules)) all += settings::to_text(each) + '\n';
    return all;
}

}  // namespace kindred::rules::testing_support
