#include "engine/understanding/csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::understanding {
namespace {

struct read_case {
    const char* name;
    const char* bytes;
    std::vector<std::vector<std::string>> rows;
};

class csv_reads : public testing::TestWithParam<read_case> {};

TEST_P(csv_reads, AsRfc4180Says) {
    const auto read = parse_csv(GetParam().bytes);
    ASSERT_TRUE(read) << read.error().message;
    std::vector<std::vector<std::string>> rows{read->header};
    for (const auto& row : read->rows) rows.push_back(row.fields);
    EXPECT_EQ(rows, GetParam().rows);
}

INSTANTIATE_TEST_SUITE_P(
    Files, csv_reads,
    testing::Values(read_case{"plain", "text,label\na,b\n", {{"text", "label"}, {"a", "b"}}},
                    read_case{"crlf_no_last_end", "t,l\r\na,b", {{"t", "l"}, {"a", "b"}}},
                    read_case{"quoted", "t,l\n\"a, \"\"b\"\"\nc\",d\n", {{"t", "l"}, {"a, \"b\"\nc", "d"}}},
                    read_case{"empty_fields", "t,l\n,\n\"\",x\n", {{"t", "l"}, {"", ""}, {"", "x"}}},
                    read_case{"ends_in_comma", "t,l\na,", {{"t", "l"}, {"a", ""}}},
                    read_case{"empty_lines", "\nt,l\n\n\r\na,b\n\n", {{"t", "l"}, {"a", "b"}}},
                    read_case{"byte_order_mark", "\xEF\xBB\xBFt,l\n", {{"t", "l"}}},
                    read_case{"spaces_are_text", "t,l\n a , b \n", {{"t", "l"}, {" a ", " b "}}}),
    [](const auto& each) { return std::string(each.param.name); });

struct refused_case {
    const char* name;
    const char* bytes;
    const char* message;
};

class csv_refuses : public testing::TestWithParam<refused_case> {};

TEST_P(csv_refuses, WithTheLine) {
    const auto read = parse_csv(GetParam().bytes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, errc::invalid);
    EXPECT_EQ(read.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Files, csv_refuses,
    testing::Values(refused_case{"nothing", "", "no header: the first line must be text,label"},
                    refused_case{"open_quote", "t,l\n\"a\nb\n", "line 2: a quote is never closed"},
                    refused_case{"stray_quote", "t,l\n\na\"b,c\n",
                                 "line 3: a quote inside a field that does not begin with one"},
                    refused_case{"after_quote", "t,l\n\"a\nb\"c,d\n",
                                 "line 2: something stands between a closing quote and the comma"},
                    refused_case{"too_few", "t,l\na\n", "line 2: 1 fields where the header has 2"},
                    refused_case{"too_many", "t,l\n\"a\nb\",c\na,b,c\n", "line 4: 3 fields where the header has 2"},
                    refused_case{"lone_return", "t,l\na\rb,c\n", "line 2: a carriage return without a line feed"},
                    refused_case{"not_utf8", "t,l\n\xFF,c\n", "not UTF-8"}),
    [](const auto& each) { return std::string(each.param.name); });

std::string quoted(const std::string& field) {
    std::string made = "\"";
    for (const char letter : field) {
        if (letter == '"') made += '"';
        made += letter;
    }
    return made + '"';
}

RC_GTEST_PROP(csv, WhatIsQuotedComesBack, ()) {
    const auto letter = rc::gen::element('a', '"', ',', '\n', '\r', ' ');
    const auto rows = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
        rc::gen::pair(rc::gen::container<std::string>(letter), rc::gen::container<std::string>(letter)));
    const auto* const end = *rc::gen::element("\n", "\r\n");
    std::string bytes = std::string("text,label") + end;
    for (const auto& [text, label] : rows) bytes += quoted(text) + "," + quoted(label) + end;
    const auto read = parse_csv(bytes);
    RC_ASSERT(bool(read));
    RC_ASSERT(read->rows.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        RC_ASSERT(read->rows[i].fields[0] == rows[i].first);
        RC_ASSERT(read->rows[i].fields[1] == rows[i].second);
    }
}

}  // namespace
}  // namespace kindred::understanding
