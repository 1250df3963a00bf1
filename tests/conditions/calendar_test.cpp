#include "engine/conditions/calendar.hpp"
#include "engine/conditions/tz_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <fstream>
#include <sstream>

namespace kindred::conditions {
namespace {

time_point at(const char* text) { return *parse_time(text); }
time_zone zone(const char* name) { return *time_zone::named(name); }

std::array<std::vector<day_span>, 7> every_day(std::initializer_list<const char*> hours) {
    std::vector<day_span> spans;
    for (const auto* each : hours) spans.push_back(*parse_day_span(each));
    std::array<std::vector<day_span>, 7> week;
    week.fill(spans);
    return week;
}

calendar office() {
    auto week = every_day({"09:00-13:00", "14:00-18:00"});
    week[5] = {*parse_day_span("10:00-14:00")};
    week[6] = {};
    return {"office",
            zone("America/Mexico_City"),
            week,
            {{*parse_date("2026-12-25"), {}}, {*parse_date("2026-12-24"), {*parse_day_span("09:00-13:00")}}}};
}

TEST(Calendar, IsOpenFromItsStartToBeforeItsEnd) {
    const auto hours = office();
    EXPECT_EQ(hours.state_at(at("2026-11-23T08:59:59-06:00")), opening::closed);
    EXPECT_EQ(hours.state_at(at("2026-11-23T09:00:00-06:00")), opening::open);
    EXPECT_EQ(hours.state_at(at("2026-11-23T12:59:59-06:00")), opening::open);
    EXPECT_EQ(hours.state_at(at("2026-11-23T13:00:00-06:00")), opening::closed);
    EXPECT_EQ(hours.state_at(at("2026-11-28T10:00:00-06:00")), opening::open) << "a Saturday";
    EXPECT_EQ(hours.state_at(at("2026-11-29T10:00:00-06:00")), opening::closed) << "a Sunday";
}

TEST(Calendar, HolidaysCloseOrHaveHoursOfTheirOwn) {
    const auto hours = office();
    EXPECT_EQ(hours.state_at(at("2026-12-25T10:00:00-06:00")), opening::holiday);
    EXPECT_EQ(hours.state_at(at("2026-12-24T10:00:00-06:00")), opening::open);
    EXPECT_EQ(hours.state_at(at("2026-12-24T15:00:00-06:00")), opening::holiday);
    EXPECT_EQ(*hours.next_opening(at("2026-12-24T13:00:00-06:00")), at("2026-12-26T10:00:00-06:00"));
    EXPECT_EQ(*hours.next_change(at("2026-12-24T13:00:00-06:00")), at("2026-12-26T00:00:00-06:00"))
        << "from holiday to closed at midnight";
}

TEST(Calendar, HoursMayPassMidnight) {
    const calendar night("night", zone("Europe/Berlin"), every_day({"22:00-06:00"}), {{*parse_date("2026-05-02"), {}}});
    EXPECT_TRUE(night.open_at(at("2026-04-30T23:00:00+02:00")));
    EXPECT_TRUE(night.open_at(at("2026-05-01T05:59:59+02:00")));
    EXPECT_FALSE(night.open_at(at("2026-05-01T06:00:00+02:00")));
    EXPECT_TRUE(night.open_at(at("2026-05-02T03:00:00+02:00"))) << "belongs to the day before the holiday";
    EXPECT_EQ(night.state_at(at("2026-05-02T23:00:00+02:00")), opening::holiday);
    EXPECT_FALSE(night.open_at(at("2026-05-03T03:00:00+02:00")));
}

TEST(Calendar, AlwaysOpenNeverChanges) {
    const calendar always("always", time_zone::utc(), every_day({"00:00-24:00"}), {});
    EXPECT_TRUE(always.open_at(at("2026-01-01T00:00:00Z")));
    EXPECT_FALSE(always.next_change(at("2026-01-01T00:00:00Z")));
    EXPECT_EQ(*always.next_opening(at("2026-01-01T00:00:00Z")), at("2026-01-01T00:00:00Z"));
    const calendar never("never", time_zone::utc(), {}, {});
    EXPECT_FALSE(never.next_opening(at("2026-01-01T00:00:00Z")));
}

// Berlin: on 2026-03-29 clocks go from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00.
TEST(Calendar, HoursKeepToTheClockAcrossDaylightSaving) {
    const calendar early("early", zone("Europe/Berlin"), every_day({"02:30-04:00"}), {});
    EXPECT_FALSE(early.open_at(at("2026-03-29T00:59:59Z")));
    EXPECT_TRUE(early.open_at(at("2026-03-29T01:00:00Z"))) << "02:30 does not exist: open from the skip, 03:00";
    EXPECT_TRUE(early.open_at(at("2026-03-29T01:59:59Z")));
    EXPECT_FALSE(early.open_at(at("2026-03-29T02:00:00Z"))) << "04:00 summer time";
    EXPECT_TRUE(early.open_at(at("2026-10-25T00:30:00Z"))) << "the first 02:30";
    EXPECT_TRUE(early.open_at(at("2026-10-25T01:15:00Z"))) << "the second 02:15, between 02:30 and 04:00";
    EXPECT_FALSE(early.open_at(at("2026-10-25T03:00:00Z"))) << "04:00 winter time";
    const calendar day("day", zone("Europe/Berlin"), every_day({"09:00-17:00"}), {});
    EXPECT_EQ(*day.next_opening(at("2026-03-28T16:00:00Z")), at("2026-03-29T07:00:00Z"));
    EXPECT_EQ(*day.next_opening(at("2026-10-24T16:00:00Z")), at("2026-10-25T08:00:00Z"));
}

TEST(TimeZone, FindsTheMomentOfAClockReading) {
    const auto berlin = zone("Europe/Berlin");
    const auto moment = [&](const char* date, int minute) {
        return to_rfc3339(berlin.instant_of(*parse_date(date), minute));
    };
    EXPECT_EQ(moment("2026-01-15", 600), "2026-01-15T09:00:00.000Z");
    EXPECT_EQ(moment("2026-07-15", 600), "2026-07-15T08:00:00.000Z");
    EXPECT_EQ(moment("2026-03-29", 150), "2026-03-29T01:00:00.000Z") << "skipped: the moment of the skip";
    EXPECT_EQ(moment("2026-10-25", 150), "2026-10-25T00:30:00.000Z") << "twice: the first";
    EXPECT_EQ(moment("2026-03-29", 1440), "2026-03-29T22:00:00.000Z") << "a day of 23 hours";
}

TEST(TimeZone, KnowsZonesThatGaveUpDaylightSaving) {
    EXPECT_EQ(zone("America/Mexico_City").offset_at(at("2026-07-01T12:00:00Z")), -std::chrono::hours{6});
    EXPECT_EQ(zone("America/Mexico_City").offset_at(at("2021-07-01T12:00:00Z")), -std::chrono::hours{5});
}

TEST(TimeZone, FootersMakeTheYearsAfterTheFile) {
    using std::chrono::year;
    const auto changes = [](const char* footer) {
        const auto periods = periods_of_footer(footer, year{2040}, year{2040});
        std::string all;
        if (!periods) return std::string("refused");
        for (const auto& each : *periods) all += to_rfc3339(each.from) + " " + kindred::to_text(each.offset) + "; ";
        return all;
    };
    EXPECT_EQ(changes("CET-1CEST,M3.5.0,M10.5.0/3"), "2040-03-25T01:00:00.000Z 2h; 2040-10-28T01:00:00.000Z 1h; ");
    EXPECT_EQ(changes("EST5EDT,M3.2.0,M11.1.0"), "2040-03-11T07:00:00.000Z -4h; 2040-11-04T06:00:00.000Z -5h; ");
    EXPECT_EQ(changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"),
              "2040-03-25T01:00:00.000Z -1h; 2040-10-28T01:00:00.000Z -2h; ");
    EXPECT_EQ(changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"),
              "2040-03-31T15:00:00.000Z 10h30m; 2040-10-06T15:30:00.000Z 11h; ");
    EXPECT_EQ(changes("CST6"), "2040-01-01T06:00:00.000Z -6h; ");
    for (const char* wrong :
         {"", "C6", "CET-1CEST,J60,J300", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST", "CET-1CEST,M3.5.0"})
        EXPECT_EQ(changes(wrong), "refused") << wrong;
}

TEST(TimeZone, FilesThatAreCutAreRefused) {
    std::ifstream file("/usr/share/zoneinfo/Europe/Berlin", std::ios::binary);
    std::ostringstream read;
    read << file.rdbuf();
    const auto bytes = read.str();
    if (bytes.empty()) GTEST_SKIP() << "this machine has no tz database";
    ASSERT_TRUE(read_tz_file(bytes, std::chrono::year{2100}));
    for (std::size_t size = 0; size < bytes.size(); size += 7)
        EXPECT_FALSE(read_tz_file(std::string_view(bytes).substr(0, size), std::chrono::year{2100})) << size;
}

TEST(TimeZone, HalfHoursAndTheDateLine) {
    EXPECT_EQ(zone("Asia/Kolkata").at(at("2026-01-01T00:00:00Z")).minute, 30);
    EXPECT_EQ(to_text(zone("Pacific/Kiritimati").at(at("2026-01-01T11:00:00Z")).date), "2026-01-02");
    EXPECT_EQ(to_rfc3339(zone("Pacific/Apia").instant_of(*parse_date("2011-12-30"), 600)), "2011-12-30T10:00:00.000Z")
        << "a day that Samoa skipped: the moment of the skip";
    EXPECT_EQ(zone("Australia/Lord_Howe").offset_at(at("2026-07-01T00:00:00Z")), std::chrono::minutes{630});
}

TEST(TimeZone, RefusesNamesThatDoNotExist) {
    for (const char* name : {"Mars/Olympus", "", "GMT+25:00", "Etc/Unknown", "mexico"})
        EXPECT_FALSE(time_zone::named(name)) << name;
    for (const char* name : {"UTC", "Europe/London", "America/Argentina/Buenos_Aires"})
        EXPECT_TRUE(time_zone::named(name)) << name;
}

TEST(Hours, AreParsedOrRefused) {
    EXPECT_EQ(*parse_day_span("09:00-13:30"), (day_span{540, 810}));
    EXPECT_EQ(*parse_day_span("22:00-06:00"), (day_span{1320, 1800}));
    EXPECT_EQ(*parse_day_span("00:00-24:00"), (day_span{0, 1440}));
    EXPECT_EQ(*parse_day_span("18:00-24:00"), (day_span{1080, 1440}));
    for (const char* wrong :
         {"9:00-13:00", "09:00", "09:00-25:00", "09:60-10:00", "09:00-09:00", "24:00-01:00", "ab:cd-ef:gh", ""})
        EXPECT_FALSE(parse_day_span(wrong)) << wrong;
    EXPECT_EQ(*parse_weekdays("fri-mon"), (std::vector<int>{4, 5, 6, 0}));
    EXPECT_EQ(*parse_weekdays("wed"), std::vector<int>{2});
    for (const char* wrong : {"monday", "mon-", "-fri", "mon-fry", ""}) EXPECT_FALSE(parse_weekdays(wrong)) << wrong;
    for (const char* wrong : {"2026-02-29", "2026-13-01", "26-01-01", "2026/01/01"})
        EXPECT_FALSE(parse_date(wrong)) << wrong;
}

RC_GTEST_PROP(TimeZone, ReadingAClockAndFindingItsMomentAgree, ()) {
    const auto name = *rc::gen::element<std::string>("Europe/Berlin", "America/New_York", "Asia/Kolkata",
                                                     "Africa/Casablanca", "Australia/Lord_Howe", "America/Santiago");
    const auto here = *time_zone::named(name);
    const auto moment = from_millis(60'000LL * *rc::gen::inRange<std::int64_t>(20'000'000, 40'000'000));
    const auto shown = here.at(moment);
    const auto back = here.instant_of(shown.date, shown.hour * 60 + shown.minute);
    // The same moment, or the first of the two at which clocks show this.
    RC_ASSERT(back <= moment);
    const auto shown_again = here.at(back);
    RC_ASSERT(shown_again.date == shown.date && shown_again.hour == shown.hour && shown_again.minute == shown.minute);
}

RC_GTEST_PROP(Calendar, TheNextChangeIsTheFirstMinuteWithAnotherState, ()) {
    const auto begin = *rc::gen::inRange(0, 1439);
    const auto length = *rc::gen::inRange(1, 1440);
    std::array<std::vector<day_span>, 7> week;
    for (const auto day : *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(0, 7)))
        week[static_cast<std::size_t>(day)] = {{begin, begin + length}};
    const calendar hours("c", *time_zone::named("Europe/Berlin"), week, {{*parse_date("2026-03-30"), {}}});
    // From shortly before the spring change.
    const auto start = at("2026-03-28T00:00:00Z") + std::chrono::minutes{*rc::gen::inRange(0, 3 * 1440)};
    const auto change = hours.next_change(start);
    const auto state = hours.state_at(start);
    for (auto minute = start; minute < start + std::chrono::days{4}; minute += std::chrono::minutes{1}) {
        if (change && minute >= *change) break;
        RC_ASSERT(hours.state_at(minute) == state);
    }
    if (change) RC_ASSERT(hours.state_at(*change) != state);
}

}  // namespace
}  // namespace kindred::conditions
