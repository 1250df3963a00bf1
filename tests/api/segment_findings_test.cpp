#include "engine/api/segment_findings.hpp"

#include "engine/rules/decider.hpp"
#include "engine/store/memory/memory.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kindred::api {
namespace {

rules::loaded with_segments(const std::string& segments) {
    return rules::load({{"profile.yaml",
                         "customer:\n  word: { type: text }\n  orders: { type: integer, default: 0 }\n"
                         "  value: { type: number }\n"},
                        {"queues.yaml", "queues: { general: {} }\n"},
                        {"routing.yaml", "routes: []\nfallback: { queue: general }\n"},
                        {"segments.yaml", segments}});
}

/// A store with customers whose satisfaction hangs on one attribute; `set` gives them their attributes.
class stores_with_customers {
public:
    template <class Set>
    explicit stores_with_customers(Set set) {
        store::batch written;
        written.id.number = 1;
        for (std::uint64_t number = 1; number <= count; ++number) {
            customer who;
            who.id = customer_id{number};
            who.satisfaction = set(number, who.declared);
            written.customers.push_back({who.id, 1, "", to_json(who)});
            store::ticket_row row;
            row.id = ticket_id{number};
            row.customer = who.id;
            row.channel = "mail";
            written.tickets.push_back(row);
            std::uint32_t line = 0;
            for (const auto& [kind, json] : std::vector<std::pair<std::string, std::string>>{
                     {"contact", "{}"},
                     {"decision", R"({"segments":{"a":"b"},"stage":"c","pinned":[]})"},
                     {"queued", "{}"},
                     {"accepted", "{}"},
                     {"resolved", "{}"}})
                written.entries.push_back({row.id, ++line, kind, at, json});
            people_.push_back(std::move(who));
        }
        EXPECT_EQ(store_->commit(written).state, store::commit_state::committed);
    }

    std::string proposed(const std::string& outcome) {
        const auto rules = with_segments("segments: { all: { groups: [{ name: everybody }] } }\n");
        const auto study = study_segments(*store_, at, at + std::chrono::hours{1}).value();
        for (const auto& each : propose_splits(*store_, *rules.rules, study, {}).value())
            if (each.outcome == outcome) return each.yaml;
        return {};
    }
    const std::vector<customer>& people() const { return people_; }

private:
    static constexpr std::uint64_t count = 400;
    const time_point at = from_millis(1'795'000'000'000);
    std::unique_ptr<store::store> store_ = store::make_memory_store();
    std::vector<customer> people_;
};

/// The proposed rules take no more and no fewer into a group than it says behind it, and tell who is satisfied.
void expect_rules_that_part(const stores_with_customers& from, const std::string& yaml) {
    const auto loaded = with_segments(yaml);
    ASSERT_TRUE(loaded.rules) << yaml << settings::to_text(loaded.problems.front());
    std::map<std::string, std::pair<int, double>> groups;
    const rules::empty_board board;
    const contact nothing;
    for (const auto& who : from.people()) {
        const rules::decision_input input{nothing, who, {}, board};
        const auto placed = rules::decider(loaded.rules->compiled(), input).place();
        auto& [customers, satisfied] = groups[placed.segments.front().segment];
        ++customers;
        satisfied += *who.satisfaction;
    }
    EXPECT_GE(groups.size(), 2U) << yaml;
    for (const auto& [name, figures] : groups) {
        const auto line = yaml.find("name: " + name);
        ASSERT_NE(line, std::string::npos) << name << " in " << yaml;
        EXPECT_NE(yaml.find("# " + std::to_string(figures.first) + " customers\n", line), std::string::npos)
            << name << yaml;
        const double mean = figures.second / figures.first;
        EXPECT_TRUE(mean < 1.5 || mean > 4.5) << name << ' ' << mean;
    }
}

TEST(proposed_splits, are_rules_whatever_customers_are_called) {
    const std::vector<std::string> words{"say \"hi\"", "a: {b}", "# no comment", "line\nbreak", "yes",   "null",
                                         "é",          "'",      "- x",          "\\",          "tab\t", " "};
    stores_with_customers those([&](std::uint64_t number, attributes& declared) {
        declared["word"].value = words[number % words.size()];
        return number % words.size() % 2 == 0 ? 5.0 : 1.0;
    });
    expect_rules_that_part(those, those.proposed("satisfaction"));
}

TEST(proposed_splits, ask_numbers_as_rules_do) {
    std::mt19937 random(2);
    for (const double low : {0.0, 12.5, 1e7, -3.25}) {
        stores_with_customers those([&](std::uint64_t number, attributes& declared) {
            const bool many = number % 2 == 0;
            if (low == 0.0)
                declared["orders"].value = static_cast<std::int64_t>(many ? 3 + random() % 5 : random() % 3);
            else
                declared["value"].value = low + (many ? 2.125 : 0.0) + static_cast<double>(random() % 100) / 64;
            return many ? 5.0 : 1.0;
        });
        expect_rules_that_part(those, those.proposed("satisfaction"));
    }
}

}  // namespace
}  // namespace kindred::api
