#include "engine/simulation/centre.hpp"

#include <algorithm>
#include <tuple>

namespace kindred::simulation {
namespace {

/// Far from those that traffic uses.
constexpr std::uint64_t stream_of_choices = 1'000'000;

}  // namespace

/// The queues' figures of this moment, for rules that ask.
class centre::live_board final : public rules::queue_board {
public:
    explicit live_board(const centre& of) : of_(of) {}
    rules::queue_figures figures_of(std::string_view queue) const override {
        const auto figures = of_.dispatch_.queue(queue, of_.now_);
        if (!figures) return {};
        return {figures->waiting, figures->agents_present, figures->longest_wait, figures->estimated_wait};
    }

private:
    const centre& of_;
};

centre::centre(const rules::ruleset& rules, const dispatch::configure& configured, const std::vector<staff>& agents,
               const conduct& how, time_point start, arrival_source& source, observer& seen)
    : rules_(rules),
      agents_(agents),
      how_(how),
      come_back_by_themselves_(configured.not_responding_for > duration{0}),
      choices_(how.seed, stream_of_choices),
      source_(source),
      seen_(seen),
      now_(start),
      in_hand_(agents.size(), 0),
      escalations_(rules) {
    tell(configured);
    for (const auto& change : calendars_.follow(rules_, now_)) follow(change);
    for (std::size_t each = 0; each < agents_.size(); ++each) {
        tell(agents_[each].who);
        change_shift(each);
    }
}

bool centre::run_until(time_point end) {
    while (const auto next = next_moment()) {
        if (*next > end) break;
        now_ = std::max(now_, *next);
        happen();
    }
    now_ = std::max(now_, end);
    return next_moment().has_value();
}

std::vector<std::pair<std::uint32_t, time_point>> centre::still_waiting() const {
    std::vector<std::tuple<time_point, ticket_id, std::uint32_t>> found;
    slots_.for_each([&](std::uint64_t, dispatch::slot_no slot) {
        const open_contact& each = contacts_[slot];
        if (each.waits) found.emplace_back(each.came, each.ticket, each.what);
    });
    std::sort(found.begin(), found.end());
    std::vector<std::pair<std::uint32_t, time_point>> made;
    for (const auto& [came, ticket, what] : found) made.emplace_back(what, came);
    return made;
}

std::optional<time_point> centre::next_moment() {
    std::optional<time_point> soonest = source_.next();
    const auto consider = [&](std::optional<time_point> at) {
        if (at && (!soonest || *at < *soonest)) soonest = at;
    };
    if (!moments_.empty()) consider(moments_.top().at);
    consider(calendars_.next_due());
    consider(dispatch_.next_due());
    consider(escalations_.next_due());
    return soonest;
}

/// In the order of an engine's step: calendars, timers, what ends, what arrives.
void centre::happen() {
    if (const auto due = calendars_.next_due(); due && *due <= now_) {
        for (const auto& change : calendars_.advance(rules_, now_)) follow(change);
    }
    if (const auto due = dispatch_.next_due(); due && *due <= now_) tell(dispatch::tick{});
    while (!moments_.empty() && moments_.top().at <= now_) {
        const moment due = moments_.top();
        moments_.pop();
        carry_out(due);
    }
    if (const auto next = source_.next(); next && *next <= now_) arrive();
    escalate();
}

void centre::carry_out(const moment& due) {
    switch (due.kind) {
        case moment_kind::shift: return change_shift(due.number);
        // The offer may be gone by then.
        case moment_kind::answers: tell(dispatch::accept{offer_id{due.number}, due.agent}); return;
        case moment_kind::declines: tell(dispatch::decline{offer_id{due.number}, due.agent}); return;
        case moment_kind::returns:
            if (is_on_shift(due.number))
                tell(dispatch::set_presence{agents_[due.number].who.agent, dispatch::presence::available, {}});
            return;
        case moment_kind::talk_ends: tell(dispatch::resolve{ticket_id{due.number}, {}}); return;
        case moment_kind::gives_up: {
            const auto slot = slots_.find(due.number);
            if (slot != dispatch::no_slot && contacts_[slot].waits) tell(dispatch::abandon{ticket_id{due.number}});
            return;
        }
    }
}

void centre::arrive() {
    const live_board board(*this);
    const arrival came = source_.take(board);
    const ticket_id ticket{++last_ticket_};
    std::get<dispatch::enqueue>(*came.told).ticket = ticket;
    dispatch::slot_no slot = static_cast<dispatch::slot_no>(contacts_.size());
    if (free_contacts_.empty()) {
        contacts_.emplace_back();
    } else {
        slot = free_contacts_.back();
        free_contacts_.pop_back();
    }
    contacts_[slot] = {ticket, came.what, now_, came.handling, {}, true, 0};
    slots_.insert(ticket.value, slot);
    ++waiting_;
    escalations_.began(ticket, came.about);
    if (!tell(*came.told)) {
        --waiting_;
        seen_.stopped_waiting(came.what, now_, duration{0}, ending::refused);
        return forget(slot);
    }
    if (contacts_[slot].ticket != ticket || !contacts_[slot].waits) return;
    if (came.patience) moments_.push({now_ + *came.patience, moment_kind::gives_up, ticket.value, {}});
    seen_.began_waiting(came.what, ticket, dispatch_);
}

void centre::change_shift(std::size_t agent) {
    const auto* calendar = agents_[agent].present;
    const bool present = is_on_shift(agent);
    const agent_id id = agents_[agent].who.agent;
    tell(dispatch::set_presence{id, present ? dispatch::presence::available : dispatch::presence::offline, {}});
    seen_.agent_present(id, now_, present);
    if (calendar == nullptr) return;
    if (const auto next = calendar->next_change(now_)) moments_.push({*next, moment_kind::shift, agent, {}});
}

void centre::follow(const routing::calendar_watch::change& change) {
    tell(routing::calendar_watch::command_for(change));
}

bool centre::tell(const dispatch::command& told) {
    happened_.clear();
    if (!dispatch_.apply(told, now_, happened_)) return false;
    for (const auto& each : happened_) note(each);
    answer_offers();
    return true;
}

bool centre::is_on_shift(std::size_t agent) const {
    const auto* calendar = agents_[agent].present;
    return calendar == nullptr || calendar->open_at(now_);
}

void centre::note(const dispatch::event& happened) {
    if (const auto* made = std::get_if<dispatch::offer_made>(&happened)) {
        consider(*made);
    } else if (const auto* closed = std::get_if<dispatch::offer_closed>(&happened)) {
        note_end_of(*closed);
    } else if (const auto* changed = std::get_if<dispatch::agent_changed>(&happened)) {
        note_presence(*changed);
    } else if (const auto* opened = std::get_if<dispatch::queue_opened>(&happened)) {
        escalations_.opened(opened->queue, dispatch_, now_);
    } else if (const auto* held = std::get_if<dispatch::ticket_held>(&happened)) {
        open_contact& contact = contacts_[slots_.find(held->ticket.value)];
        contact.waits = false;
        contact.held_since = now_;
        contact.agent = held->agent.value - 1;
        --waiting_;
        seen_.stopped_waiting(contact.what, contact.came, now_ - contact.came, ending::answered);
        set_in_hand(contact.agent, 1);
        moments_.push({now_ + contact.handling, moment_kind::talk_ends, held->ticket.value, {}});
        if (escalations_.any()) answered_.push_back(held->ticket);
    } else if (const auto* resolved = std::get_if<dispatch::ticket_resolved>(&happened)) {
        // Wrap-up follows at once in the same list, where there is one: then it stays in hand.
        const auto next = &happened + 1;
        const bool wraps_up =
            next != happened_.data() + happened_.size() && std::holds_alternative<dispatch::wrap_up_started>(*next);
        if (wraps_up) return;
        const auto slot = slots_.find(resolved->ticket.value);
        seen_.worked_on(contacts_[slot].what, now_, now_ - contacts_[slot].held_since);
        set_in_hand(contacts_[slot].agent, -1);
        forget(slot);
    } else if (const auto* ended = std::get_if<dispatch::wrap_up_ended>(&happened)) {
        const auto slot = slots_.find(ended->ticket.value);
        seen_.worked_on(contacts_[slot].what, now_, now_ - contacts_[slot].held_since);
        set_in_hand(contacts_[slot].agent, -1);
        forget(slot);
    } else if (const auto* left = std::get_if<dispatch::ticket_abandoned>(&happened)) {
        const auto slot = slots_.find(left->ticket.value);
        --waiting_;
        seen_.stopped_waiting(contacts_[slot].what, contacts_[slot].came, now_ - contacts_[slot].came,
                              ending::abandoned);
        forget(slot);
    }
}

/// One draw for each offer, whatever comes of it.
void centre::consider(const dispatch::offer_made& made) {
    const staff& agent = agents_[made.agent.value - 1];
    bool declines = false;
    if (agent.declines > 0 || agent.misses > 0) {
        const double drawn = choices_.unit();
        declines = drawn <= agent.declines;
        if (!declines && drawn <= agent.declines + agent.misses) return;
    }
    if (how_.answer == duration{0})
        offers_.push_back({made.offer, made.agent, declines});
    else
        moments_.push({now_ + how_.answer, declines ? moment_kind::declines : moment_kind::answers, made.offer.value,
                       made.agent});
}

void centre::note_end_of(const dispatch::offer_closed& closed) {
    const bool declined = closed.outcome == dispatch::offer_outcome::declined;
    if (declined || closed.outcome == dispatch::offer_outcome::expired)
        seen_.offer_not_taken(what_of(closed.ticket), now_, declined);
}

void centre::note_presence(const dispatch::agent_changed& changed) {
    const auto agent = changed.agent.value - 1;
    seen_.agent_present(changed.agent, now_, changed.state == dispatch::presence::available);
    if (changed.state == dispatch::presence::away && !come_back_by_themselves_)
        moments_.push({now_ + how_.back_after, moment_kind::returns, agent, {}});
}

/// Offers that are answered as they are made may lead to further ones.
void centre::answer_offers() {
    while (!offers_.empty() || !answered_.empty()) {
        happened_.clear();
        if (!answered_.empty()) {
            const ticket_id ticket = answered_.back();
            answered_.pop_back();
            escalations_.changed(ticket);
            // Who accepts answers: the first response is given.
            if (!escalations_.watches_targets() || !dispatch_.apply(dispatch::agent_replied{ticket}, now_, happened_))
                continue;
        } else {
            const pending_offer next = offers_.back();
            offers_.pop_back();
            const dispatch::command told = next.declines ? dispatch::command(dispatch::decline{next.offer, next.agent})
                                                         : dispatch::command(dispatch::accept{next.offer, next.agent});
            // Another agent may have accepted in the meantime: then this offer is gone.
            if (!dispatch_.apply(told, now_, happened_)) continue;
        }
        for (const auto& each : happened_) note(each);
    }
}

void centre::escalate() {
    if (!escalations_.any()) return;
    const live_board board(*this);
    escalations_.carry_out(
        dispatch_, now_, board, [this](const dispatch::command& told) { return tell(told); },
        [this](ticket_id ticket, const std::string& escalation) {
            seen_.escalated(what_of(ticket), now_, escalation);
        });
}

void centre::set_in_hand(std::size_t agent, int more) {
    const bool was_busy = in_hand_[agent] > 0;
    in_hand_[agent] += more;
    const bool busy = in_hand_[agent] > 0;
    if (busy != was_busy) seen_.agent_busy(agents_[agent].who.agent, now_, busy);
}

void centre::forget(dispatch::slot_no slot) {
    escalations_.ended(contacts_[slot].ticket);
    slots_.erase(contacts_[slot].ticket.value);
    free_contacts_.push_back(slot);
}

}  // namespace kindred::simulation
