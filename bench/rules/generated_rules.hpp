#pragma once
#include "engine/rules/archive.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Rules and contacts by the recipe that reference/ceilings.md F1 was measured with: 20 attributes (ten texts of 4 to
/// 200 values, three lists of tags, seven numbers), routes of 2 to 4 conditions (60 % equal, 15 % one of, 10 % has a
/// tag, 15 % a range; a tenth of the routes without any equality), contacts whose values are skewed. The same seed
/// gives the same on every machine.
namespace kindred::rules::generated {

constexpr std::array<int, 10> text_sizes{4, 6, 8, 12, 20, 30, 50, 80, 120, 200};
constexpr int tag_lists = 3;
constexpr int tags_in_a_list = 30;
constexpr int numbers = 7;

enum class kind { equal, one_of, has_tag, range };

struct predicate {
    kind what = kind::equal;
    int attribute = 0;  ///< within its kind: text 0..9, list 0..2, number 0..6
    std::vector<int> values;
    double least = 0;
    double most = 0;
};

using route = std::vector<predicate>;

struct contact_values {
    std::array<int, 10> texts{};
    std::array<std::vector<int>, tag_lists> tags;
    std::array<double, numbers> amounts{};
};

class source {
public:
    explicit source(std::uint32_t seed) : random_(seed) {}

    std::vector<route> routes(std::size_t count) {
        std::vector<route> all(count);
        for (auto& each : all) each = one_route();
        return all;
    }
    std::vector<contact_values> contacts(std::size_t count) {
        std::vector<contact_values> all(count);
        for (auto& each : all) each = one_contact();
        return all;
    }

private:
    int below(int count) { return static_cast<int>(random_() % static_cast<std::uint32_t>(count)); }
    double share() { return static_cast<double>(random_() % 1'000'000) / 1e6; }
    /// Small values are more common than large ones.
    int skewed(int count) {
        const double at = share();
        return static_cast<int>(at * at * count);
    }

    route one_route() {
        const bool without_equality = below(10) == 0;
        route made;
        for (int i = 2 + below(3); i > 0; --i) made.push_back(one_predicate(without_equality));
        return made;
    }
    predicate one_predicate(bool without_equality) {
        const int roll = without_equality ? 85 + below(15) : below(100);
        predicate made;
        if (roll < 75) {
            made.what = roll < 60 ? kind::equal : kind::one_of;
            made.attribute = below(static_cast<int>(text_sizes.size()));
            const int size = text_sizes[static_cast<std::size_t>(made.attribute)];
            for (int i = roll < 60 ? 1 : 2 + below(3); i > 0; --i) made.values.push_back(below(size));
        } else if (roll < 85) {
            made.what = kind::has_tag;
            made.attribute = below(tag_lists);
            made.values.push_back(below(tags_in_a_list));
        } else {
            made.what = kind::range;
            made.attribute = below(numbers);
            made.least = static_cast<double>(below(900)) / 10;
            made.most = made.least + static_cast<double>(1 + below(150)) / 10;
        }
        return made;
    }
    contact_values one_contact() {
        contact_values made;
        for (std::size_t i = 0; i < text_sizes.size(); ++i) made.texts[i] = skewed(text_sizes[i]);
        for (auto& each : made.tags)
            for (int i = below(4); i > 0; --i) each.push_back(skewed(tags_in_a_list));
        for (auto& each : made.amounts) each = static_cast<double>(below(1000)) / 10;
        return made;
    }

    std::mt19937 random_;
};

inline std::string text_name(int attribute) { return "text" + std::to_string(attribute); }
inline std::string list_name(int attribute) { return "list" + std::to_string(attribute); }
inline std::string number_name(int attribute) { return "number" + std::to_string(attribute); }
inline std::string text_value(int value) { return "v" + std::to_string(value); }
inline std::string tag(int value) { return "t" + std::to_string(value); }
inline std::string decimal(double value) {
    auto text = std::to_string(value);
    return text.substr(0, text.find('.') + 2);
}

inline std::string fact_of(const predicate& asked) {
    const auto name = asked.what == kind::has_tag ? list_name(asked.attribute)
                      : asked.what == kind::range ? number_name(asked.attribute)
                                                  : text_name(asked.attribute);
    return "customer." + name;
}

inline std::string operand_of(const predicate& asked) {
    if (asked.what == kind::range) return "{ between: [" + decimal(asked.least) + ", " + decimal(asked.most) + "] }";
    if (asked.what == kind::has_tag) return tag(asked.values.front());
    if (asked.what == kind::equal) return text_value(asked.values.front());
    std::string all;
    for (const int each : asked.values) all += (all.empty() ? "" : ", ") + text_value(each);
    return '[' + all + ']';
}

/// The same fact may be asked for twice, so that each predicate stands in a mapping of its own.
inline std::string routing_yaml(const std::vector<route>& routes) {
    std::string yaml = "routes:\n";
    for (std::size_t i = 0; i < routes.size(); ++i) {
        yaml += "  - name: route " + std::to_string(i) + "\n    queue: general\n    when:\n      all:\n";
        for (const auto& each : routes[i]) yaml += "        - " + fact_of(each) + ": " + operand_of(each) + '\n';
    }
    return yaml + "fallback: { queue: general }\n";
}

/// A whole ruleset with these routes: profile, segments, stages, a script, and `tests` tests of its own.
inline rule_files ruleset_files(const std::vector<route>& routes, std::size_t tests = 0) {
    std::string profile = "customer:\n  orders: { type: integer, default: 0 }\n";
    for (int i = 0; i < static_cast<int>(text_sizes.size()); ++i) profile += "  " + text_name(i) + ": { type: text }\n";
    for (int i = 0; i < tag_lists; ++i) profile += "  " + list_name(i) + ": { type: list }\n";
    for (int i = 0; i < numbers; ++i) profile += "  " + number_name(i) + ": { type: number }\n";
    rule_files files{
        {"profile.yaml", profile},
        {"queues.yaml", "queues: { general: {} }\n"},
        {"routing.yaml", routing_yaml(routes)},
        {"scripts/hello.md", "---\nid: hello\n---\n# Hello\nHello {{ customer.name | there }}.\n"},
        {"segments.yaml",
         "segments:\n  value:\n    groups:\n      - { name: vip, when: { customer.orders: { at_least: 20 } } }\n"
         "      - { name: rest }\n"},
        {"stages.yaml",
         "stages:\n  - { name: new }\n  - { name: buyer, when: { customer.orders: { at_least: 1 } } }\n"}};
    std::string stated = "tests:\n";
    for (std::size_t i = 0; i < tests; ++i)
        stated += "  - { name: test " + std::to_string(i) + ", given: { customer: { text0: v" + std::to_string(i % 4) +
                  " } }, expect: { queue: general, stage: new } }\n";
    if (tests > 0) files.push_back({"tests/some.yaml", stated});
    return files;
}

}  // namespace kindred::rules::generated
