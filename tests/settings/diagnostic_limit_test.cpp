#include "engine/settings/diagnostic.hpp"

#include <gtest/gtest.h>

namespace kindred::settings {
namespace {

TEST(problems, lists_so_many_of_a_file_and_says_that_there_are_more) {
    problems found;
    for (int line = 1; line <= 50'000; ++line) found.warning("a.yaml", {line, 1}, "odd");
    for (int line = 1; line <= 5'000; ++line) found.error("a.yaml", {line, 1}, "wrong");
    found.error("b.yaml", {1, 1}, "wrong, too");
    EXPECT_TRUE(found.has_errors());
    const auto listed = found.sorted();
    ASSERT_EQ(listed.size(), problems::most_listed + 1 + 10 * problems::most_listed + 1 + 1);
    EXPECT_EQ(to_text(listed[listed.size() - 2]),
              "a.yaml:10001:1: warning: there are more problems in this file than are listed");
    EXPECT_EQ(to_text(listed.back()), "b.yaml:1:1: error: wrong, too");
}

}  // namespace
}  // namespace kindred::settings
