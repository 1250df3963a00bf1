#include "dispatch/support/faulty_run.hpp"

#include <algorithm>

namespace kindred::dispatch::testing {

namespace {

constexpr std::uint64_t commands_of_a_commit = 100;
constexpr std::size_t most_late = 16;

/// "queue_full" of "queue_full: ..."
std::string_view name_of_refusal(const error& refused) {
    return std::string_view(refused.message).substr(0, refused.message.find(':'));
}

}  // namespace

faulty_run::faulty_run(std::uint64_t seed) : history_(seed), dice_(seed ^ 0x5DEE'CE66'DULL) {}

std::string faulty_run::go(int commands) {
    std::string wrong;
    if (steps_ == 0) {
        for (const command& told : history_.opening()) wrong += deliver(told);
        durable_ = commit();
        journal_.clear();
    }
    for (int each = 0; each < commands && wrong.empty(); ++each) {
        ++steps_;
        wrong = step();
    }
    return wrong.empty() ? wrong : "at command " + std::to_string(steps_) + ": " + wrong;
}

std::string faulty_run::step() {
    if (steps_ % commands_of_a_commit == 0) {
        if (auto wrong = maybe_restart(); !wrong.empty()) return wrong;
    }
    if (!late_.empty() && late_.front().due <= steps_) {
        const command told = std::move(late_.front().told);
        late_.pop_front();
        count("fault: late");
        return deliver(told);
    }
    command told = history_.next(site_);
    if (std::holds_alternative<tick>(told)) return deliver(told);
    if (dice_.one_in(50)) {
        count("fault: lost");
        return {};
    }
    if (dice_.one_in(20) && late_.size() < most_late) {
        // What is held back for different times overtakes each other.
        late_.push_back({steps_ + 1 + dice_.below(30), std::move(told)});
        std::sort(late_.begin(), late_.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
        count("fault: held back");
        return {};
    }
    if (!dice_.one_in(40)) return deliver(told);
    count("fault: twice");
    auto wrong = deliver(told);
    return wrong.empty() ? deliver(told) : wrong;
}

std::string faulty_run::deliver(const command& told) {
    std::vector<event> happened;
    // Looking at everything before each refusal would cost more than all the rest.
    const bool looks = dice_.one_in(64);
    const std::uint64_t before = looks ? site_.state_hash() : 0;
    const auto done = site_.apply(told, history_.now(), happened);
    if (!done) {
        count(name_of_refusal(done.error()));
        if (!happened.empty()) return std::string(name_of(told)) + " was refused and said something";
        if (looks && site_.state_hash() != before) return std::string(name_of(told)) + " was refused and changed it";
        return {};
    }
    latest_ = std::max(latest_, history_.now());  // a refusal does not move the dispatcher's time
    journal_.emplace_back(history_.now(), told);
    if (const auto* settings = std::get_if<configure>(&told)) settings_ = *settings;
    count(name_of(told));
    // A promise with another length can be missed anew.
    if (const auto* again = std::get_if<replan>(&told))
        std::erase_if(missed_, [&](const auto& each) { return each.first == again->ticket; });
    auto wrong = look_at(told, happened);
    return wrong.empty() ? wrong : "after " + std::string(name_of(told)) + ": " + wrong;
}

std::string faulty_run::look_at(const command& told, const std::vector<event>& happened) {
    ticks_ = std::holds_alternative<tick>(told);
    for (const event& each : happened) {
        if (auto wrong = note(each); !wrong.empty()) return wrong;
    }
    oracle_.observe(told, latest_, happened);
    if (auto wrong = oracle_.breaches(site_); !wrong.empty()) return wrong;
    if (auto wrong = oracle_.unfair_offers(); !wrong.empty()) return wrong;
    if (!std::holds_alternative<tick>(told)) return {};
    if (const auto next = site_.next_due(); next && *next <= latest_) return "a timer that was due did not fire";
    for (const auto& [offer, made] : offers_) {
        if (made.expires_at <= latest_) return "offer " + to_string(offer) + " outlived its time";
    }
    return {};
}

std::string faulty_run::note(const event& happened) {
    count(name_of(happened));
    if (const auto* e = std::get_if<offer_made>(&happened)) {
        if (e->expires_at <= latest_) return "an offer that expires before it is made";
        if (!offers_.emplace(e->offer, *e).second) return "an offer's number was used twice";
    } else if (const auto* e = std::get_if<offer_closed>(&happened)) {
        count(e->outcome == offer_outcome::revoked ? "revoked: " + e->reason
                                                   : "offer " + std::string(name_of(e->outcome)));
        const auto open = offers_.find(e->offer);
        if (open == offers_.end()) return "an offer was closed twice";
        if (e->outcome == offer_outcome::expired && open->second.expires_at > latest_)
            return "an offer expired before its time";
        offers_.erase(open);
    } else if (const auto* e = std::get_if<ticket_queued>(&happened)) {
        count("queued: " + std::string(name_of(e->because)));
        if (!e->overflowed_from.empty()) count("queued: overflow");
        if (e->claimed_for) count("queued: claimed");
        open_.insert(e->ticket);
        std::erase_if(missed_, [&](const auto& each) { return each.first == e->ticket; });
    } else if (const auto* e = std::get_if<ticket_held>(&happened)) {
        count("held: " + std::string(name_of(e->because)));
        if (e->over_capacity) count("held: over capacity");
        if (e->taken_from) count("held: taken from another");
        open_.insert(e->ticket);
    } else if (const auto* e = std::get_if<step_advanced>(&happened)) {
        count(e->skipped ? "step: skipped" : "step: by time");
        const bool on_offer = std::any_of(offers_.begin(), offers_.end(),
                                          [&](const auto& each) { return each.second.ticket == e->ticket; });
        if (on_offer) return "a step ended while the ticket was on offer";
    } else if (const auto* e = std::get_if<wrap_up_started>(&happened)) {
        wrap_ups_[e->ticket] = e->until;
    } else if (const auto* e = std::get_if<wrap_up_ended>(&happened)) {
        const auto known = wrap_ups_.find(e->ticket);
        if (ticks_ && known != wrap_ups_.end() && known->second > latest_) return "a wrap-up ended before its time";
        wrap_ups_.erase(e->ticket);
    } else if (const auto* e = std::get_if<target_missed>(&happened)) {
        count("missed: " + std::string(name_of(e->which)));
        if (e->which == target::first_response && !missed_.emplace(e->ticket, e->which).second)
            return "a first response was missed twice";
    } else if (const auto* e = std::get_if<agent_changed>(&happened)) {
        if (!e->reason.empty()) count("agent: " + e->reason);
    }
    if (std::holds_alternative<ticket_abandoned>(happened) || std::holds_alternative<ticket_removed>(happened) ||
        std::holds_alternative<wrap_up_ended>(happened)) {
        open_.erase(ticket_of(happened));
        std::erase_if(missed_, [&](const auto& each) { return each.first == ticket_of(happened); });
    }
    return {};
}

faulty_run::committed faulty_run::commit() const {
    committed made{settings_, site_.encode_site(), {}, {}, oracle_, {}, latest_, site_.state_hash()};
    for (const agent_id each : site_.agents()) made.agents.push_back(site_.encode_agent(each).value());
    for (const ticket_id each : open_) {
        auto bytes = site_.encode_ticket(each);
        if (!bytes) continue;
        made.open.insert(each);
        made.tickets.push_back(std::move(*bytes));
    }
    return made;
}

std::string faulty_run::load(const committed& from, dispatcher& into) const {
    std::vector<event> unsaid;
    if (!into.apply(from.settings, from_millis(0), unsaid)) return "settings cannot be restored";
    if (!into.restore_site(from.site)) return "the site cannot be restored";
    for (const auto& each : from.agents)
        if (!into.restore_agent(each)) return "an agent cannot be restored";
    for (const auto& each : from.tickets)
        if (const auto restored = into.restore_ticket(each); !restored) return restored.error().message;
    return into.state_hash() == from.hash ? std::string() : "restored state differs from what was stored";
}

/// What was journalled since the last commit leads from there to here.
std::string faulty_run::replay() const {
    dispatcher again;
    if (auto wrong = load(durable_, again); !wrong.empty()) return wrong;
    std::vector<event> happened;
    for (const auto& [at, told] : journal_) {
        const auto read = decode_command(encode(told));
        if (!read || *read != told) return std::string(name_of(told)) + " is not the same after encoding";
        if (!again.apply(*read, at, happened)) return "replaying " + std::string(name_of(told)) + " was refused";
    }
    return again.state_hash() == site_.state_hash() ? std::string() : "replay leads elsewhere";
}

std::string faulty_run::maybe_restart() {
    if (dice_.one_in(4)) {
        count("replayed");
        if (auto wrong = replay(); !wrong.empty()) return wrong;
    }
    if (dice_.one_in(8)) {
        // The outcome of the last commit is unknown; the restart finds that it never happened.
        count("commit: lost");
        site_ = dispatcher();
        if (auto wrong = load(durable_, site_); !wrong.empty()) return wrong;
        oracle_ = durable_.known;
        latest_ = durable_.latest;
        open_ = durable_.open;
        settings_ = durable_.settings;
        missed_.clear();
        journal_.clear();
    } else {
        durable_ = commit();
        journal_.clear();
        if (!dice_.one_in(4)) return {};
        count("commit: kept, then restarted");
        site_ = dispatcher();
        if (auto wrong = load(durable_, site_); !wrong.empty()) return wrong;
    }
    wrap_ups_.clear();
    offers_.clear();
    for (const agent_id each : site_.agents())
        for (const offer_view& offer : site_.offers_of(each))
            offers_.emplace(offer.offer, offer_made{offer.offer, offer.ticket, each, {}, offer.expires_at});
    count(offers_.empty() ? "restarted without offers" : "restarted with open offers");
    return oracle_.breaches(site_);
}

}  // namespace kindred::dispatch::testing
