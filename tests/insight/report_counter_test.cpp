#include "engine/insight/report_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::insight {
namespace {

const auto midnight = *parse_time("2026-11-23T00:00:00Z");
constexpr std::chrono::hours hour{1};

/// A line of a history: the ticket, the seconds since midnight, the kind, the JSON.
struct told {
    std::uint64_t ticket;
    int second;
    std::string kind;
    std::string json = "{}";
};

const std::string decision =
    R"({"route":"parcels","queue":"q","script":{"id":"hello"},"segments":{"value":"gold"},"stage":"buyer","pinned":[],"facts":{}})";
std::string queued(const std::string& queue, const std::string& because = "enqueued") {
    return R"({"queue":")" + queue + R"(","because":")" + because + "\"}";
}
std::string by(const std::string& id, const std::string& more = "") {
    return R"({"agent":{"id":")" + id + R"(","name":"Agent )" + id + "\"}" + more + "}";
}

/// Figures of a report from midnight for a day, or by the hours that `every` makes.
class telling {
public:
    explicit telling(std::string_view name, std::vector<form_field> fields = {}) {
        fields.push_back({"from", "2026-11-23"});
        fields.push_back({"until", "2026-11-24"});
        asked_ = read_report_question(name, fields, midnight + 24 * 30 * hour).value();
    }

    report_table of(const std::vector<told>& lines, std::size_t recalled = 0) const {
        report_counter counter(asked_);
        std::unordered_map<std::uint64_t, std::uint32_t> numbers;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto& each = lines[i];
            const history_line line{ticket_id{each.ticket},
                                    ++numbers[each.ticket],
                                    each.kind,
                                    midnight + std::chrono::seconds{each.second},
                                    each.json,
                                    "mail",
                                    customer_id{each.ticket / 10 + 1}};
            if (i < recalled)
                counter.recall(line);
            else
                counter.take(line);
        }
        return counter.finish();
    }

private:
    report_question asked_;
};

using figures = std::vector<std::optional<double>>;

figures only(const report_table& made) {
    EXPECT_EQ(made.rows.size(), 1U);
    return made.rows.empty() ? figures{} : made.rows.front().values;
}

std::map<std::string, figures> grouped(const report_table& made) {
    std::map<std::string, figures> found;
    for (const auto& row : made.rows) found[row.group] = row.values;
    return found;
}

const std::vector<told> handled{
    {1, 10, "contact"},           {1, 10, "decision", decision}, {1, 10, "queued", queued("general")},
    {1, 10, "offered", by("7")},  {1, 40, "accepted", by("7")},  {1, 70, "reply", by("7")},
    {1, 130, "resolved", by("7")}};

TEST(ReportCounter, CountsWhatBecameOfATicket) {
    EXPECT_EQ(only(telling("volume").of(handled)), (figures{1, 1, 0, 1, 0, 0}));
    EXPECT_EQ(only(telling("waits").of(handled)), (figures{1, 30, 30, 30, 30, 30}));
    EXPECT_EQ(only(telling("service-level").of(handled)), (figures{1, 0, 0, 0, 0.0}));
    EXPECT_EQ(only(telling("service-level", {{"within", "30s"}}).of(handled)), (figures{1, 1, 0, 0, 1.0}));
    EXPECT_EQ(only(telling("first-response").of(handled)), (figures{1, 60, 60, 60, 60, 60}));
    EXPECT_EQ(only(telling("resolution").of(handled)), (figures{1, 120, 120, 120, 120, 120}));
    EXPECT_EQ(only(telling("hand-offs").of(handled)), (figures{1, 0, 0, 0, 0, 0.0, 0.0, 0.0}));
    EXPECT_EQ(only(telling("re-contact").of(handled)), (figures{1, 0, 0, 0.0}));
}

