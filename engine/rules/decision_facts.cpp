#include "engine/conditions/fact_text.hpp"
#include "engine/rules/decider.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

constexpr std::size_t most_bytes = 4096;
constexpr std::size_t usual_bytes = 1536;
constexpr std::size_t bytes_for_the_end = 40;  // "_left_out" and its count
constexpr std::size_t longest_text = 200;

void write_fact(json::writer& out, conditions::fact_id fact, conditions::fact_table& facts) {
    const auto& reading = facts.read(fact);
    out.begin_object().key("value");
    conditions::write_json(out, reading.value, facts.catalog()[fact].type, longest_text);
    if (!reading.source.empty()) out.member("source", reading.source);
    if (reading.since) out.member("age", kindred::to_text(std::max(duration{0}, facts.now() - *reading.since)));
    out.end_object();
}

}  // namespace

std::string facts_read_json(conditions::fact_table& facts) {
    json::writer out;
    out.reserve(usual_bytes).begin_object();
    std::size_t left_out = 0;
    for (const auto fact : facts.facts_read()) {
        const auto before = out.text().size();
        out.key(facts.catalog()[fact].name);
        write_fact(out, fact, facts);
        if (out.text().size() <= most_bytes - bytes_for_the_end) continue;
        out.cut(before);
        ++left_out;
    }
    if (left_out > 0) out.member("_left_out", left_out);
    out.end_object();
    return out.take();
}

}  // namespace kindred::rules
