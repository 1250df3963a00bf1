#include "engine/rules/coverage.hpp"

#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace kindred::rules {
namespace {

using testing_support::compiled;
using gaps = std::vector<std::string_view>;

const ruleset& small() {
    static const ruleset rules = compiled({
        {"faq/order.md", "---\nid: order\nfor: { language: en }\n---\n# Orders\nSoon.\n"},
        {"profile.yaml", "customer:\n  orders: { type: integer, default: 0 }\n"},
        {"queues.yaml",
         "queues:\n  general: { offer: { to: 1, expires: 30s } }\n  vips: { offer: { to: 1, expires: 30s } }\n"},
        {"routing.yaml",
         "routes:\n"
         "  - { name: vip calls, when: { segment.value: vip, channel.kind: phone }, queue: vips, script: call }\n"
         "  - { name: words, when: { contact.text: { contains: lamp } }, queue: vips }\n"
         "fallback: { queue: general }\n"},
        {"scripts/call.md", "---\nid: call\nfor: { language: en, channel.kind: phone }\n---\n# Call\nSay your name.\n"},
        {"segments.yaml",
         "segments:\n  value:\n    kind: behavioral\n    groups:\n"
         "      - { name: vip, when: { customer.orders: { at_least: 5 } } }\n      - { name: rest }\n"},
        {"site.yaml", "site: { timezone: UTC, languages: [en, es], default_language: en }\n"},
        {"stages.yaml",
         "stages:\n  - { name: new }\n  - { name: established, when: { customer.orders: { at_least: 1 } } }\n"},
    });
    return rules;
}

std::vector<coverage_cell> cells_of(std::string_view dimension) {
    constexpr std::array kinds{channel_kind::phone, channel_kind::email};
    auto cells = coverage_of(small(), dimension, kinds, *parse_time("2026-11-23T10:00:00Z"));
    EXPECT_TRUE(cells);
    return cells ? *cells : std::vector<coverage_cell>{};
}

TEST(Coverage, HasEverySegmentStageChannelAndLanguageOnce) {
    const auto cells = cells_of("value");
    EXPECT_EQ(cells.size(), 2U * 2U * 2U * 2U);
    std::set<std::string> places;
    for (const auto& each : cells)
        places.insert(each.segment + each.stage + std::string(name_of(each.channel)) + each.language);
    EXPECT_EQ(places.size(), cells.size());
}

TEST(Coverage, SaysWhatTheRulesHaveForEachPlaceAndWhatIsMissing) {
    for (const auto& each : cells_of("value")) {
        const bool called = each.segment == "vip" && each.channel == channel_kind::phone;
        EXPECT_EQ(each.queue, called ? "vips" : "general") << each.segment;
        EXPECT_EQ(each.by_fallback, !called);
        EXPECT_EQ(each.articles,
                  each.language == "en" ? std::vector<std::string>{"order"} : std::vector<std::string>{});
        gaps expected;
        if (!called) expected.emplace_back("fallback");
        if (!called && (each.channel == channel_kind::email)) expected.emplace_back("no_script");
        if (each.channel == channel_kind::phone && each.language == "es")
            expected.emplace_back("script_in_another_language");
        if (each.language == "es") expected.emplace_back("no_article");
        EXPECT_EQ(gaps_of(each), expected) << each.segment << " " << name_of(each.channel) << " " << each.language;
    }
}

TEST(Coverage, RefusesADimensionThatIsNotThere) {
    constexpr std::array kinds{channel_kind::phone};
    const auto cells = coverage_of(small(), "vlaue", kinds, time_point{});
    ASSERT_FALSE(cells);
    EXPECT_EQ(cells.error().code, errc::not_found);
}

}  // namespace
}  // namespace kindred::rules
