#include "engine/runtime/tickets/decision_record.hpp"

#include "engine/base/json.hpp"

#include <string.h>  // NOLINT(modernize-deprecated-headers): memmem is not in std

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

constexpr std::array<std::string_view, 13> written_here{
    "priority",  "priority_set", "redecided",     "transfers", "escalated",  "merged_into", "incident",
    "consulted", "callback",     "over_capacity", "survey",    "words_gone", "self_service"};

void write_count(json::writer& out, std::string_view name, std::int64_t count) {
    if (count > 0) out.member(name, count);
}

/// Whether the record can have this member: counts that are 0 are not written. memmem(): std::string::find() stops at
/// each of the many quotation marks.
bool mentions(const ticket& about, std::string_view member) {
    return ::memmem(about.decision.data(), about.decision.size(), member.data(), member.size()) != nullptr;
}

}  // namespace

decision_record record_of(const ticket& about) {
    decision_record made;
    const auto parsed = json::document::parse(about.decision.empty() ? "{}" : about.decision);
    if (!parsed) return made;
    const auto from = parsed->root();
    made.priority = from["priority"].text();
    made.priority_set = from["priority_set"].boolean().value_or(false);
    made.stage = from["stage"].text();
    from["segments"].for_each_member([&](std::string_view dimension, json::value segment) {
        made.segments.push_back({std::string(dimension), std::string(segment.text()), false});
    });
    made.redecided = from["redecided"].integer().value_or(0);
    made.transfers = from["transfers"].integer().value_or(0);
    made.merged_into = from["merged_into"].text();
    made.incident = from["incident"].text();
    made.consulted = from["consulted"].text();
    made.callback = from["callback"].boolean().value_or(false);
    made.over_capacity = from["over_capacity"].boolean().value_or(false);
    made.words_gone = from["words_gone"].boolean().value_or(false);
    if (from["survey"].is_object()) made.survey = from["survey"].to_text();
    if (from["self_service"].is_object()) made.self_service = from["self_service"].to_text();
    from["escalated"].for_each([&](json::value name) { made.escalated.emplace_back(name.text()); });
    return made;
}

std::int64_t transfers_of(const ticket& about) {
    return mentions(about, "\"transfers\"") ? record_of(about).transfers : 0;
}
std::int64_t redecisions_of(const ticket& about) {
    return mentions(about, "\"redecided\"") ? record_of(about).redecided : 0;
}

void keep_record(ticket& about, const decision_record& record) {
    json::writer out;
    out.begin_object();
    if (const auto parsed = json::document::parse(about.decision.empty() ? "{}" : about.decision))
        parsed->root().for_each_member([&](std::string_view name, json::value each) {
            const bool ours = std::find(written_here.begin(), written_here.end(), name) != written_here.end();
            if (!ours) out.key(name).raw(each.to_text());
        });
    out.member_if("priority", record.priority);
    if (record.priority_set) out.member("priority_set", true);
    write_count(out, "redecided", record.redecided);
    write_count(out, "transfers", record.transfers);
    if (!record.escalated.empty()) {
        out.key("escalated").begin_array();
        for (const auto& name : record.escalated) out.value(name);
        out.end_array();
    }
    out.member_if("merged_into", record.merged_into).member_if("incident", record.incident);
    out.member_if("consulted", record.consulted);
    if (record.callback) out.member("callback", true);
    if (record.over_capacity) out.member("over_capacity", true);
    if (record.words_gone) out.member("words_gone", true);
    if (!record.survey.empty()) out.key("survey").raw(record.survey);
    if (!record.self_service.empty()) out.key("self_service").raw(record.self_service);
    about.decision = out.end_object().take();
}

bool has_kept(const ticket& about, std::string_view name) { return mentions(about, "\"" + std::string(name) + "\":"); }

}  // namespace kindred::runtime
