#pragma once
#include "engine/runtime/effects.hpp"
#include "engine/runtime/journal.hpp"
#include "engine/runtime/world.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::runtime {

/// One batch in the making: everything that the writer changes between two hand-overs to the store, and what is to be
/// done once that is durable. Belongs to the writer's thread.
class step {
public:
    step(world& on, time_point now) : world_(on), now_(now) {}

    world& on() { return world_; }
    time_point now() const { return now_; }
    /// Inputs of one step are taken at rising times.
    void at(time_point now) { now_ = std::max(now_, now); }

    /// Tells dispatch, journals it and writes what happened into timelines, desks and the outbox.
    result<void> tell(const dispatch::command& told);
    /// The same in two halves, for what must be on record before dispatch's events about it: record() must follow a
    /// success with what try_tell() gave.
    result<std::vector<dispatch::event>> try_tell(const dispatch::command& told);
    void record(const std::vector<dispatch::event>& happened);

    /// Adds a line to the ticket's history and pushes it to whoever works on it. Gives its number.
    std::uint32_t entry(ticket& about, std::string_view kind, std::string json);
    /// Puts another line in the place of one that is there.
    void rewrite_entry(ticket& about, store::entry_row row);
    /// Puts another line, message or row in the place of one that is there, of a ticket that nobody works on: tells
    /// nobody, and the ticket is no younger for it.
    void replace(store::entry_row row) { changes_.entries.push_back(std::move(row)); }
    void replace(const ticket& changed) { dirty_tickets_.insert(changed.id); }
    /// The ticket's row will be written, and its summary goes to whoever works on it.
    void touch(ticket& changed);
    void touch(customer& changed);
    void use_key(store::unique_key key, ticket_id about, std::uint32_t entry);
    void identify(const std::string& identity, customer_id whose);
    /// The identity is nobody's any more.
    void unidentify(const std::string& identity);
    /// A resolved ticket goes for ever, with all that was said in it.
    void erase(ticket_id gone);
    /// Puts on the audit log who did what to what. `detail`: a JSON object.
    void audit(std::string by, std::string action, std::string about, std::string detail = "{}");
    /// A message to the customer for entry `number`, through the ticket's channel. Where the customer must not be
    /// written to, it has visibly failed from the start.
    void send(ticket& about, std::uint32_t number, channel::outgoing message);
    /// A message that waits will not be sent after all.
    void withdraw(const store::outbox_row& message, std::string reason) {
        effects_.to_withdraw.push_back({message.ticket, message.id, std::move(reason)});
    }
    /// Tells the centre's systems of something that is about no ticket. `id`: tells it from others of its type.
    void tell_of(std::string_view type, const std::string& id, const std::string& data);
    /// Events are on record with this step.
    void tell_events() { effects_.events = true; }
    void fetch(file_wish wanted) { effects_.to_fetch.push_back(std::move(wanted)); }
    void put_kept(store::kept_row row) { changes_.kept.push_back(std::move(row)); }
    void put_outbox(store::outbox_row row) { changes_.outbox.push_back(std::move(row)); }
    void put_person(const person& changed);
    void put_setting(std::string name, std::string value);
    void put_ruleset(store::ruleset_row rules);
    /// One that is kept and not in force.
    void put_version(store::ruleset_row rules) { changes_.rulesets.push_back(std::move(rules)); }
    /// One that the store has.
    void put_active_ruleset(std::string hash) { changes_.active_ruleset = std::move(hash); }
    void consumed(std::uint64_t position) { changes_.consumed.push_back(position); }

    void after_commit(std::function<void()> act) { effects_.answers.push_back(std::move(act)); }
    /// Tells what this agent's desk shows at first, as it is once the whole step is done: frames of the same step are
    /// published before it, and whoever begins with it hears none of them.
    void show(agent_id agent, std::function<void(std::string)> shown) {
        snapshots_.emplace_back(agent, std::move(shown));
    }
    void publish(agent_id agent, std::string type, std::string members) {
        effects_.frames.push_back({agent, std::move(type), std::move(members)});
    }
    void send_again(store::outbox_row row) { effects_.to_send.push_back(std::move(row)); }

    /// What the metrics show of this step.
    struct observed {
        std::vector<std::pair<std::string, duration>> waits;    ///< by queue, of tickets that are held now
        std::vector<std::string> offers;                        ///< outcomes
        std::vector<std::string> escalations;                   ///< names
        std::vector<std::string> events_lost;                   ///< subscriptions whose backlog is full
        std::vector<std::pair<std::string, std::string>> arms;  ///< of a rollout: arm and what it decided
    };
    observed& seen() { return seen_; }

    /// Whether queue figures may have changed.
    bool queues_changed() const { return queues_changed_; }
    std::size_t size() const {
        return changes_.entries.size() + changes_.outbox.size() + effects_.answers.size() + dirty_customers_.size();
    }
    bool idle() const {
        return changes_.empty() && journal_.empty() && dirty_tickets_.empty() && dirty_customers_.empty() &&
               effects_.empty() && snapshots_.empty();
    }

    /// The finished batch; `number` is its place in this incarnation.
    store::batch finish(const std::array<unsigned char, 16>& incarnation);
    effects take_effects();

private:
    void journal(const dispatch::command& told);
    void agent_changed(agent_id agent);
    void remember_holder(const dispatch::event& happened);
    void tell_desks(const ticket& changed);
    void add_events(const ticket& about, const store::entry_row& entry);
    void add_events(std::vector<store::kept_row> rows);

    world& world_;
    time_point now_;
    store::batch changes_;
    effects effects_;
    std::set<ticket_id> dirty_tickets_;
    std::set<customer_id> dirty_customers_;
    std::set<agent_id> dirty_agents_;
    std::set<std::pair<ticket_id, agent_id>> held_before_;  ///< they are told that the ticket is theirs no more
    std::vector<std::pair<agent_id, std::function<void(std::string)>>> snapshots_;
    std::string journal_;
    std::uint64_t journal_first_ = 0;
    bool queues_changed_ = false;
    observed seen_;
};

}  // namespace kindred::runtime
