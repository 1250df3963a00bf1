#include "engine/runtime/tickets/timeline.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/step.hpp"
#include "engine/runtime/surveys/asking.hpp"
#include "engine/runtime/tickets/calls.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

namespace kindred::runtime {
namespace {

/// One function for each kind of event; what concerns no ticket's history does nothing here.
class recorder {
public:
    explicit recorder(step& in) : in_(in) {}

    void operator()(const dispatch::ticket_queued& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        about->status = store::ticket_status::waiting;
        about->holder = {};
        about->queue = e.queue;
        if (const auto seen = in_.on().dispatch.ticket(e.ticket, in_.now())) about->waiting_since = seen->enqueued_at;
        json::writer out;
        out.begin_object().member("queue", e.queue).member("because", dispatch::name_of(e.because));
        out.member_if("overflowed_from", e.overflowed_from);
        if (e.claimed_for) agent(out, "claimed_for", e.claimed_for);
        if (e.because == dispatch::queued_because::transferred) count_transfer(*about);
        in_.entry(*about, "queued", out.end_object().take());
    }
    void operator()(const dispatch::claim_ended& e) const { simple(e.ticket, "claim_ended", e.agent); }
    void operator()(const dispatch::offer_made& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        about->status = store::ticket_status::offered;
        json::writer out;
        out.begin_object().member("offer", to_string(e.offer)).member("expires_at", to_rfc3339(e.expires_at));
        agent(out, "agent", e.agent);
        if (e.others > 0) write_passed_over(out, e);
        in_.entry(*about, "offered", out.end_object().take());
        // An offer may have ended by what the same command caused further on: then there is nothing to show.
        if (in_.on().dispatch.offer(e.offer)) in_.publish(e.agent, "offer", offer_frame(in_.on(), e.offer, in_.now()));
    }
    void operator()(const dispatch::offer_closed& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        if (e.outcome == dispatch::offer_outcome::accepted)
            hold(*about, e.agent);
        else {
            const auto seen = in_.on().dispatch.ticket(e.ticket, in_.now());
            if (seen && seen->state == dispatch::ticket_state::waiting) about->status = store::ticket_status::waiting;
        }
        json::writer out;
        out.begin_object().member("offer", to_string(e.offer)).member_if("reason", e.reason);
        agent(out, "agent", e.agent);
        in_.entry(*about, dispatch::name_of(e.outcome), out.end_object().take());
        in_.seen().offers.emplace_back(dispatch::name_of(e.outcome));
        json::writer frame;
        frame.begin_object().member("offer", to_string(e.offer)).member("ticket", to_string(e.ticket));
        frame.member("outcome", dispatch::name_of(e.outcome)).member_if("reason", e.reason).end_object();
        in_.publish(e.agent, "offer_closed", members_of(frame.text()));
    }
    void operator()(const dispatch::ticket_held& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        hold(*about, e.agent);
        if (e.because != dispatch::held_because::accepted) {
            json::writer out;
            out.begin_object().member("because", dispatch::name_of(e.because)).member("over_capacity", e.over_capacity);
            agent(out, "agent", e.agent);
            if (e.taken_from) agent(out, "taken_from", e.taken_from);
            in_.entry(*about, "assigned", out.end_object().take());
        }
        mark_holding(*about, e.over_capacity);
        remember_agent(*about, e.agent);
        connect_call(in_, *about, e.agent);
    }
    void operator()(const dispatch::step_advanced& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        json::writer out;
        out.begin_object().member("step", e.step + 1).member("skipped", e.skipped).end_object();
        in_.entry(*about, "step", out.take());
    }
    void operator()(const dispatch::priority_changed& e) const {
        if (auto* about = in_.on().tickets.find(e.ticket))
            in_.entry(*about, "priority",
                      json::writer().begin_object().member("head_start", to_text(e.head_start)).end_object().take());
    }
    void operator()(const dispatch::ticket_also_offered& e) const {
        if (auto* about = in_.on().tickets.find(e.ticket))
            in_.entry(*about, "also_offered",
                      json::writer().begin_object().member("queue", e.queue).end_object().take());
    }
    void operator()(const dispatch::target_missed& e) const {
        if (auto* about = in_.on().tickets.find(e.ticket))
            in_.entry(*about, "target_missed",
                      json::writer().begin_object().member("target", dispatch::name_of(e.which)).end_object().take());
    }
    void operator()(const dispatch::ticket_released& e) const { simple(e.ticket, "released", e.agent); }
    void operator()(const dispatch::ticket_resolved& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        json::writer out;
        out.begin_object().member_if("disposition", e.disposition);
        if (e.agent) agent(out, "agent", e.agent);
        in_.entry(*about, "resolved", out.end_object().take());
        if (e.agent) ask_how_it_went(in_, *about, e.disposition);
        end(*about);
    }
    void operator()(const dispatch::wrap_up_started& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        about->status = store::ticket_status::wrapping_up;
        json::writer out;
        out.begin_object().member("until", to_rfc3339(e.until));
        agent(out, "agent", e.agent);
        in_.entry(*about, "wrap_up", out.end_object().take());
    }
    void operator()(const dispatch::wrap_up_ended& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        simple(e.ticket, "wrap_up_ended", e.agent);
        about->status = store::ticket_status::resolved;
        in_.on().tickets.closed(about->id, in_.on().batch);
    }
    void operator()(const dispatch::ticket_abandoned& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        in_.entry(*about, "abandoned",
                  json::writer().begin_object().member("waited_ms", e.waited.count()).end_object().take());
        end(*about);
    }
    void operator()(const dispatch::ticket_snoozed& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        about->status = store::ticket_status::snoozed;
        json::writer out;
        out.begin_object().member("until", to_rfc3339(e.until));
        agent(out, "agent", e.agent);
        in_.entry(*about, "snoozed", out.end_object().take());
    }
    void operator()(const dispatch::ticket_removed& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        in_.entry(*about, "removed", "{}");
        end(*about);
    }
    void operator()(const dispatch::consult_started& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        auto record = record_of(*about);
        record.consulted = to_string(e.agent);
        keep_record(*about, record);
        json::writer out;
        out.begin_object();
        agent(out, "agent", e.agent);
        agent(out, "by", e.by);
        in_.entry(*about, "consult", out.end_object().take());
        json::writer frame;
        frame.begin_object();
        agent(frame, "by", e.by);
        frame.raw(ticket_frame(in_.on(), *about, in_.now())).end_object();
        in_.publish(e.agent, "consult", members_of(frame.text()));
    }
    void operator()(const dispatch::consult_ended& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        auto record = record_of(*about);
        record.consulted.clear();
        keep_record(*about, record);
        json::writer out;
        out.begin_object().member("reason", e.reason);
        agent(out, "agent", e.agent);
        in_.entry(*about, "consult_ended", out.end_object().take());
        json::writer frame;
        frame.begin_object().member("ticket", to_string(e.ticket)).member("reason", e.reason).end_object();
        in_.publish(e.agent, "consult_ended", members_of(frame.text()));
    }
    void operator()(const dispatch::callback_requested& e) const {
        auto* about = in_.on().tickets.find(e.ticket);
        if (about == nullptr) return;
        auto record = record_of(*about);
        record.callback = true;
        keep_record(*about, record);
        mark(about->context, call_mark::call_back);
        in_.entry(*about, "callback", json::writer().begin_object().member("queue", e.queue).end_object().take());
    }
    void operator()(const dispatch::closure_set& e) const {
        json::writer out;
        out.begin_object().member("queue", e.queue).member("until", to_rfc3339(e.until)).member("by", e.by);
        to_everybody("queue_closure", out);
    }
    void operator()(const dispatch::closure_ended& e) const {
        json::writer out;
        out.begin_object().member("queue", e.queue).member("lifted", e.lifted);
        to_everybody("queue_closure_ended", out);
    }
    void operator()(const dispatch::notice_set& e) const {
        json::writer out;
        out.begin_object().member("queue", e.queue).member("text", e.text);
        out.member("until", to_rfc3339(e.until)).member("by", e.by);
        to_everybody("queue_notice", out);
    }
    void operator()(const dispatch::notice_ended& e) const {
        json::writer out;
        out.begin_object().member("queue", e.queue).member("lifted", e.lifted);
        to_everybody("queue_notice_ended", out);
    }
    void operator()(const dispatch::borrowing_started& e) const { tell_borrowing("borrowing", e); }
    void operator()(const dispatch::borrowing_ended& e) const { tell_borrowing("borrowing_ended", e); }
    void operator()(const dispatch::agent_changed&) const {}
    void operator()(const dispatch::agent_removed&) const {}
    void operator()(const dispatch::queue_opened& e) const { watch_targets_of(e.queue); }
    void operator()(const dispatch::queue_closed& e) const { watch_targets_of(e.queue); }

private:
    /// Over whom the agent was chosen: the next best by name, and how many there were.
    void write_passed_over(json::writer& out, const dispatch::offer_made& e) const {
        out.key("over").begin_array();
        for (const auto each : e.passed_over) {
            if (!each) continue;
            const auto* someone = in_.on().people->find(each);
            out.begin_object().member("id", to_string(each));
            out.member("name", someone == nullptr ? std::string() : someone->name).end_object();
        }
        out.end_array().member("others", e.others);
        if (const auto* queue = in_.on().rules.queue(e.queue)) out.member("choose", rules::name_of(queue->choose));
    }

