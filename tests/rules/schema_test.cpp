#include "engine/rules/schema.hpp"
#include "engine/base/json.hpp"

#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace kindred::rules {
namespace {

const std::filesystem::path folder = std::filesystem::path(KINDRED_SOURCE_DIR) / "config/schemas";

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return std::move(bytes).str();
}

TEST(Schemas, TheCommittedOnesAreWhatTheLoaderReadsBy) {
    std::set<std::string> expected{"traffic.json"};  // not of a ruleset: tests/simulation looks at it
    for (const auto& each : file_schemas()) {
        expected.insert(each.kind + ".json");
        EXPECT_EQ(bytes_of(folder / (each.kind + ".json")), each.json)
            << "after a change to what the loader reads: kindred schema --out config/schemas";
    }
    std::set<std::string> present;
    for (const auto& each : std::filesystem::directory_iterator(folder))
        present.insert(each.path().filename().string());
    EXPECT_EQ(present, expected);
}

TEST(Schemas, AreJsonAndNameTheirDraft) {
    for (const auto& each : file_schemas()) {
        const auto parsed = json::document::parse(each.json);
        ASSERT_TRUE(parsed) << each.kind << ": " << parsed.error().message;
        EXPECT_EQ((*parsed)["$schema"].text(), "http://json-schema.org/draft-07/schema#");
        EXPECT_FALSE((*parsed)["title"].text().empty());
    }
}

}  // namespace
}  // namespace kindred::rules
