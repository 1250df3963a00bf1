#include "engine/app/compiled_rules.hpp"

#include "engine/store/memory/memory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

class compiling_ahead : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "kindred-compiled-rules";
        fs::remove_all(folder_);
        fs::copy(fs::path(KINDRED_SOURCE_DIR) / "tests/rules/example", folder_, fs::copy_options::recursive);
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& bytes) const { std::ofstream(folder_ / name) << bytes; }
    static store::ruleset_row row_of(const rules::ruleset& rules) {
        return {rules.hash(), "ann", {}, rules::pack(rules.files())};
    }
    /// Whether both are one and the same thing in memory: it was compiled once.
    static bool are_same(const rules::ruleset& one, const rules::ruleset& other) {
        return &one.files() == &other.files();
    }

    fs::path folder_;
};

TEST_F(compiling_ahead, a_folder_is_compiled_again_only_when_its_files_have_changed) {
    compiled_rules compiled(folder_);
    const auto first = compiled.of_folder().rules.value();
    EXPECT_TRUE(are_same(compiled.of_folder().rules.value(), first));
    write("more.md", "# Something new\n");
    const auto changed = compiled.of_folder().rules.value();
    EXPECT_NE(changed.hash(), first.hash());
    write("broken.yaml", "queues: [");
    EXPECT_FALSE(compiled.of_folder().rules);
    fs::remove(folder_ / "broken.yaml");
    EXPECT_EQ(compiled.of_folder().rules.value().hash(), changed.hash());
    fs::remove_all(folder_);
    const auto gone = compiled.of_folder();
    EXPECT_FALSE(gone.rules);
    EXPECT_FALSE(gone.problems.empty());
}

TEST_F(compiling_ahead, stored_rules_are_those_of_the_folder_or_compiled_once) {
    compiled_rules compiled(folder_);
    const auto of_folder = compiled.of_folder().rules.value();
    EXPECT_TRUE(are_same(compiled.of_row(row_of(of_folder)).value(), of_folder));
    auto files = of_folder.files();
    files.push_back({"zz.md", "# Of before\n"});
    const auto before = row_of(rules::load(files).rules.value());
    const auto stored = compiled.of_row(before).value();
    EXPECT_EQ(stored.hash(), before.hash);
    EXPECT_TRUE(are_same(compiled.of_row(before).value(), stored));
    EXPECT_FALSE(compiled.of_row({"of nothing", "ann", {}, "no archive"}));
}

TEST_F(compiling_ahead, what_came_last_into_the_store_is_compiled_before_it_is_asked_for) {
    const auto kept = store::make_memory_store();
    compiled_rules compiled(folder_);
    auto files = rules::read_folder(folder_).value();
    files.push_back({"zz.md", "# Of before\n"});
    auto row = row_of(rules::load(files).rules.value());
    store::batch written;
    written.id.number = 1;
    written.rulesets = {row};
    ASSERT_EQ(kept->commit(written).state, store::commit_state::committed);
    compiled.look_ahead(*kept);
    const auto hash = row.hash;
    row.files = "nobody reads these any more";
    ASSERT_TRUE(compiled.of_row(row));
    EXPECT_EQ(compiled.of_row(row)->hash(), hash);
}

}  // namespace
}  // namespace kindred::app
