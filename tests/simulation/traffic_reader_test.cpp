#include "engine/simulation/traffic_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace kindred::simulation {
namespace {

rules::ruleset two_queues() {
    auto read = rules::load({{"calendars.yaml", "calendars: { office: { open: { mon-fri: [\"09:00-17:00\"] } } }\n"},
                             {"profile.yaml", "customer: { orders: { type: integer } }\n"},
                             {"queues.yaml", "queues: { general: {}, sales: {} }\n"},
                             {"routing.yaml", "costs: { phone: 1 }\nfallback: { queue: general }\n"},
                             {"skills.yaml", "skills: { concierge: {} }\n"}});
    for (const auto& each : read.problems) ADD_FAILURE() << settings::to_text(each);
    return *read.rules;
}

const char* const good = R"(hours: 2000
seed: 7
arrivals:
  - { per_hour: 120, channel: { name: helpline, kind: phone }, customer: { orders: 3 }, text: where is my order }
  - { per_hour: [0,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0], channel: { name: chat, kind: chat } }
handling: { sales: { lognormal: { mean: 4m, cv: 1.2 } }, others: { exponential: 4m } }
patience: { exponential: 3m }
roster:
  - { agents: 10, queues: [general], skills: {}, capacity: 1, present: always }
  - { agents: 2, queues: sales, skills: { concierge: 7 }, languages: [es], capacity: 3, present: office, name: late, declines: 10%, misses: 5% }
wrap_up: 30s
answer: 5s
back_after: 2m
service_level: [20s, 1m]
)";

std::string problems_of(std::string_view text) {
    settings::problems found;
    const auto made = read_traffic("t.yaml", text, two_queues(), found);
    EXPECT_EQ(made.has_value(), !found.has_errors());
    std::string all;
    for (const auto& each : found.sorted()) all += settings::to_text(each) + '\n';
    return all;
}

std::string with(std::string_view part, std::string_view other) {
    std::string text = good;
    const auto at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return text.replace(at, part.size(), other);
}

