#include "tests/insight/support/plain_study.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace kindred::insight {
namespace {

/// Histories as they come about: tickets overlap, are put aside, merged, opened again, left without an end; answers
/// come late or from customers of whom nothing else is known, decisions are written in more than one way.
class random_histories {
public:
    explicit random_histories(std::uint64_t seed) : random_(seed) {}

    void tell(segment_study& one, plain_study& other) {
        const auto tickets = 50 + below(200);
        for (std::uint64_t step = 0; step < tickets * 14; ++step) {
            at_ += duration{static_cast<std::int64_t>(below(90'000))};
            const ticket_id ticket{1 + below(tickets)};
            const customer_id customer{below(20) == 0 ? 0 : 1 + ticket.value * 7 % (tickets / 2)};
            const auto [kind, json] = line();
            const std::string channel = below(10) == 0 ? "" : pick({"mail", "chat", "phone"});
            const history_line told{ticket, static_cast<std::uint32_t>(step + 1), kind, at_, json, channel, customer};
            one.take(told);
            other.take(told);
        }
        for (std::uint64_t customer = 1; customer < tickets; customer += 2) {
            const auto value = static_cast<double>(1 + below(5)) / 2;
            one.note_satisfaction(customer_id{customer}, value);
            other.note_satisfaction(customer_id{customer}, value);
        }
    }

private:
    std::uint64_t below(std::uint64_t end) { return random_() % end; }
    std::string pick(std::vector<std::string> from) { return from[below(from.size())]; }

    std::pair<std::string_view, std::string> line() {
        switch (below(12)) {
            case 0:
            case 1: return {"contact", contact()};
            case 2:
            case 3: return {"decision", decision()};
            case 4: return {"queued", R"({"queue":"general","because":"enqueued"})"};
            case 5:
            case 6: return {below(3) == 0 ? "assigned" : "accepted", R"({"agent":{"id":"1","name":"Ann"}})"};
            case 7: return {"snoozed", "{}"};
            case 8: return {below(4) == 0 ? "outbound" : "note", contact()};
            case 9: return {"survey_answer", answers()};
            case 10:
                if (below(6) == 0) return {"merged", below(2) == 0 ? R"({"into":"7"})" : R"({"from":"7"})"};
                return {"reopened", "{}"};
            default: return {"resolved", R"({"disposition":"solved"})"};
        }
    }
    std::string contact() {
        const auto intent = pick({"refund", "delivery", "say \\\"hi\\\"", ""});
        switch (below(6)) {
            case 0: return "{}";
            case 1: return "no JSON";
            case 2:
                return R"({"text":"it says \"intent\":\"set-up\", {","attributes":{"intent":"inner"},"intent":")" +
                       intent + "\"}";
            case 3: return R"({"intent":null,"understood":{"language":"en","intent":")" + intent + "\"}}";
            default: return R"({"text":"x","understood":{"intent":")" + intent + R"("},"conversation":"c"})";
        }
    }
    std::string decision() {
        const auto value = pick({"vip", "regular", "newcomer"});
        const auto groups =
            R"("segments":{"value":")" + value + R"(","region":")" + pick({"north", "s\\u00fcd"}) + "\"}";
        switch (below(8)) {
            case 0: return "{" + groups + "}";
            case 1: return R"({"segments":{},"pinned":[],"facts":{}})";
            case 2: return "{\"segments\":";
            case 3: return R"({"stage":"buyer", "segments" : {"value":")" + value + "\"}}";
            default:
                return R"({"route":"r","steps":[{"require":{"segments":3}}],)" + groups + R"(,"stage":")" +
                       pick({"considering", "buyer"}) +
                       R"(","pinned":["value"],"facts":{"contact.text":{"value":",\"pinned\":[\"segments\":{"}}})";
        }
    }
    std::string answers() {
        return R"({"first":true,"answers":[{"question":"csat","kind":"csat","value":)" + std::to_string(1 + below(5)) +
               R"(},{"question":"nps","kind":"nps","value":)" + std::to_string(below(11)) +
               R"(},{"question":"ces","kind":"ces","value":"x"},{"question":"loves","kind":"preference","choice":")" +
               pick({"light", "price", ""}) + "\"}]}";
    }

    std::mt19937_64 random_;
    time_point at_ = from_millis(1'790'000'000'000);
};

TEST(a_study_of_segments, says_to_the_last_digit_what_the_plain_one_says) {
    comparison_policy policy;
    policy.rounds = 99;
    std::int64_t tickets = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        segment_study fast;
        plain_study plain;
        random_histories(seed).tell(fast, plain);
        const auto made = fast.finish(policy);
        ASSERT_EQ(to_json(made), to_json(plain.finish(policy))) << seed;
        tickets += made.tickets;
    }
    EXPECT_GT(tickets, 500);
}

}  // namespace
}  // namespace kindred::insight
