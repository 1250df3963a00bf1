#include "engine/runtime/escalating.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/board.hpp"
#include "engine/runtime/decision_record.hpp"
#include "engine/runtime/views.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

bool can_escalate(dispatch::ticket_state state) {
    return state == dispatch::ticket_state::waiting || state == dispatch::ticket_state::offered ||
           state == dispatch::ticket_state::held;
}

std::optional<duration> nearest_target(const dispatch::ticket_view& seen) {
    std::optional<duration> nearest;
    for (const auto& left : {seen.first_response_left, seen.next_response_left, seen.resolution_left})
        if (left && (!nearest || *left < *nearest)) nearest = left;
    return nearest;
}

rules::ticket_facts facts_of(const dispatch::ticket_view& seen, const decision_record& record, time_point now) {
    rules::ticket_facts made;
    made.queue = seen.queue;
    made.priority = record.priority;
    if (seen.state != dispatch::ticket_state::held) made.waiting = now - seen.enqueued_at;
    made.target_left = nearest_target(seen);
    made.transfers = record.transfers;
    return made;
}

/// Who is meant by "supervisors", "admins", "agents" or a login.
bool is_meant(const person& someone, const std::string& name) {
    if (name == "supervisors") return someone.may == role::supervisor || someone.may == role::admin;
    if (name == "admins") return someone.may == role::admin;
    if (name == "agents") return someone.may == role::agent;
    return someone.login == name;
}

/// One ticket, looked at once.
class ticket_watch {
public:
    ticket_watch(step& in, ticket& about, const dispatch::ticket_view& seen)
        : in_(in), about_(about), seen_(seen), left_(nearest_target(seen)) {}

    void look() {
        const auto& escalations = in_.on().rules.compiled().escalations;
        std::optional<time_point> next;
        for (std::size_t i = 0; i < escalations.size(); ++i) {
            const auto& moments = in_.on().escalations.moments()[i];
            if (may_hold(moments)) {
                if (is_done(escalations[i])) continue;
                if (holds_now(escalations[i])) {
                    carry_out(escalations[i]);
                    continue;
                }
            }
            const auto moment = next_moment(moments);
            if (moment && (!next || *moment < *next)) next = moment;
        }
        in_.on().escalations.set(about_.id, next);
    }

private:
    bool waits() const { return seen_.state != dispatch::ticket_state::held; }

    /// Most tickets are ruled out by a look at the clock.
    bool may_hold(const rules::escalation_moments& moments) {
        if (moments.waits_at_least && (!waits() || in_.now() - seen_.enqueued_at < *moments.waits_at_least))
            return false;
        if (moments.left_at_most && (!left_ || *left_ > *moments.left_at_most)) return false;
        if (moments.transfers_at_least <= 0) return true;
        return static_cast<double>(transfers_of(about_)) >= moments.transfers_at_least;
    }

    decision_record& record() {
        if (!record_) record_ = record_of(about_);
        return *record_;
    }

    bool is_done(const rules::escalation_definition& escalation) {
        const auto& done = record().escalated;
        return std::find(done.begin(), done.end(), escalation.name) != done.end();
    }

    bool holds_now(const rules::escalation_definition& escalation) {
        const auto& on = in_.on();
        auto facts = facts_of(seen_, record(), in_.now());
        const auto* via = on.channels.find(about_.channel);
        contact arrived;
        arrived.channel_name = about_.channel;
        arrived.kind = via == nullptr ? channel_kind::api : via->kind;
        const customer stranger;
        const auto* person = in_.on().customers.find(about_.customer);
        if (person == nullptr) {
            // Not at hand: what was decided of the customer stands in.
            facts.placed = true;
            facts.segments = record().segments;
            facts.stage = record().stage;
        }
        const live_board board(on, in_.now());
        return rules::holds(escalation, on.rules.compiled(),
                            {arrived, person == nullptr ? stranger : *person, in_.now(), board}, facts);
    }

    /// The next moment after now at which time alone can change the answer.
    std::optional<time_point> next_moment(const rules::escalation_moments& moments) const {
        std::optional<time_point> next;
        const auto consider = [&](time_point at) {
            if (at > in_.now() && (!next || at < *next)) next = at;
        };
        if (waits())
            for (const auto waited : moments.waiting) consider(seen_.enqueued_at + waited);
        if (!left_ || moments.target_left.empty()) return next;
        const auto door = in_.on().dispatch.door(seen_.queue);
        // A closed queue's clock stands still: its opening is noticed.
        if (door && door->open)
            for (const auto before : moments.target_left) consider(in_.now() + (*left_ - before));
        return next;
    }

    void carry_out(const rules::escalation_definition& escalation) {
        record().escalated.push_back(escalation.name);
        const bool raised = raise_priority(escalation.priority);
        const bool lent = !escalation.also_offer.empty() && waits() && lend_to(escalation.also_offer);
        if (raised) record().priority = escalation.priority;
        keep_record(about_, record());
        json::writer out;
        out.begin_object().member("escalation", escalation.name);
        if (raised) out.member("priority", escalation.priority);
        if (lent) out.member("also_offer", escalation.also_offer);
        if (!escalation.notify.empty()) {
            out.key("notify").begin_array();
            for (const auto& name : escalation.notify) out.value(name);
            out.end_array();
        }
        in_.entry(about_, "escalated", out.end_object().take());
        in_.seen().escalations.push_back(escalation.name);
        notify(escalation);
    }

    /// Never downwards: an earlier escalation, or a hand, may have put it higher.
    bool raise_priority(const std::string& name) {
        const auto& levels = in_.on().rules.priorities();
        const auto level =
            std::find_if(levels.begin(), levels.end(), [&](const auto& each) { return each.name == name; });
        if (level == levels.end() || level->head_start <= seen_.head_start) return false;
        const bool told = in_.tell(dispatch::set_priority{about_.id, level->head_start}).has_value();
        if (told) seen_.head_start = level->head_start;
        return told;
    }

    bool lend_to(const std::string& queue) {
        return queue != seen_.queue && in_.tell(dispatch::also_offer{about_.id, queue}).has_value();
    }

    void notify(const rules::escalation_definition& escalation) const {
        if (escalation.notify.empty()) return;
        json::writer out;
        out.begin_object().member("escalation", escalation.name).key("ticket");
        write_summary(out, *in_.on().people, in_.on().channels, about_);
        const auto frame = members_of(out.end_object().text());
        for (const auto& someone : in_.on().people->all())
            if (std::any_of(escalation.notify.begin(), escalation.notify.end(),
                            [&](const std::string& name) { return is_meant(someone, name); }))
                in_.publish(someone.id, "escalation", frame);
    }

    step& in_;
    ticket& about_;
    dispatch::ticket_view seen_;
    std::optional<duration> left_;
    std::optional<decision_record> record_;  ///< read when it is needed
};

}  // namespace

void watch_for_escalations(world& of) {
    of.escalations.follow(of.rules);
    if (!of.escalations.has_escalations()) return;
    of.tickets.for_each([&](const ticket& held) {
        if (held.status != store::ticket_status::resolved) of.escalations.look_at(held.id);
    });
}

void escalate(step& in) {
    auto& clock = in.on().escalations;
    if (!clock.has_escalations()) return;
    while (const auto id = clock.take(in.now())) {
        auto* about = in.on().tickets.find(*id);
        const auto seen = in.on().dispatch.ticket(*id, in.now());
        if (about == nullptr || !seen || !can_escalate(seen->state)) {
            clock.set(*id, std::nullopt);
            continue;
        }
        ticket_watch(in, *about, *seen).look();
    }
}

}  // namespace kindred::runtime
