#include "engine/base/csv.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kindred {
namespace {

struct taken {
    std::string bytes;
    std::size_t line;
    bool too_long;
    bool operator==(const taken&) const = default;
};

/// All rows of a text that comes in pieces of `at_once` bytes, as a file is read.
std::vector<taken> rows_of(std::string_view text, row_form form, std::size_t longest, std::size_t at_once) {
    row_splitter rows(form, longest);
    std::vector<taken> all;
    std::string buffer;
    while (true) {
        const auto piece = text.substr(0, at_once);
        text.remove_prefix(piece.size());
        buffer += piece;
        std::string_view rest = buffer;
        while (const auto row = rows.next(rest, text.empty()))
            all.push_back({std::string(row->bytes), row->line, row->too_long});
        buffer = std::string(rest);
        if (text.empty()) return all;
    }
}

std::vector<taken> rows_of(std::string_view text, row_form form = row_form::csv, std::size_t longest = 100) {
    return rows_of(text, form, longest, text.size() + 1);
}

TEST(row_splitter, EndsRowsAtLineEndsOutsideOfQuotes) {
    const std::vector<taken> expected{{"a,\"b\nc\",d", 1, false}, {"e", 3, false}, {"\"\"\"x\"\"\n\"", 5, false}};
    EXPECT_EQ(rows_of("a,\"b\nc\",d\r\ne\n\n\"\"\"x\"\"\n\"\n"), expected);
}

TEST(row_splitter, ALineIsARowWhereNothingIsQuoted) {
    const std::vector<taken> expected{{"{\"a\":\"b", 1, false}, {"c\"}", 2, false}};
    EXPECT_EQ(rows_of("{\"a\":\"b\nc\"}", row_form::lines), expected);
}

TEST(row_splitter, AQuoteThatIsNeverClosedCostsItsOwnLine) {
    const auto found = rows_of("\"open\n" + std::string(30, 'x') + "\nlast\n", row_form::csv, 20);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0], (taken{"\"open", 1, false}));
    EXPECT_TRUE(found[1].too_long);
    EXPECT_EQ(found[1].bytes.size(), 20U);
    EXPECT_EQ(found[2], (taken{"last", 3, false}));
}

TEST(row_splitter, GivesTheSameRowsInWhateverPiecesTheTextComes) {
    std::mt19937 chance(7);
    const std::string_view letters = "ab,\"\n\r";
    for (int history = 0; history < 2'000; ++history) {
        std::string text;
        for (auto left = chance() % 60; left > 0; --left) text += letters[chance() % letters.size()];
        const auto form = chance() % 2 == 0 ? row_form::csv : row_form::lines;
        const auto whole = rows_of(text, form, 12);
        for (const std::size_t at_once : {1U, 2U, 5U, 13U}) ASSERT_EQ(rows_of(text, form, 12, at_once), whole) << text;
    }
}

TEST(csv_fields, AreWhatWasWritten) {
    std::mt19937 chance(3);
    const std::string_view letters = "ab,\"\n\r ;";
    for (int row = 0; row < 2'000; ++row) {
        std::vector<std::string> fields(1 + chance() % 5);
        std::string line;
        for (auto& each : fields) {
            for (auto left = chance() % 6; left > 0; --left) each += letters[chance() % letters.size()];
            if (&each != &fields.front()) line += ',';
            append_csv_field(line, each);
        }
        const auto read = csv_fields(line);
        ASSERT_TRUE(read) << line;
        ASSERT_EQ(*read, fields) << line;
    }
}

TEST(csv_fields, RefuseQuotesOutOfPlace) {
    for (const char* row : {"\"", "a\"b", "\"a\"b", "a,\"b", "\"a\"\""}) EXPECT_FALSE(csv_fields(row)) << row;
}

}  // namespace
}  // namespace kindred
