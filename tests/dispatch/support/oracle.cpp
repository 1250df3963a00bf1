#include "dispatch/support/oracle.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace kindred::dispatch::testing {

namespace {

std::size_t number_of(channel_kind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

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
    for (const ticket_id each : touched_) {
        const auto known = tickets_.find(each);
        if (known != tickets_.end() && known->second.ended) tickets_.erase(known);
    }
}

std::size_t oracle::numbers::of(const std::string& name) {
    const auto known = std::find(names_.begin(), names_.end(), name);
    if (known != names_.end()) return static_cast<std::size_t>(known - names_.begin());
    names_.push_back(name);
    if (names_.size() > most_names) throw std::length_error("the second opinion knows 64 names of a sort");
    return names_.size() - 1;
}

oracle::queue& oracle::queue_named(const std::string& name) {
    const std::size_t number = queue_names_.of(name);
    queues_.resize(queue_names_.size());
    return queues_[number];
}

void oracle::set_steps(ticket& of, const std::vector<step>& steps) {
    of.steps.assign(std::max<std::size_t>(1, steps.size()), {});
    for (std::size_t each = 0; each < steps.size(); ++each) {
        for (const requirement& demand : steps[each].require)
            of.steps[each].emplace_back(ability(demand), demand.level);
    }
}

void oracle::open(ticket_id id, channel_kind kind, std::uint32_t cost, const ticket_plan& plan, time_point now) {
    if (tickets_.contains(id)) return;
    ticket made;
    made.kind = kind;
    made.cost = cost;
    made.queue = queue_names_.of(plan.queue);
    set_steps(made, plan.steps);
    made.head_start = plan.head_start;
    made.enqueued_at = now;
    tickets_.emplace(id, made);
}

void oracle::note(const command& told, time_point now) {
    if (const auto* c = std::get_if<configure>(&told)) {
        for (const queue_settings& each : c->queues) queue_named(each.name).settings = each;
        paused_by_ = {};
        interrupts_ = {};
        for (const kind_rule& each : c->pauses) {
            for (const channel_kind other : each.others) paused_by_[number_of(other)].set(number_of(each.kind));
        }
        for (const kind_rule& each : c->interrupts) {
            for (const channel_kind other : each.others) interrupts_[number_of(each.kind)].set(number_of(other));
        }
    } else if (const auto* c = std::get_if<upsert_agent>(&told)) {
        note_agent(*c);
    } else if (const auto* c = std::get_if<enqueue>(&told)) {
        open(c->ticket, c->kind, c->cost, c->plan, now);
    } else if (const auto* c = std::get_if<reopen>(&told)) {
        open(c->ticket, c->kind, c->cost, c->plan, now);
    } else if (const auto* c = std::get_if<begin_held>(&told)) {
        open(c->ticket, c->kind, c->cost, c->plan, now);
    } else if (const auto* c = std::get_if<replan>(&told)) {
        ticket& waiting = tickets_.at(c->ticket);
        set_steps(waiting, c->plan.steps);
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

void oracle::note_agent(const upsert_agent& told) {
    agent& who = agents_[told.agent];
    who.capacity = told.capacity;
    who.queues.reset();
    for (const agent_queue& each : told.queues) {
        queue_named(each.name);
        who.queues.set(queue_names_.of(each.name));
    }
    who.abilities.fill(0);
    for (const requirement& each : told.abilities) who.abilities[ability(each)] = each.level;
    who.works_on.reset();
    for (const channel_kind each : told.kinds) who.works_on.set(number_of(each));
    if (told.kinds.empty()) who.works_on.set();
}

void oracle::note_queued(const ticket_queued& queued, const command& told) {
    ticket& waiting = tickets_.at(queued.ticket);
    if (waiting.state == ticket_state::snoozed) waiting.enqueued_at = now_;
    waiting.state = ticket_state::waiting;
    waiting.queue = queue_names_.of(queued.queue);
    waiting.at_step = 0;
    waiting.claimed_for = queued.claimed_for;
    waiting.lent_to.reset();
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
        if (!could_be_offered(offered, e->agent, agents_.at(e->agent), 0)) {
            illegal_ +=
                "ticket " + to_string(e->ticket) + " was offered to agent " + to_string(e->agent) + " wrongly; ";
        }
        offered.offers.emplace(e->offer, e->agent);
        made_.push_back(*e);
    } else if (const auto* e = std::get_if<offer_closed>(&happened)) {
        ticket& offered = tickets_.at(e->ticket);
        offered.offers.erase(e->offer);
        const duration cool_down = queues_.at(offered.queue).settings.offer.after_decline;
        if (e->outcome == offer_outcome::declined && cool_down > duration{0})
            offered.declines[e->agent] = now_ + cool_down;
    } else if (const auto* e = std::get_if<ticket_held>(&happened)) {
        ticket& held = tickets_.at(e->ticket);
        held.state = ticket_state::held;
        held.holder = held.last_holder = e->agent;
        held.claimed_for = {};
        held.lent_to.reset();
        held.direct = false;
        held.declines.clear();
    } else if (const auto* e = std::get_if<ticket_also_offered>(&happened)) {
        tickets_.at(e->ticket).lent_to = queue_names_.of(e->queue);
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
        queue_named(e->queue).closed = false;
    } else if (const auto* e = std::get_if<queue_closed>(&happened)) {
        queue_named(e->queue).closed = true;
    } else if (const auto* e = std::get_if<consult_started>(&happened)) {
        tickets_.at(e->ticket).consulted = e->agent;
    } else if (const auto* e = std::get_if<consult_ended>(&happened)) {
        tickets_.at(e->ticket).consulted = {};
    } else if (const auto* e = std::get_if<borrowing_started>(&happened)) {
        queue_named(e->queue).lenders.set(queue_names_.of(e->from));
    } else if (const auto* e = std::get_if<borrowing_ended>(&happened)) {
        queue_named(e->queue).lenders.reset(queue_names_.of(e->from));
    }
}

const std::vector<oracle::load>& oracle::sums() const {
    if (!sums_.empty()) return sums_;
    const std::size_t most = agents_.empty() ? 0 : agents_.rbegin()->first.value;
    sums_.assign(most + 1, {});
    for (const auto& [number, each] : tickets_) {
        const auto add = [&](agent_id id) {
            sums_.at(id.value).used += each.cost;
            sums_.at(id.value).by_kind.at(number_of(each.kind)) += each.cost;
        };
        if (each.holder && !each.ended) {
            add(each.holder);
            if (each.state == ticket_state::held) sums_.at(each.holder.value).held.set(number_of(each.kind));
        }
        if (each.consulted) add(each.consulted);
        for (const auto& [offer, agent] : each.offers) add(agent);
    }
    return sums_;
}

std::uint32_t oracle::used(agent_id id) const { return sums().at(id.value).used; }

std::uint32_t oracle::used_beside(agent_id id, channel_kind kind) const {
    const load& has = sums().at(id.value);
    const kinds& passed_over = interrupts_[number_of(kind)];
    std::uint32_t sum = has.used;
    for (std::size_t other = 0; passed_over.any() && other < has.by_kind.size(); ++other) {
        if (passed_over[other]) sum -= has.by_kind[other];
    }
    return sum;
}

bool oracle::is_paused(agent_id id, channel_kind kind) const {
    return (sums().at(id.value).held & paused_by_[number_of(kind)]).any();
}

bool oracle::is_reached(const agent& who, const ticket& waiting) const {
    names by = queues_[waiting.queue].lenders;
    by.set(waiting.queue);
    if (waiting.lent_to && !waiting.claimed_for) by.set(*waiting.lent_to);
    return (who.queues & by).any();
}

bool oracle::has_abilities(const agent& who, const ticket& waiting) const {
    const auto& demands = waiting.steps.at(waiting.at_step);
    return std::all_of(demands.begin(), demands.end(),
                       [&](const auto& wanted) { return who.abilities[wanted.first] >= wanted.second; });
}

std::uint32_t oracle::offers_wanted(const ticket& waiting) const {
    return waiting.claimed_for ? 1 : queues_[waiting.queue].settings.offer.to;
}

bool oracle::could_be_offered(const ticket& waiting, agent_id id, const agent& who, std::uint32_t extra) const {
    if (waiting.state != ticket_state::waiting || who.state != presence::available) return false;
    if (waiting.offers.size() >= offers_wanted(waiting)) return false;
    if (waiting.claimed_for && waiting.claimed_for != id) return false;
    if (used_beside(id, waiting.kind) + waiting.cost > who.capacity + extra) return false;
    if (is_paused(id, waiting.kind)) return false;
    if (waiting.declines.contains(id)) return false;
    for (const auto& [offer, agent] : waiting.offers) {
        if (agent == id) return false;
    }
    if (waiting.direct) return true;
    return !queues_[waiting.queue].closed && is_reached(who, waiting) && who.works_on[number_of(waiting.kind)] &&
           has_abilities(who, waiting);
}

void oracle::note_who_waits_for_nothing(ticket_id id, const ticket& each, std::string& wrong) const {
    if (each.offers.size() >= offers_wanted(each) || (!each.direct && queues_[each.queue].closed)) return;
    for (const auto& [agent, who] : agents_) {
        if (could_be_offered(each, agent, who, 0)) {
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
    std::array<std::uint32_t, most_names> waiting{};
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
            view->offers.size() != each.offers.size() || view->queue != queue_names_.name(each.queue) ||
            view->claimed_for != each.claimed_for ||
            view->also_offered != (each.lent_to ? queue_names_.name(*each.lent_to) : std::string()) ||
            view->consulted != each.consulted) {
            wrong += "ticket " + to_string(id) + " is not as the events said; ";
        }
    }
    for (std::size_t each = 0; each < queue_names_.size(); ++each) {
        const std::string& name = queue_names_.name(each);
        if (waiting[each] > 0 && site.queue(name, now_)->waiting != waiting[each])
            wrong += "queue " + name + " counts wrongly; ";
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
        if (queues_.at(got.queue).settings.order != serving_order::aged || got.claimed_for) continue;
        for (const auto& [id, other] : tickets_) {
            if (other.queue != got.queue || other.claimed_for || !other.offers.empty()) continue;
            // Who was lent differently can stand at another rank of the agent's.
            if (other.lent_to != got.lent_to) continue;
            const auto key = [](const ticket& each) { return each.enqueued_at - each.head_start; };
            const bool before = std::make_tuple(key(other), id) < std::make_tuple(key(got), offer.ticket);
            // What it got uses room, except where the other's kind looks past it.
            const std::uint32_t extra = interrupts_[number_of(other.kind)][number_of(got.kind)] ? 0 : got.cost;
            if (before && could_be_offered(other, offer.agent, agents_.at(offer.agent), extra)) {
                wrong += "ticket " + to_string(id) + " was passed over for " + to_string(offer.ticket) + "; ";
            }
        }
    }
    return wrong;
}

}  // namespace kindred::dispatch::testing
