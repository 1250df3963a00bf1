#include "engine/understanding/evaluation.hpp"
#include "tests/understanding/support/samples.hpp"

#include <gtest/gtest.h>
#include <set>

/// Against public data, where it lies beside the repository; a part of it, so that a build for debugging is quick too.
/// docs/understanding.md has the figures of the whole.
namespace kindred::understanding {
namespace {

std::vector<labelled_text> of_labels(std::vector<labelled_text> rows, const std::set<std::string>& labels) {
    std::erase_if(rows, [&](const auto& row) { return !labels.contains(row.label); });
    return rows;
}

TEST(datasets, FifteenIntentsOfBanking77AreToldApart) {
    const auto folder = shared_data() / "banking77/banking_data";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no data sets here";
    auto rows = read_rows(folder / "train.csv");
    std::set<std::string> labels;
    for (const auto& row : rows)
        if (labels.size() < 15) labels.insert(row.label);
    const auto model = learn_intents(of_labels(std::move(rows), labels)).value();
    rank_tally tally;
    for (const auto& row : of_labels(read_rows(folder / "test.csv"), labels)) {
        std::vector<std::string_view> guesses;
        const auto said = model.read(grams_of(row.text));
        for (const auto& each : said.guesses) guesses.push_back(each.label);
        tally.add(guesses, row.label);
    }
    EXPECT_GT(tally.asked, 500U);
    EXPECT_GE(tally.top1(), 0.95);
    EXPECT_GE(tally.top3(), 0.99);
}

}  // namespace
}  // namespace kindred::understanding
