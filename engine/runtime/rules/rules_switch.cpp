#include "engine/runtime/rules/rules_switch.hpp"

#include "engine/routing/plan.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/tickets/escalating.hpp"
#include "engine/runtime/tickets/kept_priority.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t most_activations = 100;

void follow_calendars(step& in) {
    for (const auto& change : in.on().calendars.follow(in.on().rules, in.now()))
        (void)in.tell(routing::calendar_watch::command_for(change));
}

void note_activation(step& in, std::string author, std::string how) {
    auto& all = in.on().activations;
    in.audit(author, "rules." + how, "ruleset:" + in.on().rules.hash());
    all.insert(all.begin(), {in.on().rules.hash(), std::move(author), std::move(how), in.now()});
    if (all.size() > most_activations) all.resize(most_activations);
    in.put_setting(std::string(activations_setting), to_json(all));
}

void keep_version(step& in, const std::string& author, bool kept) {
    const auto& rules = in.on().rules;
    if (kept)
        in.put_active_ruleset(rules.hash());
    else
        in.put_ruleset({rules.hash(), author, in.now(), rules::pack(rules.files())});
}

/// The plan of the fallback, whose route asks nothing of anybody.
rules::decision fallback_of(const rules::ruleset& rules) {
    const auto& route = rules.compiled().routes.back();
    rules::decision made;
    made.route = route.name;
    made.queue = route.queue;
    made.priority = route.priority;
    made.head_start = route.head_start;
    made.first_response = route.first_response;
    made.next_response = route.next_response;
    made.resolution = route.resolution;
    for (const auto& each : route.steps) made.steps.push_back(each.asks);
    made.ruleset = rules.hash();
    return made;
}

std::vector<ticket_id> stranded(const world& of) {
    std::vector<ticket_id> found;
    of.tickets.for_each([&](const ticket& held) {
        const bool waits = held.status == store::ticket_status::waiting || held.status == store::ticket_status::offered;
        if (waits && of.rules.queue(held.queue) == nullptr) found.push_back(held.id);
    });
    std::sort(found.begin(), found.end());
    return found;
}

/// Where the fallback is full, tickets stay: their old queue still serves them, it only takes nothing new.
void leave_queues_that_are_gone(step& in) {
    const auto found = stranded(in.on());
    if (found.empty()) return;
    const auto decided = fallback_of(in.on().rules);
    for (const auto id : found) {
        auto& about = *in.on().tickets.find(id);
        auto plan = routing::to_plan(decided);
        keep_priority(in.on(), about, record_of(about), decided.priority, plan);
        auto moved = in.try_tell(dispatch::replan{id, std::move(plan)});
        json::writer out;
        out.begin_object().member("queue", about.queue).member("ruleset", in.on().rules.hash());
        out.member("moved_to", moved ? decided.queue : std::string()).end_object();
        in.entry(about, "queue_gone", out.take());
        if (moved) in.record(*moved);
    }
}

}  // namespace

result<void> switch_rules(step& in, const rules_change& wanted) {
    auto& on = in.on();
    if (!wanted.from.empty() && wanted.from != on.rules.hash())
        return fail(errc::conflict,
                    "the rules in force are " + on.rules.hash() + ": look at what has changed, and name these");
    if (wanted.rollout) return change_rollout(in, wanted);
    end_rollout(in);
    if (wanted.rules.hash() != on.rules.hash()) {
        if (auto told = in.tell(routing::to_command(wanted.rules)); !told) return told;
        on.rules = wanted.rules;
        follow_calendars(in);
        leave_queues_that_are_gone(in);
        watch_for_escalations(on);
        keep_version(in, wanted.author, wanted.kept);
        note_activation(in, wanted.author, wanted.how);
    }
    if (!wanted.folder.empty()) in.put_setting(std::string(folder_setting), wanted.folder);
    return {};
}

void begin_with_rules(step& in, const std::string& author, const std::string& folder) {
    auto& on = in.on();
    if (on.activations.empty() || on.activations.front().hash != on.rules.hash()) {
        leave_queues_that_are_gone(in);
        keep_version(in, author, false);
        note_activation(in, author, "start");
    }
    if (!folder.empty()) in.put_setting(std::string(folder_setting), folder);
}

std::string rules_json(const world& of) {
    json::writer out;
    out.begin_object().member("hash", of.rules.hash());
    if (of.trial) out.key("rollout").raw(to_json(*of.trial));
    out.key("activations").raw(to_json(of.activations));
    return out.end_object().take();
}

std::string to_json(const std::vector<rules_activation>& activations) {
    json::writer out;
    out.begin_array();
    for (const auto& each : activations) {
        out.begin_object().member("hash", each.hash).member("author", each.author).member("how", each.how);
        out.member("at", to_rfc3339(each.at)).end_object();
    }
    return out.end_array().take();
}

std::vector<rules_activation> activations_from_json(std::string_view text) {
    std::vector<rules_activation> all;
    const auto parsed = json::document::parse(text);
    if (!parsed) return all;
    parsed->root().for_each([&](json::value each) {
        const auto at = parse_time(each["at"].text());
        all.push_back({std::string(each["hash"].text()), std::string(each["author"].text()),
                       std::string(each["how"].text()), at.value_or(time_point{})});
    });
    return all;
}

}  // namespace kindred::runtime
