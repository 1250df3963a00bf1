#include "engine/rules/diff.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/diff_definitions.hpp"
#include "engine/rules/situation_sampler.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace kindred::rules {
namespace {

constexpr std::size_t most_samples = 20'000;
constexpr std::size_t variants_of_changed = 240;  // of what differs by name
constexpr std::size_t variants_of_unchanged = 24;
constexpr std::size_t most_examples = 3;
constexpr std::size_t samples_for_examples = 12;  // of one treatment: their examples are worked out

decision decide(const ruleset& rules, const given_situation& situation) {
    const fixed_board board(situation.queues);
    auto input = situation.input(board);
    input.shares_out = !situation.who.id;
    return rules.decide(input);
}

bool same_targets(const decision& left, const decision& right) {
    return left.first_response == right.first_response && left.next_response == right.next_response &&
           left.resolution == right.resolution;
}

bool same_places(const decision& left, const decision& right) {
    const auto named = [](const decision& of) {
        std::map<std::string, std::string> by_dimension;
        for (const auto& each : of.segments) by_dimension.emplace(each.dimension, each.segment);
        return by_dimension;
    };
    return named(left) == named(right);
}

std::vector<std::string> differences(const decision& before, const decision& after) {
    std::vector<std::string> all;
    const auto note = [&](bool same, const char* what) {
        if (!same) all.emplace_back(what);
    };
    note(before.queue == after.queue, "queue");
    note(before.route == after.route, "route");
    note(before.priority == after.priority && before.head_start == after.head_start, "priority");
    note(before.steps == after.steps, "steps");
    note(same_targets(before, after), "targets");
    note(before.script == after.script, "script");
    note(before.articles == after.articles, "articles");
    note(same_places(before, after), "segments");
    note(before.stage == after.stage, "stage");
    return all;
}

/// Samples both rulesets and collects who is treated otherwise.
class comparison {
public:
    comparison(const ruleset& before, const ruleset& after, time_point base)
        : before_(before), after_(after), base_(base) {}

    void sample(const fact_assignment& facts) {
        if (!seen_.insert(to_text(facts)).second) return;
        ++sampled_;
        auto found = treatment_of(facts);
        if (found.differs.empty()) return;
        noticed_.insert(found.before.route);
        noticed_.insert(found.after.route);
        auto& all = treatments_[key_of(found)];
        if (all.sampled == 0) all = found;
        ++all.sampled;
        if (all.sampled > samples_for_examples || all.examples.size() >= most_examples) return;
        auto example = without_what_does_not_matter(facts, found);
        if (std::find(all.examples.begin(), all.examples.end(), example) == all.examples.end())
            all.examples.push_back(std::move(example));
    }

    std::size_t sampled() const { return sampled_; }
    /// Whether some sampled contact was decided otherwise, and this route decided it before or after.
    bool noticed(const std::string& route) const { return noticed_.contains(route); }

    std::vector<changed_treatment> treatments() const {
        std::vector<changed_treatment> all;
        for (const auto& [key, each] : treatments_) all.push_back(each);
        std::stable_sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
            const bool left_moves = left.before.queue != left.after.queue;
            const bool right_moves = right.before.queue != right.after.queue;
            return left_moves != right_moves ? left_moves : left.sampled > right.sampled;
        });
        return all;
    }

private:
    using treatment_key = std::tuple<destination, destination, std::vector<std::string>>;

    static treatment_key key_of(const changed_treatment& of) { return {of.before, of.after, of.differs}; }

    changed_treatment treatment_of(const fact_assignment& facts) const {
        const auto situation = situation_with(facts, base_);
        const auto was = decide(before_, situation);
        const auto is = decide(after_, situation);
        return {{was.route, was.queue}, {is.route, is.queue}, differences(was, is), 0, {}};
    }

    fact_assignment without_what_does_not_matter(fact_assignment facts, const changed_treatment& found) const {
        const auto wanted = key_of(found);
        for (auto each = facts.begin(); each != facts.end();) {
            auto without = facts;
            without.erase(each->first);
            const auto name = each->first;
            ++each;
            if (key_of(treatment_of(without)) != wanted) continue;
            facts = std::move(without);
            each = facts.upper_bound(name);
        }
        return facts;
    }

    const ruleset& before_;
    const ruleset& after_;
    time_point base_;
    std::size_t sampled_ = 0;
    std::set<std::string> seen_;
    std::set<std::string> noticed_;
    std::map<treatment_key, changed_treatment> treatments_;
};

/// A condition that one of the rulesets states, and how closely to look at it.
struct subject {
    const conditions::condition* when = nullptr;
    std::string share_of;  ///< the route, where it has a share
    bool changed = false;
};

std::vector<subject> subjects_of(const ruleset& rules, const std::set<std::pair<std::string, std::string>>& changed) {
    std::vector<subject> all;
    const auto& compiled = rules.compiled();
    for (const auto& dimension : compiled.dimensions)
        for (const auto& group : dimension.groups)
            all.push_back({&group.when, {}, changed.contains({"segment", dimension.name + "." + group.name})});
    for (const auto& stage : compiled.stages) all.push_back({&stage.when, {}, changed.contains({"stage", stage.name})});
    for (const auto& route : compiled.routes)
        all.push_back({&route.when, route.share ? route.name : std::string(), changed.contains({"route", route.name})});
    for (const auto& entry : compiled.library.entries()) {
        const auto name = entry.language.empty() ? entry.id : entry.id + " (" + entry.language + ")";
        all.push_back({&entry.fits, {}, changed.contains({std::string(knowledge::name_of(entry.kind)), name})});
    }
    return all;
}

void sample_side(const ruleset& side, const std::set<std::pair<std::string, std::string>>& changed, time_point base,
                 comparison& into) {
    const situation_sampler sampler(side.compiled(), base);
    auto subjects = subjects_of(side, changed);
    std::stable_partition(subjects.begin(), subjects.end(), [](const auto& each) { return each.changed; });
    const auto limit = into.sampled() + most_samples / 2;
    const auto sample_variant = [&](const subject& each, std::size_t variant) {
        auto facts = sampler.aim_at(*each.when, variant);
        // Customers of some ids are in one ruleset's share and not in the other's.
        if (!each.share_of.empty() && variant % 2 == 0) facts["customer.id"] = static_cast<std::int64_t>(variant + 1);
        if (!each.share_of.empty() && variant % 4 == 1) facts["share." + each.share_of] = true;
        into.sample(facts);
    };
    // In rounds, so that a ruleset too large for every variant has at least some of each of its conditions.
    for (std::size_t variant = 0; variant < variants_of_changed; ++variant)
        for (const auto& each : subjects) {
            if (into.sampled() >= limit) return;
            if (each.changed || variant < variants_of_unchanged) sample_variant(each, variant);
        }
}

}  // namespace

ruleset_diff diff(const ruleset& before, const ruleset& after, time_point base) {
    ruleset_diff found;
    found.before = before.hash();
    found.after = after.hash();
    if (before.hash() == after.hash()) return found;
    found.definitions = changed_definitions(before, after, base);
    std::set<std::pair<std::string, std::string>> changed;
    for (const auto& each : found.definitions) changed.emplace(each.of, each.name);
    comparison compared(before, after, base);
    compared.sample({});
    sample_side(before, changed, base, compared);
    sample_side(after, changed, base, compared);
    found.sampled = compared.sampled();
    found.treatments = compared.treatments();
    for (auto& each : found.definitions)
        if (each.of == "route") each.matters = compared.noticed(each.name);
    return found;
}

}  // namespace kindred::rules
