#include "engine/insight/comparison_table.hpp"

#include <gtest/gtest.h>

namespace kindred::insight {
namespace {

segment_report some_report() {
    segment_report made;
    auto& numbers = made.comparisons.emplace_back();
    numbers.dimension = "=value";
    numbers.outcome = "handling_s";
    numbers.test.statistic = 12.5;
    numbers.test.p = 0.25;
    numbers.adjusted_p = 0.5;
    numbers.differs = {0.125, -0.5, 0.75};
    numbers.answers = 30;
    numbers.power = 0.5;
    numbers.more_needed = 70;
    numbers.groups = {{"vip, old", 10, 60, 2.5, "", 0, -0.25}, {"regular", 20, 30, 1.5, "", 0, 0.5}};
    numbers.pairs = {{"vip, old", "regular", 0.25, 0.5, {0.125, 0, 0.25}, true}};
    auto& categories = made.comparisons.emplace_back();
    categories.dimension = "stage";
    categories.outcome = "channel";
    categories.of = measure::cramers_v;
    categories.by = method::chi_squared;
    categories.groups = {{"new", 5, 0, 0, "mail", 0.75, 1}};
    made.findings.push_back({finding_kind::predicts_nothing, "stage", {}, {}, {}, "stage predicts nothing here"});
    return made;
}

TEST(tables_of_comparisons, have_a_row_for_each_comparison_its_segments_their_pairs_and_what_follows) {
    EXPECT_EQ(
        to_format(some_report(), report_format::csv),
        "row,dimension,outcome,segment,other,customers,measure,method,statistic,p,adjusted_p,effect,low,high,power,"
        "more_needed,mean,deviation,commonest,share,alike,text\r\n"
        "comparison,'=value,handling_s,,,30,eta_squared,kruskal_wallis,12.5,0.25,0.5,0.125,-0.5,0.75,0.5,70,,,,,,\r\n"
        "segment,'=value,handling_s,\"vip, old\",,10,,,,,,,,,,,60,2.5,,,-0.25,\r\n"
        "segment,'=value,handling_s,regular,,20,,,,,,,,,,,30,1.5,,,0.5,\r\n"
        "pair,'=value,handling_s,\"vip, old\",regular,,,,,0.25,0.5,0.125,0,0.25,,,,,,,true,\r\n"
        "comparison,stage,channel,,,0,cramers_v,chi_squared,0,1,1,0,0,1,0,0,,,,,,\r\n"
        "segment,stage,channel,new,,5,,,,,,,,,,,,,mail,0.75,1,\r\n"
        "finding,stage,,,,,,,,,,,,,,,,,,,,stage predicts nothing here\r\n");
}

TEST(tables_of_comparisons, are_lines_that_have_what_the_row_has) {
    const auto lines = to_format(some_report(), report_format::ndjson);
    EXPECT_TRUE(
        lines.starts_with(R"({"row":"comparison","dimension":"=value","outcome":"handling_s","customers":30,)"));
    EXPECT_NE(lines.find(R"({"row":"segment","dimension":"stage","outcome":"channel","segment":"new","customers":5,)"
                         R"("commonest":"mail","share":0.75,"alike":1})"),
              std::string::npos)
        << lines;
    EXPECT_NE(lines.find(R"("alike":true})"), std::string::npos);
    EXPECT_TRUE(lines.ends_with("\n"));
}

TEST(tables_of_comparisons, have_their_header_where_there_is_nothing_to_compare) {
    EXPECT_TRUE(to_format({}, report_format::csv).ends_with("alike,text\r\n"));
    EXPECT_EQ(to_format({}, report_format::ndjson), "");
}

}  // namespace
}  // namespace kindred::insight
