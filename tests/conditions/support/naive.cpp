#include "conditions/support/naive.hpp"

#include <algorithm>

namespace kindred::conditions::testing_support {
namespace {

using texts = std::vector<std::string>;

std::string lower(std::string text) {
    for (auto& letter : text)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return text;
}

/// The elements of a text or list of texts, in lower case; the samples are ASCII.
texts texts_of(const fact_value& value) {
    if (const auto* one = std::get_if<std::string>(&value)) return {lower(*one)};
    texts all;
    if (const auto* several = std::get_if<texts>(&value))
        for (const auto& each : *several) all.push_back(lower(each));
    if (const auto* truth = std::get_if<bool>(&value)) all.emplace_back(*truth ? "yes" : "no");
    return all;
}

const texts stages{"considering", "onboarding", "established", "expanding"};

long long hours_of(const std::string& span) { return std::stoll(span); }  // written "36h"

double number_of(const std::string& fact, const std::string& written) {
    if (fact == "stage") return static_cast<double>(std::find(stages.begin(), stages.end(), written) - stages.begin());
    if (fact == "wait") return static_cast<double>(hours_of(written)) * 3'600'000;
    return std::stod(written);
}

double number_of(const std::string& fact, const fact_value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* span = std::get_if<duration>(&value)) return static_cast<double>(span->count());
    return number_of(fact, std::get<std::string>(value));
}

bool has_words(const std::string& text, const std::string& words) {
    const std::string padded = ' ' + text + ' ';
    return padded.find(' ' + words + ' ') != std::string::npos;
}

bool is_text(const std::string& fact) { return fact == "text" || fact == "other" || fact == "tags"; }

bool equals(const naive_test& asked, const fact_value& value, const std::string& operand) {
    if (is_text(asked.fact) || asked.fact == "kind" || asked.fact == "flag") {
        const auto all = texts_of(value);
        return std::find(all.begin(), all.end(), lower(operand)) != all.end();
    }
    return number_of(asked.fact, value) == number_of(asked.fact, operand);
}

bool compares(const naive_test& asked, const fact_value& value) {
    const double number = number_of(asked.fact, value);
    const double first = number_of(asked.fact, asked.operands[0]);
    if (asked.op == "above") return number > first;
    if (asked.op == "at_least") return number >= first;
    if (asked.op == "below") return number < first;
    if (asked.op == "at_most") return number <= first;
    return number >= first && number <= number_of(asked.fact, asked.operands[1]);
}

bool looks_inside(const naive_test& asked, const std::string& text) {
    return std::any_of(asked.operands.begin(), asked.operands.end(), [&](const std::string& operand) {
        if (asked.op == "starts_with") return text.starts_with(lower(operand));
        if (asked.op == "ends_with") return text.ends_with(lower(operand));
        return has_words(text, lower(operand));
    });
}

bool test_holds(const naive_test& asked, const std::map<std::string, fact_value>& facts, time_point now) {
    const auto found = facts.find(asked.fact);
    const bool known = found != facts.end();
    if (asked.op == "known") return known == (asked.operands[0] == "true");
    const bool negated = asked.op == "not" || asked.op == "not_in";
    if (!known) return negated;
    const auto& value = found->second;
    if (asked.op == "is" || asked.op == "in" || negated)
        return negated != std::any_of(asked.operands.begin(), asked.operands.end(),
                                      [&](const std::string& each) { return equals(asked, value, each); });
    if (asked.op == "within" || asked.op == "older_than") {
        const auto ago = now - std::get<time_point>(value);
        const auto span = std::chrono::hours{hours_of(asked.operands[0])};
        return asked.op == "within" ? ago >= duration{0} && ago <= span : ago > span;
    }
    if (is_text(asked.fact)) {
        const auto all = texts_of(value);
        return std::any_of(all.begin(), all.end(), [&](const auto& each) { return looks_inside(asked, each); });
    }
    return compares(asked, value);
}

/// What may be asked of a fact, and with which constants.
struct vocabulary_row {
    const char* fact;
    texts operators;
    texts constants;
};

const std::vector<vocabulary_row>& rows() {
    static const texts of_text{"is",           "not",         "in",        "not_in", "contains",
                               "contains_any", "starts_with", "ends_with", "known"};
    static const texts of_names{"is", "not", "in", "not_in", "known"};
    static const texts of_numbers{"is",       "not",   "in",      "not_in",  "above",
                                  "at_least", "below", "at_most", "between", "known"};
    static const std::vector<vocabulary_row> all{
        {"text", of_text, {"red", "Blue", "green", "red blue", "big red"}},
        {"other", of_text, {"c1", "c2", "c3", "c4", "C5", "c6", "c7", "c8", "c9"}},
        {"tags", of_text, {"x", "y", "Z"}},
        {"kind", of_names, {"email", "chat", "phone"}},
        {"flag", of_names, {"yes", "no"}},
        {"stage", of_numbers, stages},
        {"count", of_numbers, {"0", "1", "2", "3", "4"}},
        {"amount", of_numbers, {"-1", "0.5", "1", "1.5", "2e1"}},
        {"wait", of_numbers, {"0h", "1h", "2h", "36h"}},
        {"seen", {"within", "older_than", "known"}, {"0h", "1h", "24h", "48h"}},
    };
    return all;
}

std::size_t below(std::mt19937& random, std::size_t count) { return random() % count; }
const std::string& one_of(std::mt19937& random, const texts& from) { return from[below(random, from.size())]; }

naive_condition random_test(std::mt19937& random) {
    const auto& row = rows()[below(random, rows().size())];
    naive_test made{row.fact, one_of(random, row.operators), {}};
    if (made.op == "known") {
        made.operands.emplace_back(below(random, 2) == 0 ? "true" : "false");
    } else if (made.op == "between") {
        made.operands = {one_of(random, row.constants), one_of(random, row.constants)};
        if (number_of(made.fact, made.operands[0]) > number_of(made.fact, made.operands[1]))
            std::swap(made.operands[0], made.operands[1]);
    } else {
        const bool several = made.op == "in" || made.op == "not_in" || made.op == "contains_any";
        for (std::size_t i = several ? 1 + below(random, 3) : 1; i > 0; --i)
            made.operands.push_back(one_of(random, row.constants));
    }
    return {"", std::move(made), {}};
}

}  // namespace

