#include "engine/insight/report_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace kindred::insight {
namespace {

const auto midnight = *parse_time("2026-11-23T00:00:00Z");
constexpr duration hour = std::chrono::hours{1};

/// What a counter remembers of tickets that are over is what it would have recalled of them.
TEST(ReportCounter, CountsTheSameHoweverManyTicketsItRemembers) {
    std::mt19937 random(8);
    const auto below = [&](std::size_t end) { return random() % end; };
    const std::vector<std::pair<std::string_view, std::vector<std::string>>> kinds{
        {"contact", {R"({"intent":"a"})"}},
        {"decision",
         {R"({"route":"q","script":{"id":"s"},"segments":{"value":"vip"},"stage":"t","pinned":[]})",
          R"({"route":"r","segments":{"value":"new"},"stage":"s","pinned":[]})"}},
        {"queued",
         {R"({"queue":"general","because":"enqueued"})", R"({"queue":"experts","because":"transferred"})",
          R"({"queue":"general","because":"woken"})"}},
        {"accepted", {R"({"agent":{"id":"7","name":"Agent 7"}})", R"({"agent":{"id":"8","name":"Agent 8"}})"}},
        {"assigned", {R"({"agent":{"id":"7","name":"Agent 7"}})", R"({"because":"consulted"})"}},
        {"reply", {R"({"agent":{"id":"7","name":"Agent 7"}})", R"({"automatic":true,"self_service":{"article":"a"}})"}},
        {"resolved",
         {R"({"agent":{"id":"7","name":"Agent 7"}})", R"({"disposition":"queue_closed"})",
          R"({"agent":{"id":"8","name":"Agent 8"}})", R"({"agent":{"id":"9","name":"Agent 9"}})"}},
        {"reopened", {"{}"}},
        {"abandoned", {"{}"}},
        {"merged", {R"({"into":"3"})"}},
        {"snoozed", {"{}"}},
        {"consult", {"{}"}},
        {"survey", {R"({"asked":true})"}},
        {"self_service", {R"({"said":"helped"})"}},
        {"survey_answer", {R"({"first":true,"answers":[{"kind":"csat","value":4}]})"}}};
    struct kept_line {
        std::uint64_t ticket = 0;
        std::uint32_t number = 0;
        std::string_view kind;
        time_point at;
        std::string json;
    };
    std::vector<kept_line> lines;
    std::map<std::uint64_t, std::uint32_t> numbers;
    for (int each = 0; each < 4000; ++each) {
        const auto ticket = 1 + below(300);
        const bool begins = numbers[ticket] == 0;
        const auto& [kind, texts] = kinds[begins ? 0 : below(kinds.size())];
        lines.push_back(
            {ticket, ++numbers[ticket], kind, midnight + std::chrono::seconds{each * 20}, texts[below(texts.size())]});
    }
    const auto made = [&](std::string_view report, const std::string& by_what, std::size_t remembers) {
        const std::vector<form_field> fields{
            {"from", "2026-11-23T02:00:00Z"}, {"until", "2026-11-24"}, {"every", "hour"}, {"by", by_what}};
        report_counter counter(read_report_question(report, fields, midnight + 24 * 30 * hour).value(), remembers);
        const auto told = [](const kept_line& of) {
            return history_line{
                ticket_id{of.ticket},      of.number, of.kind, of.at, of.json, of.ticket % 2 == 0 ? "mail" : "chat",
                customer_id{of.ticket % 9}};
        };
        const auto kinds_wanted = counter.kinds();
        std::map<std::uint64_t, std::vector<kept_line>> before;
        for (const auto& each : lines) {
            if (std::find(kinds_wanted.begin(), kinds_wanted.end(), each.kind) == kinds_wanted.end()) continue;
            if (each.at >= midnight + 2 * hour) {
                if (counter.lacks_history(told(each)))
                    for (const auto& earlier : before[each.ticket]) counter.recall(told(earlier));
                counter.take(told(each));
            }
            before[each.ticket].push_back(each);
        }
        return to_json(counter.finish());
    };
    for (const auto* report : {"volume", "waits", "service-level", "first-response", "resolution", "re-contact",
                               "hand-offs", "satisfaction", "self-service"})
        for (const auto* by_what : {"", "channel", "queue", "agent", "segment.value", "stage", "route", "script"}) {
            const auto expected = made(report, by_what, 0);
            EXPECT_EQ(made(report, by_what, 5), expected) << report << ' ' << by_what;
            EXPECT_EQ(made(report, by_what, 50'000), expected) << report << ' ' << by_what;
        }
}

}  // namespace
}  // namespace kindred::insight