    void agent(json::writer& out, std::string_view key, agent_id who) const { write_agent(out, key, in_.on(), who); }

    /// What concerns no ticket is told to every desk.
    void to_everybody(std::string_view type, json::writer& said) const {
        in_.publish(agent_id{}, std::string(type), members_of(said.end_object().text()));
    }
    template <class Borrowing>
    void tell_borrowing(std::string_view type, const Borrowing& e) const {
        json::writer out;
        out.begin_object().member("queue", e.queue).member("from", e.from);
        out.member("estimated_wait_s", e.estimated_wait.count() / 1000);
        to_everybody(type, out);
    }

    /// What only few tickets have is not looked for in the others.
    static void mark_holding(ticket& about, bool over_capacity) {
        if (!over_capacity && !has_kept(about, "over_capacity") && !has_kept(about, "callback")) return;
        auto record = record_of(about);
        record.over_capacity = over_capacity;
        record.callback = false;
        keep_record(about, record);
    }

    static void count_transfer(ticket& about) {
        auto record = record_of(about);
        ++record.transfers;
        keep_record(about, record);
    }

    /// The queue's clock, which targets run by, starts or stands still.
    void watch_targets_of(const std::string& queue) const {
        auto& clock = in_.on().escalations;
        if (!clock.watches_targets()) return;
        in_.on().tickets.for_each([&](const ticket& held) {
            if (held.queue == queue) clock.look_at(held.id);
        });
    }

