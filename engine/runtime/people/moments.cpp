#include "engine/runtime/people/moments.hpp"

#include "engine/rules/decider.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/rules/rollout.hpp"

namespace kindred::runtime {
namespace {

/// As the API shows where somebody is: of what nothing but the record says.
rules::decision placed(const step& in, const rules::ruleset& rules, const customer& who) {
    const contact nothing_said;
    const rules::empty_board board;
    rules::decision_input input{nothing_said, who, in.now(), board};
    input.noting_facts = false;
    return rules::decider(rules.compiled(), input).place();
}

std::vector<customers::group_move> moves_between(step& in, const customer& before, const customer& after) {
    const auto& rules = rules_for(in.on(), after.id);
    const auto was = placed(in, rules, before);
    const auto is = placed(in, rules, after);
    std::vector<customers::group_move> moves;
    for (const auto& each : is.segments)
        if (const auto from = was.segment_of(each.dimension); from != each.segment)
            moves.push_back({each.dimension, std::string(from), each.segment});
    if (was.stage != is.stage) moves.push_back({"stage", was.stage, is.stage});
    return moves;
}

void put(step& in, customers::moment happened, const customer& before, const customer& after) {
    happened.about = after.id;
    happened.version = after.version;
    happened.at = in.now();
    happened.changed = changed_facts(before, after);
    in.put_kept({std::string(moment_rows), customers::key_of_moment(after.id, after.version), in.now(),
                 customers::to_json(happened)});
}

}  // namespace

std::vector<std::string> changed_facts(const customer& before, const customer& after) {
    std::vector<std::string> changed;
    const auto note = [&](bool same, std::string name) {
        if (!same) changed.push_back(std::move(name));
    };
    for (const auto& [name, held] : after.declared) {
        const auto earlier = before.declared.find(name);
        note(earlier != before.declared.end() && earlier->second.value == held.value, "customer." + name);
    }
    for (const auto& [name, held] : before.declared) note(after.declared.contains(name), "customer." + name);
    note(before.known == after.known, "customer.known");
    note(before.name == after.name, "customer.name");
    note(before.language == after.language, "customer.language");
    note(before.tags == after.tags, "customer.tags");
    note(before.satisfaction == after.satisfaction, "customer.satisfaction");
    return changed;
}

void note_moment(step& in, customers::moment happened, const customer& before, const customer& after) {
    happened.moves = moves_between(in, before, after);
    put(in, std::move(happened), before, after);
}

void note_moves(step& in, customers::moment happened, const customer& before, const customer& after) {
    happened.moves = moves_between(in, before, after);
    if (!happened.moves.empty()) put(in, std::move(happened), before, after);
}

}  // namespace kindred::runtime