TEST(TrafficReader, ReadsEveryKey) {
    settings::problems found;
    const auto made = read_traffic("t.yaml", good, two_queues(), found);
    ASSERT_TRUE(made) << settings::to_json(found.sorted());
    EXPECT_EQ(made->lasts, std::chrono::hours{2'000});
    EXPECT_EQ(made->seed, 7U);
    EXPECT_EQ(to_rfc3339(made->start), "2024-01-01T00:00:00.000Z");
    ASSERT_EQ(made->arrivals.size(), 2U);
    EXPECT_EQ(made->arrivals[0].per_hour[23], 120);
    EXPECT_EQ(made->arrivals[0].about.text, "where is my order");
    EXPECT_EQ(made->arrivals[0].about.kind, channel_kind::phone);
    EXPECT_TRUE(made->arrivals[0].who.declared.contains("orders"));
    EXPECT_EQ(made->arrivals[1].per_hour[7], 0);
    EXPECT_EQ(made->arrivals[1].per_hour[8], 1);
    EXPECT_EQ(made->handling.of("sales")->is, distribution::form::lognormal);
    EXPECT_EQ(made->handling.of("general")->is, distribution::form::exponential);
    EXPECT_EQ(made->patience.of("sales")->mean, std::chrono::minutes{3});
    EXPECT_EQ(made->roster[1].abilities.size(), 2U);
    EXPECT_EQ(made->roster[1].capacity, 3U);
    EXPECT_EQ(made->roster[1].present, "office");
    EXPECT_EQ(made->roster[0].declines, 0);
    EXPECT_DOUBLE_EQ(made->roster[1].declines, 0.1);
    EXPECT_DOUBLE_EQ(made->roster[1].misses, 0.05);
    EXPECT_EQ(made->back_after, std::chrono::minutes{2});
    EXPECT_EQ(made->wrap_up, std::chrono::seconds{30});
    EXPECT_EQ(made->answer, std::chrono::seconds{5});
    EXPECT_EQ(made->service_levels.size(), 2U);
}

TEST(TrafficReader, SaysWhatIsWrongAndWhere) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {with("hours: 2000", "hours: soon"), "t.yaml:1:8: error: hours: must be a number, not \"soon\"\n"},
        {with("hours: 2000\n", ""), "t.yaml:1:1: error: hours: is missing\n"},
        {with("per_hour: 120", "per_hour: -1"), "t.yaml:4:17: error: per_hour: must be between 0 and 100000, not -1\n"},
        {with("per_hour: 120, ", ""), "t.yaml:4:5: error: arrivals: per_hour: is missing\n"},
        {with("channel: { name: helpline, kind: phone }, ", ""), "t.yaml:4:5: error: arrivals: channel: is missing\n"},
        {with("orders: 3", "ordrs: 3"), "t.yaml:4:76: error: unknown key \"ordrs\", did you mean \"orders\"?\n"},
        {with("sales: { lognormal", "sale: { lognormal"),
         "t.yaml:6:13: error: there is no queue \"sale\", did you mean \"sales\"?\n"},
        {with(", others: { exponential: 4m }", ""),
         "t.yaml:6:11: error: handling: says nothing of queue \"general\"; `others` stands for those not named\n"},
        {with("patience: { exponential: 3m }", "patience: { exponental: 3m }"),
         "t.yaml:7:13: error: unknown key \"exponental\", did you mean \"exponential\"?\n"},
        {with("patience: { exponential: 3m }", "patience: {}"),
         "t.yaml:7:11: error: patience: must say one of exponential, fixed and lognormal\n"},
        {with("queues: [general]", "queues: [generl]"),
         "t.yaml:9:28: error: queues: there is no queue \"generl\", did you mean \"general\"?\n"},
        {with("concierge: 7", "concierge: 11"), "t.yaml:10:54: error: concierge: must be between 1 and 10, not 11\n"},
        {with("concierge: 7", "consierge: 7"),
         "t.yaml:10:43: error: there is no skill \"consierge\", did you mean \"concierge\"?\n"},
        {with("present: office", "present: offce"),
         "t.yaml:10:98: error: present: there is no calendar \"offce\"; `always` is one\n"},
        {with("answer: 5s", "answer: 20s"),
         "t.yaml:12:9: error: answer: an offer of queue \"general\" expires after 20s: nobody would ever accept one\n"
         "t.yaml:12:9: error: answer: an offer of queue \"sales\" expires after 20s: nobody would ever accept one\n"},
        {with("declines: 10%", "declines: 0.1"),
         "t.yaml:10:128: error: declines: must be a percentage between 0% and 100%, not \"0.1\"\n"},
        {with("misses: 5%", "misses: 81%"),
         "t.yaml:10:5: error: roster: declines and misses: at most 90% together, or nobody would ever take what "
         "comes\n"},
        {with("seed: 7", "sed: 7"), "t.yaml:2:1: error: unknown key \"sed\", did you mean \"seed\"?\n"},
        {"- 1\n", "t.yaml:1:1: error: must be a mapping\n"},
    };
    for (const auto& [text, problems] : cases) EXPECT_EQ(problems_of(text), problems) << text;
}

TEST(TrafficReader, TheCommittedSchemaIsWhatItReadsBy) {
    std::ifstream in(std::string(KINDRED_SOURCE_DIR) + "/config/schemas/traffic.json");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), traffic_schema())
        << "after a change to what is read: kindred schema traffic --out config/schemas";
}

TEST(TrafficReader, FindsEveryProblemInOneRun) {
    const auto all =
        problems_of("hours: x\nhandling: { fixed: y }\narrivals: [{ per_hour: z }]\nroster: [{ agents: w }]\n");
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 7) << all;
}

}  // namespace
}  // namespace kindred::simulation
