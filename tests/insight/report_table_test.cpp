#include "engine/insight/report_table.hpp"

#include <gtest/gtest.h>

namespace kindred::insight {
namespace {

report_table table(std::string_view name, std::vector<form_field> fields, std::vector<report_row> rows) {
    fields.push_back({"from", "2026-11-23"});
    fields.push_back({"until", "2026-11-24"});
    report_table made;
    made.asked = read_report_question(name, fields, *parse_time("2026-11-28T12:00:00Z"), true).value();
    for (auto& each : rows) {
        each.from = made.asked.borders.front();
        each.until = made.asked.borders.back();
    }
    made.rows = std::move(rows);
    return made;
}

const report_row level{{}, {}, "general", {}, {3, 1, 0, 0, 1.0 / 3}};

TEST(ReportTable, AsJsonSaysWhatWasAsked) {
    EXPECT_EQ(to_json(table("service-level", {{"by", "queue"}, {"every", "day"}, {"zone", "UTC"}}, {level})),
              R"({"report":"service-level","from":"2026-11-23T00:00:00.000Z","until":"2026-11-24T00:00:00.000Z",)"
              R"("zone":"UTC","by":"queue","every":"day","within":"20s","rows":[{"from":"2026-11-23T00:00:00.000Z",)"
              R"("until":"2026-11-24T00:00:00.000Z","group":"general","answered":3,"answered_within":1,"abandoned":0,)"
              R"("abandoned_within":0,"share":0.333333}]})");
    const auto waits = to_json(table("waits", {}, {{{}, {}, "", "", {2, 1.2345, 1, 2, 2, std::nullopt}}}));
    EXPECT_NE(waits.find(R"("count":2,"mean_s":1.235,"p50_s":1)"), std::string::npos) << waits;
    EXPECT_NE(waits.find(R"("longest_s":null)"), std::string::npos) << waits;
    EXPECT_EQ(waits.find("group"), std::string::npos);
}

TEST(ReportTable, AsLinesHasARowALine) {
    const auto lines = to_ndjson(table("service-level", {{"by", "queue"}}, {level, level}));
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
    EXPECT_TRUE(lines.ends_with("}\n"));
}

TEST(ReportTable, AsCsvQuotesAndDefusesCells) {
    struct row {
        const char* group;
        const char* cell;
    };
    for (const auto& [group, cell] : std::initializer_list<row>{{"general", "general"},
                                                                {"", ""},
                                                                {"a,b", "\"a,b\""},
                                                                {"say \"hi\"", "\"say \"\"hi\"\"\""},
                                                                {"two\nlines", "\"two\nlines\""},
                                                                {"=1+1", "'=1+1"},
                                                                {"+34600", "'+34600"},
                                                                {"-1", "'-1"},
                                                                {"@SUM(A1)", "'@SUM(A1)"},
                                                                {"\tx", "'\tx"},
                                                                {"=\"a\",b", "\"'=\"\"a\"\",b\""}}) {
        const auto csv =
            to_csv(table("service-level", {{"by", "queue"}}, {{{}, {}, group, {}, {3, 1, 0, 0, std::nullopt}}}));
        EXPECT_EQ(csv,
                  "from,until,group,answered,answered_within,abandoned,abandoned_within,share\r\n"
                  "2026-11-23T00:00:00.000Z,2026-11-24T00:00:00.000Z," +
                      std::string(cell) + ",3,1,0,0,\r\n");
    }
}

TEST(ReportTable, LeavesFiguresBelowZeroNumbersInCsv) {
    const auto csv =
        to_csv(table("satisfaction", {{"by", "queue"}},
                     {{{}, {}, "-x", {}, {2, 2, 0, 0, 2, 0, 2, 0, std::nullopt, std::nullopt, -100.0, std::nullopt}}}));
    EXPECT_NE(csv.find(",'-x,2,2,0,0,2,0,2,0,,,-100,\r\n"), std::string::npos) << csv;
}

TEST(ReportTable, NamesAgentsBesideTheirIds) {
    const auto csv = to_csv(table("volume", {{"by", "agent"}}, {{{}, {}, "7", "Ann, A.", {1, 1, 0, 0, 0, 0}}}));
    EXPECT_NE(csv.find("until,group,name,contacts"), std::string::npos);
    EXPECT_NE(csv.find(",7,\"Ann, A.\",1,1"), std::string::npos) << csv;
}

TEST(ReportTable, AsTextStandsInColumns) {
    const auto text = to_text(table("volume", {{"by", "queue"}}, {{{}, {}, "b\u00fcro", {}, {1, 1, 0, 0, 0, 0}}}));
    EXPECT_NE(text.find("group  contacts"), std::string::npos) << text;
    EXPECT_NE(text.find("b\u00fcro          1"), std::string::npos) << text;
}

}  // namespace
}  // namespace kindred::insight
