#include "engine/runtime/tickets/escalating.hpp"

#include "engine/routing/escalation_look.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/desks/board.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/tickets/decision_record.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

/// Takes about a millisecond: whoever asks for something meanwhile does not wait for all tickets of a large site.
constexpr std::size_t unseen_at_once = 400;

/// Who is meant by "supervisors", "admins", "agents" or a login: by what they may do, whatever their role is called.
bool is_meant(const roster& people, const person& someone, const std::string& name) {
    const auto may = people.may(someone);
    const bool supervises = may.has(permission::tickets_reassign);
    if (name == "supervisors") return supervises;
    if (name == "admins") return may == permission_set::all();
    if (name == "agents") return may.has(permission::tickets_work) && !supervises;
    return someone.login == name && may.has(permission::tickets_read);
}

/// One ticket, looked at once.
class ticket_watch {
public:
    ticket_watch(step& in, ticket& about, const dispatch::ticket_view& seen)
        : in_(in), about_(about), seen_(seen), clock_(seen_, in.now()) {}

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
            const auto moment = clock_.next_moment(moments, [this] { return is_queue_open(); });
            if (moment && (!next || *moment < *next)) next = moment;
        }
        in_.on().escalations.set(about_.id, next);
    }

private:
    bool may_hold(const rules::escalation_moments& moments) const {
        return clock_.may_hold(moments) && (moments.transfers_at_least <= 0 ||
                                            static_cast<double>(transfers_of(about_)) >= moments.transfers_at_least);
    }

    bool is_queue_open() const {
        const auto door = in_.on().dispatch.door(seen_.queue);
        return door && door->open;
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
        auto facts = clock_.facts(record().priority, record().transfers);
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

    void carry_out(const rules::escalation_definition& escalation) {
        record().escalated.push_back(escalation.name);
        const bool raised = raise_priority(escalation.priority);
        const bool lent = !escalation.also_offer.empty() && clock_.waits() && lend_to(escalation.also_offer);
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
        const auto raised = routing::raised_to(in_.on().rules, name, seen_.head_start);
        if (!raised) return false;
        const bool told = in_.tell(dispatch::set_priority{about_.id, *raised}).has_value();
        if (told) seen_.head_start = *raised;
        return told;
    }

    bool lend_to(const std::string& queue) {
        return queue != seen_.queue && in_.tell(dispatch::also_offer{about_.id, queue}).has_value();
    }

    void notify(const rules::escalation_definition& escalation) const {
        if (escalation.notify.empty()) return;
        json::writer out;
        out.begin_object().member("escalation", escalation.name).key("ticket");
        write_summary(out, in_.on(), about_, in_.now());
        const auto frame = members_of(out.end_object().text());
        const auto& people = *in_.on().people;
        for (const auto& someone : people.all())
            if (std::any_of(escalation.notify.begin(), escalation.notify.end(),
                            [&](const std::string& name) { return is_meant(people, someone, name); }))
                in_.publish(someone.id, "escalation", frame);
    }

    step& in_;
    ticket& about_;
    dispatch::ticket_view seen_;
    routing::escalation_look clock_;
    std::optional<decision_record> record_;  ///< read when it is needed
};

void look_at(step& in, ticket_id id) {
    auto* about = in.on().tickets.find(id);
    const auto seen = in.on().dispatch.ticket(id, in.now());
    if (about == nullptr || !seen || !routing::can_escalate(seen->state))
        in.on().escalations.set(id, std::nullopt);
    else
        ticket_watch(in, *about, *seen).look();
}

}  // namespace

void watch_for_escalations(world& of) {
    of.escalations.follow(of.rules);
    if (!of.escalations.has_escalations()) return;
    of.tickets.for_each([&](const ticket& held) {
        if (held.status != store::ticket_status::resolved) of.escalations.look_when_there_is_time(held.id);
    });
}

void escalate(step& in) {
    auto& clock = in.on().escalations;
    if (!clock.has_escalations()) return;
    while (const auto id = clock.take(in.now())) look_at(in, *id);
    for (std::size_t seen = 0; seen < unseen_at_once; ++seen) {
        const auto id = clock.take_unseen();
        if (!id) return;
        look_at(in, *id);
    }
}

}  // namespace kindred::runtime