TEST(ReportCounter, NothingHappenedIsZeroAndHasNoMean) {
    EXPECT_EQ(only(telling("volume").of({})), (figures{0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(only(telling("waits").of({})),
              (figures{0, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}));
    EXPECT_EQ(only(telling("re-contact").of({})), (figures{0, 0, 0, std::nullopt}));
    EXPECT_TRUE(telling("volume", {{"by", "queue"}}).of({}).rows.empty());
}

TEST(ReportCounter, GroupsByWhatTheTicketHad) {
    struct row {
        const char* by;
        const char* group;
    };
    for (const auto& [by, group] : std::initializer_list<row>{{"channel", "mail"},
                                                              {"queue", "general"},
                                                              {"segment.value", "gold"},
                                                              {"segment.region", ""},
                                                              {"stage", "buyer"},
                                                              {"route", "parcels"},
                                                              {"script", "hello"}}) {
        EXPECT_EQ(grouped(telling("volume", {{"by", by}}).of(handled)),
                  (std::map<std::string, figures>{{group, {1, 1, 0, 1, 0, 0}}}))
            << by;
        EXPECT_EQ(grouped(telling("waits", {{"by", by}}).of(handled)).begin()->first, group) << by;
    }
    // Nobody has a ticket when it comes.
    EXPECT_EQ(grouped(telling("volume", {{"by", "agent"}}).of(handled)),
              (std::map<std::string, figures>{{"", {1, 1, 0, 0, 0, 0}}, {"7", {0, 0, 0, 1, 0, 0}}}));
    EXPECT_EQ(telling("waits", {{"by", "agent"}}).of(handled).rows.front().name, "Agent 7");
}

TEST(ReportCounter, FiguresBelongToThePeriodInWhichTheyWereComplete) {
    const std::vector<told> lines{{1, 3000, "contact"},
                                  {1, 3000, "queued", queued("general")},
                                  {1, 3700, "accepted", by("7")},
                                  {1, 3800, "reply", by("7")},
                                  {1, 7300, "resolved", by("7")},
                                  {2, -500, "contact"},
                                  {2, -500, "queued", queued("general")}};
    const auto waits = telling("waits", {{"every", "hour"}}).of(lines);
    ASSERT_EQ(waits.rows.size(), 24U);
    EXPECT_EQ(waits.rows[0].values[0], 0);
    EXPECT_EQ(waits.rows[1].values, (figures{1, 700, 700, 700, 700, 700}));
    EXPECT_EQ(telling("resolution", {{"every", "hour"}}).of(lines).rows[2].values[1], 4300);
    const auto volume = telling("volume", {{"every", "hour"}}).of(lines);
    EXPECT_EQ(volume.rows[0].values, (figures{1, 1, 0, 0, 0, 0}));  // not the one of yesterday
    EXPECT_EQ(volume.rows[2].values, (figures{0, 0, 0, 1, 0, 0}));
}

TEST(ReportCounter, WhatIsRecalledIsKnownButNotCounted) {
    std::vector<told> lines = handled;
    for (auto& each : lines) each.second -= 100;  // all but the end was yesterday
    EXPECT_EQ(only(telling("resolution").of(lines, 6)), (figures{1, 120, 120, 120, 120, 120}));
    EXPECT_EQ(grouped(telling("volume", {{"by", "queue"}}).of(lines, 6)),
              (std::map<std::string, figures>{{"general", {0, 0, 0, 1, 0, 0}}}));
    EXPECT_EQ(only(telling("first-response").of(handled, 6))[0], 0);

    // Resolved yesterday and opened again today.
    auto again = handled;
    for (auto& each : again) each.second -= 500;
    again.insert(again.end(), {{1, 10, "reopened"},
                               {1, 10, "contact"},
                               {1, 10, "queued", queued("general", "reopened")},
                               {1, 15, "accepted", by("8")},
                               {1, 40, "resolved", by("8")}});
    EXPECT_EQ(grouped(telling("volume", {{"by", "channel"}}).of(again, handled.size())),
              (std::map<std::string, figures>{{"mail", {1, 0, 1, 1, 0, 0}}}));
    EXPECT_EQ(only(telling("waits").of(again, handled.size()))[1], 5);
    EXPECT_EQ(only(telling("resolution").of(again, handled.size()))[1], 30);
}

TEST(ReportCounter, KnowsWhichLinesNeedThoseBefore) {
    report_counter counter(read_report_question("volume", {}, midnight).value(), 0);
    history_line line{ticket_id{1}, 1, "contact", midnight, "{}", {}, {}};
    EXPECT_FALSE(counter.lacks_history(line));
    line.number = 5;
    EXPECT_TRUE(counter.lacks_history(line));
    counter.recall(line);
    EXPECT_FALSE(counter.lacks_history(line));
    line.kind = "resolved";
    counter.take(line);
    EXPECT_TRUE(counter.lacks_history(line));
}

TEST(ReportCounter, AWaitGoesOnWhereTheTicketIsMovedAndEndsWhereItIsPutAside) {
    const std::vector<told> moved{{1, 0, "contact"},
                                  {1, 0, "queued", queued("general")},
                                  {1, 20, "queued", queued("experts", "replanned")},
                                  {1, 50, "assigned", by("7")}};
    EXPECT_EQ(grouped(telling("waits", {{"by", "queue"}}).of(moved))["experts"][1], 50);
    const std::vector<told> slept{{1, 0, "contact"},
                                  {1, 0, "queued", queued("general")},
                                  {1, 10, "accepted", by("7")},
                                  {1, 20, "snoozed", by("7")},
                                  {1, 100, "queued", queued("general", "woken")},
                                  {1, 140, "accepted", by("7")},
                                  {1, 150, "queued", queued("general", "transferred")},
                                  {1, 152, "accepted", by("8")}};
    EXPECT_EQ(only(telling("waits").of(slept)), (figures{3, 52.0 / 3, 10, 40, 40, 40}));
    // Held already: no wait.
    EXPECT_EQ(only(telling("waits").of({{1, 0, "outbound", by("7")}, {1, 0, "assigned", by("7")}}))[0], 0);
}

TEST(ReportCounter, ServiceLevelCountsThoseWhoGaveUp) {
    const std::vector<told> lines{{1, 0, "contact"}, {1, 0, "queued", queued("calls")}, {1, 15, "accepted", by("7")},
                                  {2, 0, "contact"}, {2, 0, "queued", queued("calls")}, {2, 25, "accepted", by("7")},
                                  {3, 0, "contact"}, {3, 0, "queued", queued("calls")}, {3, 5, "abandoned"},
                                  {4, 0, "contact"}, {4, 0, "queued", queued("calls")}, {4, 60, "abandoned"}};
    EXPECT_EQ(only(telling("service-level").of(lines)), (figures{2, 1, 2, 1, 0.25}));
    EXPECT_EQ(only(telling("volume").of(lines)), (figures{4, 4, 0, 0, 0, 2}));
}

TEST(ReportCounter, AMachinesReplyIsNoResponse) {
    const std::vector<told> lines{{1, 0, "contact"},
                                  {1, 0, "queued", queued("general")},
                                  {1, 0, "reply", R"({"text":"we are closed","automatic":true})"},
                                  {1, 90, "reply", by("7")},
                                  {1, 95, "reply", by("7")},
                                  {2, 0, "contact"},
                                  {2, 0, "queued", queued("calls")},
                                  {2, 30, "connecting", by("8")},
                                  {3, 0, "outbound", by("7")},
                                  {3, 0, "assigned", by("7")},
                                  {3, 9, "reply", by("7")}};
    EXPECT_EQ(only(telling("first-response").of(lines)), (figures{2, 60, 30, 90, 90, 90}));
    EXPECT_EQ(grouped(telling("first-response", {{"by", "agent"}}).of(lines))["8"][0], 1);
}

TEST(ReportCounter, WhatNobodyWorkedOnIsClosedNotResolved) {
    const std::vector<told> lines{{1, 0, "contact"},
                                  {1, 0, "decision", decision},
                                  {1, 0, "resolved", R"({"disposition":"queue_closed"})"},
                                  {2, 0, "contact"},
                                  {2, 0, "queued", queued("general")},
                                  {2, 10, "merged", R"({"into":"3"})"},
                                  {2, 10, "resolved", by("7", R"(,"disposition":"merged")")},
                                  {3, 0, "contact"},
                                  {3, 0, "queued", queued("general")},
                                  {3, 10, "merged", R"({"from":"2"})"},
                                  {3, 90, "resolved", "{}"},
                                  {4, 0, "contact"},
                                  {4, 0, "queued", queued("general")},
                                  {4, 5, "removed"}};
    EXPECT_EQ(only(telling("volume").of(lines)), (figures{4, 4, 0, 1, 3, 0}));
    EXPECT_EQ(only(telling("resolution").of(lines))[1], 90);
    EXPECT_EQ(grouped(telling("volume", {{"by", "route"}}).of(lines))["parcels"], (figures{1, 1, 0, 0, 1, 0}));
}

TEST(ReportCounter, HandOffsAreThoseOfTheWholeTicket) {
    const std::vector<told> lines{{1, -90, "contact"},
                                  {1, -90, "queued", queued("general")},
                                  {1, -80, "accepted", by("7")},
                                  {1, -70, "queued", queued("experts", "transferred")},
                                  {1, 1, "accepted", by("8")},
                                  {1, 2, "consult", by("9")},
                                  {1, 3, "assigned", by("9", R"(,"because":"consulted")")},
                                  {1, 4, "assigned", by("7", R"(,"taken_from":{"id":"9"})")},
                                  {1, 5, "queued", queued("experts", "woken")},
                                  {1, 6, "accepted", by("7")},
                                  {1, 7, "resolved", by("7")},
                                  {2, 8, "contact"},
                                  {2, 8, "queued", queued("general")},
                                  {2, 9, "assigned", by("7", R"(,"because":"assigned")")},
                                  {2, 9, "resolved", by("7")}};
    EXPECT_EQ(only(telling("hand-offs").of(lines, 4)), (figures{2, 1, 3, 1, 1, 1.5, 0.5, 0.5}));
}

TEST(ReportCounter, ACustomerWhoWritesAgainIsCountedOnceForEachResolvedTicket) {
    const int day = 86'400;
    // Tickets 11 and 12 are of one customer, 21 is of another.
    const std::vector<told> lines{{11, 0, "contact"},
                                  {11, 0, "queued", queued("general")},
                                  {11, 10, "resolved", by("7")},
                                  {21, 20, "contact"},
                                  {21, 20, "queued", queued("general")},
                                  {21, 30, "resolved", by("7")},
                                  {12, day, "contact"},
                                  {12, day + 1, "contact"},
                                  {21, 8 * day, "reopened"},
                                  {21, 8 * day, "contact"}};
    EXPECT_EQ(only(telling("re-contact").of(lines)), (figures{2, 1, 0, 0.5}));
    EXPECT_EQ(only(telling("re-contact", {{"within", "10d"}}).of(lines)), (figures{2, 2, 0, 1.0}));
    EXPECT_EQ(only(telling("re-contact", {{"within", "12h"}}).of(lines)), (figures{2, 0, 0, 0.0}));
    // Asked before the time is over: nobody knows yet.
    EXPECT_EQ(only(telling("re-contact", {{"within", "60d"}}).of(lines)), (figures{0, 0, 2, std::nullopt}));
}

TEST(DurationSeries, HasTheNearestRank) {
    duration_series series;
    EXPECT_EQ(series.percentile(50), duration{0});
    for (int i = 10; i >= 1; --i) series.add(duration{i});
    EXPECT_EQ(series.percentile(50), duration{5});
    EXPECT_EQ(series.percentile(90), duration{9});
    EXPECT_EQ(series.percentile(91), duration{10});
    EXPECT_EQ(series.percentile(100), duration{10});
    EXPECT_EQ(series.percentile(1), duration{1});
    series.add(duration{-5});  // a clock that was set back
    EXPECT_EQ(series.percentile(1), duration{0});
    EXPECT_DOUBLE_EQ(series.mean(), 5);
}

TEST(DurationSeries, RoundsOnlyWhenThereAreVeryMany) {
    duration_series series;
    const auto many = static_cast<int>(duration_series::most_exact) + 10;
    for (int i = 1; i <= many; ++i) series.add(duration{i});
    EXPECT_EQ(series.count(), many);
    EXPECT_EQ(series.longest(), duration{many});
    EXPECT_DOUBLE_EQ(series.mean(), (many + 1) / 2.0);
    EXPECT_EQ(series.percentile(50), duration{500'000});
    EXPECT_EQ(series.percentile(90), duration{900'000});
}

const std::string answered =
    R"({"survey":"s","way":"link","first":true,"answers":[{"question":"csat","kind":"csat","value":4},)"
    R"({"question":"nps","kind":"nps","value":10},{"question":"why","kind":"text","text":"5"}]})";
std::string answer_of(const std::string& kind, int value) {
    return R"({"survey":"s","answers":[{"question":"q","kind":")" + kind + R"(","value":)" + std::to_string(value) +
           "}]}";
}

TEST(Satisfaction, IsCountedByWhatSurveysWereAnswered) {
    auto lines = handled;
    lines.insert(lines.end(), {{1, 130, "survey", R"({"survey":"s","asked":true})"},
                               {1, 140, "survey_answer", answered},
                               {1, 141, "survey", R"({"survey":"s","question":"nps"})"},
                               {1, 150, "survey_answer", answer_of("csat", 3)},
                               {1, 151, "survey_answer", answer_of("nps", 6)},
                               {1, 152, "survey_answer", answer_of("nps", 8)},
                               {1, 153, "survey_answer", answer_of("ces", 7)},
                               {1, 154, "survey_answer", "no JSON"}});
    //                         asked  answered  csat  satisfied  nps  up  down  ces  shares and means
    const figures wanted{1, 1, 2, 1, 3, 1, 1, 1, 0.5, 3.5, 0.0, 7.0};
    EXPECT_EQ(only(telling("satisfaction").of(lines)), wanted);
    for (const auto& [by, group] : std::initializer_list<std::pair<std::string, std::string>>{{"channel", "mail"},
                                                                                              {"queue", "general"},
                                                                                              {"agent", "7"},
                                                                                              {"stage", "buyer"},
                                                                                              {"segment.value", "gold"},
                                                                                              {"route", "parcels"},
                                                                                              {"script", "hello"}})
        EXPECT_EQ(grouped(telling("satisfaction", {{"by", by}}).of(lines)),
                  (std::map<std::string, figures>{{group, wanted}}))
            << by;
}

TEST(Satisfaction, OfAnAnswerThatComesLateIsThatOfTheTicketsGroupsAllTheSame) {
    auto lines = handled;
    lines.push_back({1, 200, "survey_answer", answered});
    for (const std::size_t recalled : {std::size_t{0}, handled.size()}) {
        const auto made = grouped(telling("satisfaction", {{"by", "agent"}}).of(lines, recalled));
        ASSERT_EQ(made.size(), 1U);
        EXPECT_EQ(made.begin()->first, "7");
        EXPECT_EQ(made.begin()->second[2], 1);
    }
    EXPECT_EQ(only(telling("satisfaction").of(handled)),
              (figures{0, 0, 0, 0, 0, 0, 0, 0, std::nullopt, std::nullopt, std::nullopt, std::nullopt}));
}

// More tickets than are remembered once they are over: those that are forgotten have to be recalled.
TEST(Satisfaction, ForgetsTicketsThatAreLongOver) {
    report_counter counter(
        read_report_question("satisfaction", std::vector<form_field>{{"from", "2026-11-23"}, {"until", "2026-11-24"}},
                             midnight + 24 * 30 * hour)
            .value(),
        1'000);
    const auto line = [&](std::uint64_t ticket, std::uint32_t number, std::string_view kind) {
        return history_line{ticket_id{ticket}, number, kind, midnight + hour, "{}", "mail", customer_id{1}};
    };
    for (std::uint64_t ticket = 1; ticket <= 1'500; ++ticket) {
        counter.take(line(ticket, 1, "contact"));
        counter.take(line(ticket, 2, "resolved"));
    }
    EXPECT_TRUE(counter.lacks_history(line(1, 3, "survey_answer")));
    EXPECT_FALSE(counter.lacks_history(line(1'500, 3, "survey_answer")));
}

/// A ticket that an article answers at the tenth second.
std::vector<told> answered_by_article(std::uint64_t ticket, const std::vector<told>& then = {}) {
    std::vector<told> lines{{ticket, 10, "contact"},
                            {ticket, 10, "decision", decision},
                            {ticket, 10, "queued", queued("general")},
                            {ticket, 10, "reply", R"({"automatic":true,"self_service":{"article":"returns"}})"}};
    lines.insert(lines.end(), then.begin(), then.end());
    return lines;
}
const std::string said_helped = R"({"said":"helped","resolved":true})";
const std::string said_person = R"({"said":"person"})";
const std::string deflected = R"({"disposition":"self_service"})";

TEST(SelfService, CountsWhatBecameOfEachArticle) {
    struct row {
        std::vector<told> then;
        figures wanted;
    };
    const auto none = std::optional<double>{};
    const std::vector<row> rows{
        {{}, {1, 0, 0, 0, 1, 0, 0, 0.0, none}},
        {{{1, 20, "self_service", said_helped}, {1, 20, "resolved", deflected}}, {1, 1, 0, 0, 0, 0, 0, 1.0, 0.0}},
        {{{1, 20, "self_service", said_person}}, {1, 0, 1, 0, 0, 0, 0, 0.0, none}},
        {{{1, 20, "self_service", said_person}, {1, 30, "contact"}}, {1, 0, 1, 0, 0, 0, 0, 0.0, none}},
        {{{1, 20, "contact"}}, {1, 0, 0, 1, 0, 0, 0, 0.0, none}},
        {{{1, 20, "contact"}, {1, 30, "self_service", said_helped}}, {1, 1, 0, 0, 0, 0, 0, 1.0, 0.0}},
        {{{1, 20, "self_service", said_person}, {1, 30, "self_service", said_helped}}, {1, 1, 0, 0, 0, 0, 0, 1.0, 0.0}},
        // What is said to the agent who has the ticket is no word on the article.
        {{{1, 20, "accepted", by("7")}, {1, 30, "contact"}}, {1, 0, 0, 0, 1, 0, 0, 0.0, none}},
        {{{1, 20, "accepted", by("7")}, {1, 30, "resolved", by("7")}, {1, 40, "reopened"}, {1, 40, "contact"}},
         {1, 0, 0, 0, 1, 0, 0, 0.0, none}}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto lines = answered_by_article(1, rows[i].then);
        EXPECT_EQ(only(telling("self-service").of(lines)), rows[i].wanted) << i;
        for (const auto& [by, group] : std::initializer_list<std::pair<std::string, std::string>>{
                 {"article", "returns"}, {"channel", "mail"}, {"segment.value", "gold"}})
            EXPECT_EQ(grouped(telling("self-service", {{"by", by}}).of(lines)),
                      (std::map<std::string, figures>{{group, rows[i].wanted}}))
                << i << ' ' << by;
    }
}

TEST(SelfService, TellsWhoCameBackWithinTheTime) {
    const auto came_back = [](int second, std::uint64_t ticket) {
        return answered_by_article(
            1, {{1, 20, "self_service", said_helped}, {1, 20, "resolved", deflected}, {ticket, second, "contact"}});
    };
    constexpr int day = 24 * 3600;
    for (const std::uint64_t ticket : {1, 2}) {
        EXPECT_EQ(only(telling("self-service").of(came_back(20 + day, ticket)))[5], 1.0) << ticket;
        EXPECT_EQ(only(telling("self-service").of(came_back(21 + day, ticket)))[5], 0.0) << ticket;
        EXPECT_EQ(only(telling("self-service", {{"within", "1h"}}).of(came_back(20 + day, ticket)))[5], 0.0);
    }
    EXPECT_EQ(only(telling("self-service").of(came_back(100, 12)))[5], 0.0) << "that is somebody else";
    const auto whole = only(telling("self-service").of(came_back(100, 2)));
    EXPECT_EQ(whole.back(), 1.0);
}

TEST(SelfService, IsNobodysWorkAndNoFirstResponse) {
    const auto lines = answered_by_article(1, {{1, 20, "self_service", said_helped}, {1, 20, "resolved", deflected}});
    EXPECT_EQ(only(telling("volume").of(lines)), (figures{1, 1, 0, 0, 1, 0}));
    EXPECT_EQ(only(telling("first-response").of(lines))[0], 0.0);
    EXPECT_EQ(only(telling("re-contact").of(lines))[0], 0.0);
}

}  // namespace
}  // namespace kindred::insight
