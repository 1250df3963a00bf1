#include "engine/runtime/rules/rollout.hpp"

#include "engine/base/log.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/decider.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

constexpr std::array<std::pair<std::string_view, rollout_mode>, 3> modes{
    {{"off", rollout_mode::off}, {"shadow", rollout_mode::shadow}, {"canary", rollout_mode::canary}}};

bool in_canary(const rollout& trial, customer_id who) {
    return trial.how.mode == rollout_mode::canary &&
           rules::hash_is_in_share("rollout " + trial.rules.hash(), who, trial.how.percent);
}

/// What of two decisions is not the same, in the order of what matters most; empty: nothing that is acted on.
std::string_view first_difference(const rules::decision& one, const rules::decision& other) {
    if (one.queue != other.queue) return "queue";
    if (one.head_start != other.head_start) return "priority";
    if (!(one.steps == other.steps)) return "steps";
    if (!(one.script == other.script)) return "script";
    return one.route == other.route ? std::string_view() : "route";
}

}  // namespace

std::string_view name_of(rollout_mode mode) {
    const auto found = std::find_if(modes.begin(), modes.end(), [&](const auto& each) { return each.second == mode; });
    return found->first;
}

std::optional<rollout_mode> rollout_mode_named(std::string_view name) {
    const auto found = std::find_if(modes.begin(), modes.end(), [&](const auto& each) { return each.first == name; });
    return found == modes.end() ? std::nullopt : std::optional(found->second);
}

const rules::ruleset& rules_for(const world& of, customer_id who) {
    return of.trial && in_canary(*of.trial, who) ? of.trial->rules : of.rules;
}

decided_by_arm decide_by_arm(step& in, const rules::decision_input& input) {
    const auto& on = in.on();
    if (!on.trial) return {on.rules.decide(input), false, std::nullopt};
    const auto& trial = *on.trial;
    if (trial.how.mode == rollout_mode::canary) {
        const bool on_trial = in_canary(trial, input.who.id);
        in.seen().arms.emplace_back(on_trial ? "trial" : "active", "decided");
        return {(on_trial ? trial.rules : on.rules).decide(input), on_trial, std::nullopt};
    }
    decided_by_arm made{on.rules.decide(input), false, trial.rules.decide(input)};
    const auto differs = first_difference(made.decided, *made.shadow);
    in.seen().arms.emplace_back("active", "decided");
    in.seen().arms.emplace_back("trial", differs.empty() ? std::string("same") : std::string(differs));
    if (differs.empty()) {
        made.shadow.reset();
        return made;
    }
    log::info("the rules on trial decide otherwise", {{"differs", std::string(differs)},
                                                      {"queue", made.decided.queue},
                                                      {"route", made.decided.route},
                                                      {"trial_queue", made.shadow->queue},
                                                      {"trial_route", made.shadow->route}});
    return made;
}

result<void> change_rollout(step& in, const rules_change& wanted) {
    auto& on = in.on();
    if (wanted.rollout->mode == rollout_mode::off) {
        if (!on.trial) return fail(errc::conflict, "no rules are on trial");
        end_rollout(in);
        return {};
    }
    for (const auto& queue : wanted.rules.queues())
        if (on.rules.queue(queue.name) == nullptr)
            return fail(errc::invalid, "rollout: the queue \"" + queue.name +
                                           "\" is not there under the rules in force: activate it first, unused");
    if (!wanted.kept) in.put_version({wanted.rules.hash(), wanted.author, in.now(), rules::pack(wanted.rules.files())});
    on.trial = rollout{wanted.rules, *wanted.rollout, wanted.author, in.now()};
    in.put_setting(std::string(rollout_setting), to_json(*on.trial));
    return {};
}

void end_rollout(step& in) {
    if (!in.on().trial) return;
    in.on().trial.reset();
    in.put_setting(std::string(rollout_setting), "{}");
}

std::string to_json(const rollout& trial) {
    json::writer out;
    out.begin_object().member("hash", trial.rules.hash()).member("mode", name_of(trial.how.mode));
    out.member("percent", trial.how.percent).member("author", trial.author).member("at", to_rfc3339(trial.since));
    return out.end_object().take();
}

std::optional<rollout> load_rollout(store::store& from, std::string_view setting) {
    const auto parsed = json::document::parse(setting);
    if (!parsed) return std::nullopt;
    const auto mode = rollout_mode_named((*parsed)["mode"].text());
    if (!mode || *mode == rollout_mode::off) return std::nullopt;
    const auto row = from.ruleset((*parsed)["hash"].text());
    auto files = row ? rules::unpack(row->files) : result<rules::rule_files>(row.error());
    auto loaded = files ? rules::load(std::move(*files)) : rules::loaded{};
    if (!loaded.rules) {
        log::error("the rules on trial cannot be loaded: the trial is over");
        return std::nullopt;
    }
    return rollout{*loaded.rules,
                   {*mode, (*parsed)["percent"].number().value_or(0)},
                   std::string((*parsed)["author"].text()),
                   parse_time((*parsed)["at"].text()).value_or(time_point{})};
}

std::string decision_json(const decided_by_arm& made) {
    auto text = rules::to_json(made.decided);
    if (!made.on_trial && !made.shadow) return text;
    text.pop_back();
    if (made.on_trial) return text + ",\"arm\":\"trial\"}";
    json::writer out;
    out.begin_object().member("ruleset", made.shadow->ruleset).member("route", made.shadow->route);
    out.member("queue", made.shadow->queue).member("priority", made.shadow->priority);
    out.member_if("script", made.shadow->script ? made.shadow->script->id : std::string()).end_object();
    return text + ",\"shadow\":" + out.take() + "}";
}

}  // namespace kindred::runtime