    /// From here on the ticket is this agent's, and so are the lines of its history.
    void hold(ticket& about, agent_id who) const {
        if (about.status != store::ticket_status::held)
            in_.seen().waits.emplace_back(about.queue, in_.now() - about.waiting_since);
        about.status = store::ticket_status::held;
        about.holder = who;
        about.last_agent = who;
    }

    void simple(ticket_id id, std::string_view kind, agent_id who) const {
        auto* about = in_.on().tickets.find(id);
        if (about == nullptr) return;
        json::writer out;
        out.begin_object();
        agent(out, "agent", who);
        in_.entry(*about, kind, out.end_object().take());
    }

    /// The ticket's work is done; in wrap-up its row still is its holder's until that ends.
    void end(ticket& about) const {
        const bool wraps_up = in_.on().dispatch.ticket(about.id, in_.now()).has_value();
        if (!wraps_up) {
            about.status = store::ticket_status::resolved;
            in_.on().tickets.closed(about.id, in_.on().batch);
        }
        if (auto* person = in_.on().customers.find(about.customer); person != nullptr && person->open_tickets > 0) {
            --person->open_tickets;
            ++person->version;
            in_.touch(*person);
        }
    }

    void remember_agent(const ticket& about, agent_id who) const {
        const auto* someone = in_.on().people->find(who);
        auto* customer = in_.on().customers.find(about.customer);
        if (someone == nullptr || customer == nullptr || customer->last_agent == someone->login) return;
        customer->last_agent = someone->login;
        ++customer->version;
        in_.touch(*customer);
    }

    step& in_;
};

}  // namespace

void record_event(step& in, const dispatch::event& happened) { std::visit(recorder{in}, happened); }

}  // namespace kindred::runtime
