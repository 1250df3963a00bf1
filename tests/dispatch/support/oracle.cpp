#include "dispatch/support/oracle.hpp"

#include <algorithm>
#include <tuple>

namespace kindred::dispatch::testing {

void oracle::observe(const command& told, time_point now, const std::vector<event>& happened) {
    now_ = std::max(now_, now);
    made_.clear();
    touched_.clear();
    last_was_tick_ = std::holds_alternative<tick>(told);
    note(told, now_);
    for (const event& each : happened) {
        note_event(each, told);
        sums_.clear();
        touched_.insert(ticket_of(each));
    }
    sums_.clear();
    // Resolved and not wrapped up is gone.
    std::erase_if(tickets_, [](const auto& each) { return each.second.ended; });
}

void oracle::open(ticket_id id, channel_kind kind, std::uint32_t cost, const ticket_plan& plan, time_point now) {
    if (tickets_.contains(id)) return;
    ticket made;
    made.kind = kind;
    made.cost = cost;
    made.queue = plan.queue;
    made.steps = plan.steps.empty() ? std::vector<step>(1) : plan.steps;
    made.head_start = plan.head_start;
    made.enqueued_at = now;
    tickets_.emplace(id, made);
}

void oracle::note(const command& told, time_point now) {
    if (const auto* c = std::get_if<configure>(&told)) {
        for (const queue_settings& queue : c->queues) queues_[queue.name] = queue;
        pauses_ = c->pauses;
        interrupts_ = c->interrupts;
    } else if (const auto* c = std::get_if<upsert_agent>(&told)) {
        agents_[c->agent].told = *c;
    } else if (const auto* c = std::get_if<enqueue>(&told)) {
        open(c->ticket, c->kind, c->cost, c->plan, now);
    } else if (const auto* c = std::get_if<reopen>(&told)) {
        open(c->ticket, c->kind, c->cost, c->plan, now);
    } else if (const auto* c = std::get_if<begin_held>(&told)) {
        open(c->ticket, c->kind, c->cost, c->plan, now);
    } else if (const auto* c = std::get_if<replan>(&told)) {
        ticket& waiting = tickets_.at(c->ticket);
        waiting.steps = c->plan.steps.empty() ? std::vector<step>(1) : c->plan.steps;
        waiting.head_start = c->plan.head_start;
    } else if (const auto* c = std::get_if<set_priority>(&told)) {
        tickets_.at(c->ticket).head_start = c->head_start;
    } else if (const auto* c = std::get_if<transfer>(&told)) {
        ticket& moved = tickets_.at(c->ticket);
        if (!c->keep_requirements) moved.steps.assign(1, {});
        if (c->head_start) moved.head_start = *c->head_start;
        if (moved.state == ticket_state::held) moved.enqueued_at = now;
    } else if (std::holds_alternative<tick>(told)) {
        for (auto& [id, each] : tickets_) {
            std::erase_if(each.declines, [&](const auto& decline) { return decline.second <= now; });
        }
    }
}

void oracle::note_queued(const ticket_queued& queued, const command& told) {
    ticket& waiting = tickets_.at(queued.ticket);
    if (waiting.state == ticket_state::snoozed) waiting.enqueued_at = now_;
    waiting.state = ticket_state::waiting;
    waiting.queue = queued.queue;
    waiting.at_step = 0;
    waiting.claimed_for = queued.claimed_for;
    waiting.lent_to.clear();
    agent_id named = waiting.last_holder;
    if (const auto* c = std::get_if<reopen>(&told)) named = c->last_agent;
    if (const auto* c = std::get_if<transfer>(&told)) named = c->agent;
    const bool by_name = queued.because == queued_because::reopened || queued.because == queued_because::transferred ||
                         queued.because == queued_because::woken;
    waiting.direct = by_name && queued.claimed_for && queued.claimed_for == named;
}

void oracle::note_event(const event& happened, const command& told) {
    if (const auto* e = std::get_if<ticket_queued>(&happened)) {
        note_queued(*e, told);
    } else if (const auto* e = std::get_if<claim_ended>(&happened)) {
        tickets_.at(e->ticket).claimed_for = {};
        tickets_.at(e->ticket).direct = false;
    } else if (const auto* e = std::get_if<offer_made>(&happened)) {
        ticket& offered = tickets_.at(e->ticket);
        if (!could_be_offered(offered, e->agent, 0)) {
            illegal_ +=
                "ticket " + to_string(e->ticket) + " was offered to agent " + to_string(e->agent) + " wrongly; ";
        }
        offered.offers.emplace(e->offer, e->agent);
        made_.push_back(*e);
    } else if (const auto* e = std::get_if<offer_closed>(&happened)) {
        ticket& offered = tickets_.at(e->ticket);
        offered.offers.erase(e->offer);
        const duration cool_down = queues_.at(offered.queue).offer.after_decline;
        if (e->outcome == offer_outcome::declined && cool_down > duration{0})
            offered.declines[e->agent] = now_ + cool_down;
    } else if (const auto* e = std::get_if<ticket_held>(&happened)) {
        ticket& held = tickets_.at(e->ticket);
        held.state = ticket_state::held;
        held.holder = held.last_holder = e->agent;
        held.claimed_for = {};
        held.lent_to.clear();
        held.direct = false;
        held.declines.clear();
    } else if (const auto* e = std::get_if<ticket_also_offered>(&happened)) {
        tickets_.at(e->ticket).lent_to = e->queue;
    } else if (const auto* e = std::get_if<step_advanced>(&happened)) {
        tickets_.at(e->ticket).at_step = e->step;
    } else if (const auto* e = std::get_if<ticket_released>(&happened)) {
        tickets_.at(e->ticket).holder = {};
    } else if (const auto* e = std::get_if<ticket_resolved>(&happened)) {
        tickets_.at(e->ticket).ended = true;
    } else if (const auto* e = std::get_if<wrap_up_started>(&happened)) {
        tickets_.at(e->ticket).ended = false;
        tickets_.at(e->ticket).state = ticket_state::wrapping_up;
    } else if (const auto* e = std::get_if<wrap_up_ended>(&happened)) {
        tickets_.erase(e->ticket);
    } else if (const auto* e = std::get_if<ticket_abandoned>(&happened)) {
        tickets_.erase(e->ticket);
    } else if (const auto* e = std::get_if<ticket_removed>(&happened)) {
        tickets_.erase(e->ticket);
    } else if (const auto* e = std::get_if<ticket_snoozed>(&happened)) {
        tickets_.at(e->ticket).state = ticket_state::snoozed;
        tickets_.at(e->ticket).holder = {};
    } else if (const auto* e = std::get_if<agent_changed>(&happened)) {
        agents_.at(e->agent).state = e->state;
    } else if (const auto* e = std::get_if<agent_removed>(&happened)) {
        agents_.erase(e->agent);
        for (auto& [id, each] : tickets_) each.declines.erase(e->agent);
    } else if (const auto* e = std::get_if<queue_opened>(&happened)) {
        closed_.erase(e->queue);
    } else if (const auto* e = std::get_if<queue_closed>(&happened)) {
        closed_.insert(e->queue);
    } else if (const auto* e = std::get_if<consult_started>(&happened)) {
        tickets_.at(e->ticket).consulted = e->agent;
    } else if (const auto* e = std::get_if<consult_ended>(&happened)) {
        tickets_.at(e->ticket).consulted = {};
    } else if (const auto* e = std::get_if<borrowing_started>(&happened)) {
        lenders_[e->queue].insert(e->from);
    } else if (const auto* e = std::get_if<borrowing_ended>(&happened)) {
        lenders_[e->queue].erase(e->from);
    }
}

const std::vector<oracle::load>& oracle::sums() const {
    if (!sums_.empty()) return sums_;
    const std::size_t most = agents_.empty() ? 0 : agents_.rbegin()->first.value;
    sums_.assign(most + 1, {});
    for (const auto& [number, each] : tickets_) {
        const auto add = [&](agent_id id) {
            sums_.at(id.value).used += each.cost;
            sums_.at(id.value).by_kind.at(static_cast<std::size_t>(each.kind)) += each.cost;
        };
        if (each.holder && !each.ended) {
            add(each.holder);
            if (each.state == ticket_state::held)
                ++sums_.at(each.holder.value).held.at(static_cast<std::size_t>(each.kind));
        }
        if (each.consulted) add(each.consulted);
        for (const auto& [offer, agent] : each.offers) add(agent);
    }
    return sums_;
}

std::uint32_t oracle::used(agent_id id) const { return sums().at(id.value).used; }

namespace {

bool says(const std::vector<kind_rule>& rules, channel_kind kind, channel_kind other) {
    return std::any_of(rules.begin(), rules.end(), [&](const kind_rule& each) {
        return each.kind == kind && std::find(each.others.begin(), each.others.end(), other) != each.others.end();
    });
}

}  // namespace

std::uint32_t oracle::used_beside(agent_id id, channel_kind kind) const {
    const load& has = sums().at(id.value);
    std::uint32_t sum = has.used;
    for (const channel_kind other : all_channel_kinds) {
        if (says(interrupts_, kind, other)) sum -= has.by_kind.at(static_cast<std::size_t>(other));
    }
    return sum;
}

bool oracle::is_paused(agent_id id, channel_kind kind) const {
    const load& has = sums().at(id.value);
    return std::any_of(all_channel_kinds.begin(), all_channel_kinds.end(), [&](channel_kind other) {
        return has.held.at(static_cast<std::size_t>(other)) > 0 && says(pauses_, other, kind);
    });
}

bool oracle::is_reached(const agent& who, const ticket& waiting) const {
    const std::string lent_to = waiting.claimed_for ? std::string() : waiting.lent_to;
    const auto lenders = lenders_.find(waiting.queue);
    return std::any_of(who.told.queues.begin(), who.told.queues.end(), [&](const agent_queue& each) {
        return each.name == waiting.queue || each.name == lent_to ||
               (lenders != lenders_.end() && lenders->second.contains(each.name));
    });
}

bool oracle::has_abilities(const agent& who, const ticket& waiting) const {
    const auto& demands = waiting.steps.at(waiting.at_step).require;
    return std::all_of(demands.begin(), demands.end(), [&](const requirement& wanted) {
        return std::any_of(who.told.abilities.begin(), who.told.abilities.end(), [&](const requirement& has) {
            return has.kind == wanted.kind && has.name == wanted.name && has.level >= wanted.level;
        });
    });
}

std::uint32_t oracle::offers_wanted(const ticket& waiting) const {
    return waiting.claimed_for ? 1 : queues_.at(waiting.queue).offer.to;
}

bool oracle::could_be_offered(const ticket& waiting, agent_id id, std::uint32_t extra) const {
    const agent& who = agents_.at(id);
    if (waiting.state != ticket_state::waiting || who.state != presence::available) return false;
    if (waiting.offers.size() >= offers_wanted(waiting)) return false;
    if (waiting.claimed_for && waiting.claimed_for != id) return false;
    if (used_beside(id, waiting.kind) + waiting.cost > who.told.capacity + extra) return false;
    if (is_paused(id, waiting.kind)) return false;
    if (waiting.declines.contains(id)) return false;
    for (const auto& [offer, agent] : waiting.offers) {
        if (agent == id) return false;
    }
    if (waiting.direct) return true;
    const bool member = is_reached(who, waiting);
    const auto& kinds = who.told.kinds;
    const bool kind = kinds.empty() || std::find(kinds.begin(), kinds.end(), waiting.kind) != kinds.end();
    return is_open(waiting.queue) && member && kind && has_abilities(who, waiting);
}

void oracle::note_who_waits_for_nothing(ticket_id id, const ticket& each, std::string& wrong) const {
    if (each.offers.size() >= offers_wanted(each) || (!each.direct && !is_open(each.queue))) return;
    for (const auto& [agent, who] : agents_) {
        if (who.state == presence::available && could_be_offered(each, agent, 0)) {
            wrong += "ticket " + to_string(id) + " waits although agent " + to_string(agent) + " could have it; ";
        }
    }
}

std::string oracle::breaches(const dispatcher& site) const {
    std::string wrong = illegal_;
    for (const auto& [id, who] : agents_) {
        const auto figures = site.agent(id);
        if (!figures) return "agent " + to_string(id) + " is not there";
        if (figures->used != used(id)) {
            wrong += "agent " + to_string(id) + " uses " + std::to_string(figures->used) + ", not " +
                     std::to_string(used(id)) + "; ";
        }
    }
    std::map<std::string, std::uint32_t> waiting;
    ++looks_;
    for (const auto& [id, each] : tickets_) {
        if (each.state == ticket_state::waiting) {
            ++waiting[each.queue];
            note_who_waits_for_nothing(id, each, wrong);
        }
        // A ticket that nothing was said of is looked at every few times: what is wrong with it stays wrong.
        constexpr std::uint64_t every = 8;
        if (!touched_.contains(id) && (id.value + looks_) % every != 0) continue;
        const auto view = site.ticket(id, now_);
        if (!view) return wrong + "ticket " + to_string(id) + " is not there; ";
        const ticket_state expected = each.offers.empty() ? each.state : ticket_state::offered;
        if (view->state != expected || view->holder != each.holder || view->step != each.at_step ||
            view->offers.size() != each.offers.size() || view->queue != each.queue ||
            view->claimed_for != each.claimed_for || view->also_offered != each.lent_to ||
            view->consulted != each.consulted) {
            wrong += "ticket " + to_string(id) + " is not as the events said; ";
        }
    }
    for (const auto& [name, count] : waiting) {
        if (site.queue(name, now_)->waiting != count) wrong += "queue " + name + " counts wrongly; ";
    }
    if (site.open_tickets() != tickets_.size()) wrong += "there are tickets that no event spoke of; ";
    return wrong;
}

std::string oracle::unfair_offers() const {
    if (last_was_tick_) return {};  // several moments in one command: each was fair in its own
    std::string wrong;
    for (const offer_made& offer : made_) {
        const auto given = tickets_.find(offer.ticket);
        if (given == tickets_.end() || !given->second.offers.contains(offer.offer)) continue;
        const ticket& got = given->second;
        if (queues_.at(got.queue).order != serving_order::aged || got.claimed_for) continue;
        for (const auto& [id, other] : tickets_) {
            if (other.queue != got.queue || other.claimed_for || !other.offers.empty()) continue;
            // Who was lent differently can stand at another rank of the agent's.
            if (other.lent_to != got.lent_to) continue;
            const auto key = [](const ticket& each) { return each.enqueued_at - each.head_start; };
            const bool before = std::make_tuple(key(other), id) < std::make_tuple(key(got), offer.ticket);
            // What it got uses room, except where the other's kind looks past it.
            const std::uint32_t extra = says(interrupts_, other.kind, got.kind) ? 0 : got.cost;
            if (before && could_be_offered(other, offer.agent, extra)) {
                wrong += "ticket " + to_string(id) + " was passed over for " + to_string(offer.ticket) + "; ";
            }
        }
    }
    return wrong;
}

}  // namespace kindred::dispatch::testing
