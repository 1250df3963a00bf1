#include "engine/insight/report_question.hpp"

#include <gtest/gtest.h>

namespace kindred::insight {
namespace {

const auto now = *parse_time("2026-11-28T12:00:00Z");

using fields = std::vector<form_field>;

result<report_question> ask(const fields& given, std::string_view name = "volume") {
    return read_report_question(name, given, now);
}

std::vector<std::string> borders(const std::string& from, const std::string& until, const std::string& every,
                                 const std::string& zone) {
    const auto asked = ask({{"from", from}, {"until", until}, {"every", every}, {"zone", zone}});
    std::vector<std::string> texts;
    for (const auto at : asked.value().borders) texts.push_back(to_rfc3339(at).substr(0, 16));
    return texts;
}

TEST(ReportQuestion, TakesTheLastSevenDaysWhenNothingIsSaid) {
    const auto asked = ask({}).value();
    EXPECT_EQ(asked.borders, (std::vector{now - std::chrono::days{7}, now}));
    EXPECT_EQ(asked.by, grouping::none);
    EXPECT_EQ(asked.every, period_step::whole);
    EXPECT_EQ(asked.zone, "UTC");
    EXPECT_EQ(asked.format, report_format::json);
}

TEST(ReportQuestion, ReadsDatesInTheZone) {
    EXPECT_EQ(borders("2026-11-01", "2026-11-02", "", "America/Mexico_City"),
              (std::vector<std::string>{"2026-11-01T06:00", "2026-11-02T06:00"}));
    EXPECT_EQ(borders("2026-11-01T00:00:00+02:00", "2026-11-02", "", "UTC"),
              (std::vector<std::string>{"2026-10-31T22:00", "2026-11-02T00:00"}));
}

TEST(ReportQuestion, DaysAreAsLongAsTheClocksMakeThem) {
    // Madrid puts its clocks forward on 29 March 2026 and back on 25 October.
    EXPECT_EQ(
        borders("2026-03-28", "2026-03-31", "day", "Europe/Madrid"),
        (std::vector<std::string>{"2026-03-27T23:00", "2026-03-28T23:00", "2026-03-29T22:00", "2026-03-30T22:00"}));
    EXPECT_EQ(borders("2026-10-25", "2026-10-26", "hour", "Europe/Madrid").size(), 26U);
    EXPECT_EQ(borders("2026-03-29", "2026-03-30", "hour", "Europe/Madrid").size(), 24U);
    EXPECT_EQ(borders("2026-11-23", "2026-11-24", "hour", "Europe/Madrid").size(), 25U);
    // In Beirut the skipped hour is the one after midnight: the day begins at one.
    EXPECT_EQ(borders("2026-03-28", "2026-03-30", "day", "Asia/Beirut"),
              (std::vector<std::string>{"2026-03-27T22:00", "2026-03-28T22:00", "2026-03-29T21:00"}));
    // Clocks that are not whole hours from UTC.
    EXPECT_EQ(borders("2026-11-23", "2026-11-23T00:00:00Z", "hour", "Asia/Kolkata").at(1), "2026-11-22T19:30");
}

TEST(ReportQuestion, WeeksBeginOnMondayAndMonthsOnTheirFirst) {
    EXPECT_EQ(
        borders("2026-11-25", "2026-12-08", "week", "UTC"),
        (std::vector<std::string>{"2026-11-25T00:00", "2026-11-30T00:00", "2026-12-07T00:00", "2026-12-08T00:00"}));
    EXPECT_EQ(borders("2026-11-23", "2026-11-30", "week", "UTC").size(), 2U);
    EXPECT_EQ(borders("2026-12-15", "2027-03-02", "month", "Europe/Madrid"),
              (std::vector<std::string>{"2026-12-14T23:00", "2026-12-31T23:00", "2027-01-31T23:00", "2027-02-28T23:00",
                                        "2027-03-01T23:00"}));
}

TEST(ReportQuestion, ReadsGroupsAndLimits) {
    EXPECT_EQ(ask({{"by", "queue"}}).value().by, grouping::queue);
    EXPECT_EQ(ask({{"by", "script"}}).value().by, grouping::script);
    const auto asked = ask({{"by", "segment.value"}, {"format", "csv"}}).value();
    EXPECT_EQ(asked.by, grouping::segment);
    EXPECT_EQ(asked.dimension, "value");
    EXPECT_EQ(asked.format, report_format::csv);
    EXPECT_EQ(ask({}, "service-level").value().within, std::chrono::seconds{20});
    EXPECT_EQ(ask({{"within", "1m30s"}}, "service-level").value().within, std::chrono::seconds{90});
    EXPECT_EQ(ask({}, "re-contact").value().within, std::chrono::days{7});
}

TEST(ReportQuestion, NamesTheFieldThatIsWrong) {
    struct row {
        fields given;
        std::string_view field;
    };
    for (const auto& [given, field] : std::initializer_list<row>{
             {{{"by", "colour"}}, "by: "},
             {{{"by", "segment."}}, "by: "},
             {{{"every", "minute"}}, "every: "},
             {{{"zone", "Mars/Olympus"}}, "zone: "},
             {{{"format", "xml"}}, "format: "},
             {{{"format", "table"}}, "format: "},
             {{{"from", "yesterday"}}, "from: "},
             {{{"from", "2026"}}, "from: "},
             {{{"from", "2026-02-30"}}, "from: "},
             {{{"until", "2026-13-01"}}, "until: "},
             {{{"from", "2026-11-02"}, {"until", "2026-11-01"}}, "until: "},
             {{{"from", "2026-11-01"}, {"until", "2026-11-01"}}, "until: "},
             {{{"within", "7d"}}, "within: "},
             {{{"form", "2026-11-01"}}, "form: unknown field, did you mean \"from\"?"},
             {{{"by", "queue"}, {"by", "agent"}}, "by: is given twice"},
             {{{"from", "2026-01-01"}, {"every", "hour"}}, "every: "},
         }) {
        const auto asked = ask(given);
        ASSERT_FALSE(asked) << field;
        EXPECT_EQ(asked.error().code, errc::invalid) << field;
        EXPECT_TRUE(asked.error().message.starts_with(field)) << asked.error().message;
    }
    for (const auto* text : {"0s", "-5s", "400d", "soon"}) EXPECT_FALSE(ask({{"within", text}}, "re-contact")) << text;
    EXPECT_EQ(ask({}, "weather").error().code, errc::not_found);
    EXPECT_TRUE(read_report_question("volume", fields{{"format", "table"}}, now, true));
}

TEST(ReportQuestion, EveryReportIsDescribedInItsPlace) {
    for (const auto& each : all_reports()) {
        EXPECT_EQ(describe(each.which).name, each.name);
        EXPECT_FALSE(each.means.empty());
        EXPECT_EQ(read_report_question(each.name, {}, now).value().which, each.which);
    }
}

}  // namespace
}  // namespace kindred::insight
