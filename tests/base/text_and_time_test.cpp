#include "engine/base/bounded_queue.hpp"
#include "engine/base/text.hpp"
#include "engine/base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred {
namespace {

TEST(Time, ReadsRfc3339AndUnixSeconds) {
    struct row {
        const char* text;
        const char* expected;
    };
    for (const auto& [text, expected] :
         {row{"2026-11-23T10:00:00-06:00", "2026-11-23T16:00:00.000Z"},
          row{"2026-11-23T10:00Z", "2026-11-23T10:00:00.000Z"},
          row{"2024-02-29T23:59:60.25Z", "2024-03-01T00:00:00.250Z"}, row{"1697043223", "2023-10-11T16:53:43.000Z"}}) {
        const auto at = parse_time(text);
        ASSERT_TRUE(at) << text;
        EXPECT_EQ(to_rfc3339(*at), expected);
    }
    for (const char* bad :
         {"", "x", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T25:00:00Z",
          "2026-01-01T00:00:00", "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00Zx", "99999999999999"})
        EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(Time, ReadsMailDates) {
    EXPECT_EQ(to_rfc3339(*parse_mail_date("Wed, 11 Oct 2017 18:31:04 -0700")), "2017-10-12T01:31:04.000Z");
    EXPECT_EQ(to_rfc3339(*parse_mail_date("1 Jan 99 00:00 EST")), "1999-01-01T05:00:00.000Z");
    EXPECT_FALSE(parse_mail_date("yesterday"));
    EXPECT_EQ(to_mail_date(*parse_time("2017-10-12T01:31:04Z")), "Thu, 12 Oct 2017 01:31:04 +0000");
}

TEST(Time, Durations) {
    EXPECT_EQ(parse_duration("1h30m"), std::chrono::minutes{90});
    EXPECT_EQ(parse_duration("-5m"), -std::chrono::minutes{5});
    EXPECT_EQ(parse_duration("500ms"), duration{500});
    for (const char* bad : {"", "-", "5", "m", "1x", "1h 30m", "1h-5m", "99999999999999w", "1.5h"})
        EXPECT_FALSE(parse_duration(bad)) << bad;
}

RC_GTEST_PROP(Time, DurationsRoundTrip, (std::int32_t millis)) {
    RC_ASSERT(parse_duration(to_text(duration{millis})) == duration{millis});
}

TEST(Text, Utf8) {
    EXPECT_TRUE(is_utf8("aé✓😮"));
    for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
        EXPECT_FALSE(is_utf8(bad));
        EXPECT_TRUE(is_utf8(to_utf8(bad)));
    }
    EXPECT_EQ(count_code_points("aé✓😮"), 4U);
}

TEST(Text, Forms) {
    const auto fields = parse_form("a=1&b=%C3%A9+x&a=&%zz=%4&c");
    ASSERT_EQ(fields.size(), 5U);
    EXPECT_EQ(fields[1].value, "é x");
    EXPECT_EQ(fields[2].value, "");
    EXPECT_EQ(fields[3].name, "%zz");
    EXPECT_EQ(fields[3].value, "%4");
    EXPECT_TRUE(parse_form("").empty());
}

RC_GTEST_PROP(Text, PercentRoundTrips, (const std::string& bytes)) {
    RC_ASSERT(decode_percent(encode_percent(bytes)) == bytes);
}

TEST(Text, SuggestsOnlyWhatIsNear) {
    EXPECT_EQ(nearest("segmnet", {"segment", "stage"}), "segment");
    EXPECT_FALSE(nearest("wholly_other", {"segment", "stage"}));
}

TEST(Text, MarkupIsEscaped) { EXPECT_EQ(escape_markup("<a b='\"&\">"), "&lt;a b=&#39;&quot;&amp;&quot;&gt;"); }

TEST(BoundedQueue, RefusesWhenFullAndKeepsTheValue) {
    bounded_queue<std::string> queue(1);
    std::string first = "first";
    std::string second = "second";
    EXPECT_TRUE(queue.try_push(first));
    EXPECT_FALSE(queue.try_push(second));
    EXPECT_EQ(second, "second");
    EXPECT_EQ(queue.take_all(), std::vector<std::string>{"first"});
    queue.close();
    EXPECT_FALSE(queue.try_push(second));
    EXPECT_TRUE(queue.take_all().empty());
}

}  // namespace
}  // namespace kindred
