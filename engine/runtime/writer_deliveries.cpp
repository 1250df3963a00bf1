#include "engine/runtime/arrivals/contacts.hpp"
#include "engine/runtime/people/joining.hpp"
#include "engine/runtime/tickets/merging.hpp"
#include "engine/runtime/tickets/redecision.hpp"
#include "engine/runtime/writer.hpp"

#include <algorithm>
#include <exception>

/// What the writer does with what providers bring.
namespace kindred::runtime {
namespace {

constexpr std::chrono::seconds keys_stay{1};

}  // namespace

void writer::forget(std::uint64_t as_of) {
    world_->tickets.forget(as_of);
    world_->customers.forget(as_of);
    world_->opened_lately.forget(as_of);
    if (as_of <= keys_stored_) return;
    // Keys stay for a while after the store has them: what went straight on may have been asked for just before.
    const auto now = std::chrono::steady_clock::now();
    if (now - keys_stored_since_ < keys_stay) return;
    keys_forgotten_ = keys_stored_;
    world_->keys.forget(keys_forgotten_);
    keys_stored_ = as_of;
    keys_stored_since_ = now;
}

/// Whether all that intake did not look up is here, and no key was used that neither the store showed it nor the writer
/// knows.
bool writer::has_at_hand(const delivery& given) {
    const auto is_old = [&](std::uint64_t as_of) { return as_of < keys_forgotten_; };
    if (given.unused_as_of && is_old(*given.unused_as_of)) return false;
    // Once is enough: what came back was looked up since.
    if (!given.came_back && std::any_of(given.known.begin(), given.known.end(),
                                        [&](const store::prefetched& each) { return is_old(each.as_of); }))
        return false;
    for (std::size_t i = 0; i < given.records.size(); ++i) {
        if (!given.at_hand[i]) continue;
        const auto& happened = given.records[i];
        auto* about = world_->tickets.find_conversation(given.via->name, happened.conversation);
        if (about == nullptr || !has_what_goes_on(*world_, *about)) return false;
        for (const auto& each : happened.identities)
            if (world_->customers.find(each.text) == nullptr) return false;
    }
    return true;
}

/// It is no longer here: the customer was not heard of for long, or the writer has started over.
void writer::send_back(step& in, delivery& given) {
    for (const auto& happened : given.records) at_hand_.forget(given.via->name, happened);
    given.came_back = true;
    given.unused_as_of.reset();
    auto done = given.done;
    const auto records = given.records.size();
    sent_back_.went(given, std::chrono::steady_clock::now());
    auto back = given;
    if (look_up_again_(std::move(back))) return;
    sent_back_.came(given);
    outcome refused;
    refused.what = outcome::state::refused;
    refused.reason = "overloaded";
    in.after_commit([done = std::move(done), outcomes = std::vector<outcome>(records, refused)]() mutable {
        done(std::move(outcomes));
    });
}

/// Intake need not look up what this record needed when its sender writes again.
void writer::note_at_hand(const delivery& given, std::size_t record, ticket_id ticket) {
    const auto& happened = given.records[record];
    const auto* about = world_->tickets.find(ticket);
    // What opened a ticket before this start has to be looked up again (look_up_openings()).
    if (about == nullptr || about->created_at < started_at_ || happened.identities.empty()) return;
    const auto* sender = world_->customers.find(happened.identities.front().text);
    if (sender == nullptr || given.at_hand[record] == sender->language) return;
    // The conversation of a merged ticket leads to another only by way of the store.
    if (world_->tickets.find_conversation(given.via->name, happened.conversation) != about) return;
    at_hand_.add(given.via->name, happened, *sender);
}

void writer::take(step& in, delivery& given) {
    static const std::optional<store::ticket_row> not_looked_up;
    static const std::optional<opening_contact> no_opening;
    std::vector<outcome> outcomes;
    for (const auto& each : given.known) forget(each.as_of);
    if (given.unused_as_of) forget(*given.unused_as_of);
    if (given.came_back)
        sent_back_.came(given);
    else if (sent_back_.concerns(given, std::chrono::steady_clock::now()))
        return send_back(in, given);
    if (!has_at_hand(given)) return send_back(in, given);
    for (std::size_t i = 0; i < given.records.size(); ++i) {
        const auto began = std::chrono::steady_clock::now();
        try {
            if (settings_.rehearse) settings_.rehearse(given.records[i]);
            join_sender(in, given, i);
            outcomes.push_back(take_record(in, *given.via, given.records[i], given.known_of(i),
                                           given.goes_on.empty() ? not_looked_up : given.goes_on[i],
                                           i < given.stated.size() ? given.stated[i] : std::string()));
        } catch (const std::exception& bug) {
            poison_error_ = bug.what();
            poison_ = std::move(given);
            throw;
        }
        metrics_.decided(std::chrono::steady_clock::now() - began);
        if (outcomes.back().what == outcome::state::accepted) note_at_hand(given, i, outcomes.back().ticket);
        if (outcomes.back().went_on)
            redecide_for_contact(in, outcomes.back().ticket, *given.via, given.records[i],
                                 given.openings.empty() ? no_opening : given.openings[i]);
    }
    in.after_commit(
        [done = std::move(given.done), outcomes = std::move(outcomes)]() mutable { done(std::move(outcomes)); });
}

}  // namespace kindred::runtime