std::string to_yaml(const naive_condition& asked) {
    std::string inside;
    if (asked.group.empty()) {
        const auto& test = asked.test;
        for (const auto& each : test.operands) inside += (inside.empty() ? "" : ", ") + each;
        const bool list = test.op == "in" || test.op == "not_in" || test.op == "contains_any" || test.op == "between";
        return "{ " + test.fact + ": { " + test.op + ": " + (list ? "[" + inside + "]" : inside) + " } }";
    }
    for (const auto& each : asked.members) inside += (inside.empty() ? "" : ", ") + to_yaml(each);
    return "{ " + asked.group + ": [" + inside + "] }";
}

bool naively_holds(const naive_condition& asked, const std::map<std::string, fact_value>& facts, time_point now) {
    if (asked.group.empty()) return test_holds(asked.test, facts, now);
    const auto holding = std::count_if(asked.members.begin(), asked.members.end(),
                                       [&](const auto& each) { return naively_holds(each, facts, now); });
    if (asked.group == "all") return holding == static_cast<std::ptrdiff_t>(asked.members.size());
    return asked.group == "any" ? holding > 0 : holding == 0;
}

naive_condition random_condition(std::mt19937& random, int depth) {
    naive_condition made{"all", {}, {}};
    for (std::size_t i = 1 + below(random, 4); i > 0; --i) {
        if (depth == 0 || below(random, 5) != 0) {
            made.members.push_back(random_test(random));
            continue;
        }
        auto group = random_condition(random, depth - 1);
        group.group = std::vector{"all", "any", "none"}[below(random, 3)];
        made.members.push_back(std::move(group));
    }
    return made;
}

std::map<std::string, fact_value> random_facts(std::mt19937& random, time_point now) {
    std::map<std::string, fact_value> facts;
    for (const auto& row : rows()) {
        if (below(random, 5) == 0) continue;  // not known
        const std::string fact = row.fact;
        const auto& constant = one_of(random, row.constants);
        if (fact == "tags") {
            texts tags;
            for (std::size_t i = below(random, 3); i > 0; --i) tags.push_back(one_of(random, row.constants));
            facts[fact] = tags;
        } else if (fact == "text" || fact == "other") {
            facts[fact] = below(random, 3) == 0 ? constant + " and more" : constant;
        } else if (fact == "kind" || fact == "stage") {
            facts[fact] = constant;
        } else if (fact == "flag") {
            facts[fact] = constant == "yes";
        } else if (fact == "count") {
            facts[fact] = static_cast<std::int64_t>(below(random, 6));
        } else if (fact == "amount") {
            facts[fact] = static_cast<double>(below(random, 50)) / 2 - 2;
        } else if (fact == "wait") {
            facts[fact] = duration{std::chrono::hours{below(random, 40)}};
        } else {
            facts[fact] = now - std::chrono::hours{static_cast<int>(below(random, 60)) - 5};
        }
    }
    return facts;
}

}  // namespace kindred::conditions::testing_support
