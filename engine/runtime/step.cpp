#include "engine/runtime/step.hpp"

#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/tickets/reply_context.hpp"
#include "engine/runtime/tickets/timeline.hpp"

#include <algorithm>

namespace kindred::runtime {

void step::journal(const dispatch::command& told) {
    if (journal_.empty()) journal_first_ = world_.used.journal + 1;
    ++world_.used.journal;
    append_journal(journal_, now_, dispatch::encode(told));
}

result<std::vector<dispatch::event>> step::try_tell(const dispatch::command& told) {
    std::vector<dispatch::event> happened;
    if (auto applied = world_.dispatch.apply(told, now_, happened); !applied) return applied.error();
    // Ticks too, even those without events: they end cool-downs, and a replay must end them at the same time.
    journal(told);
    return happened;
}

void step::record(const std::vector<dispatch::event>& happened) {
    for (const auto& each : happened) {
        if (auto* about = world_.tickets.find(dispatch::ticket_of(each))) touch(*about);
        if (const auto agent = dispatch::agent_of(each)) agent_changed(agent);
        remember_holder(each);
        record_event(*this, each);
    }
    queues_changed_ = queues_changed_ || !happened.empty();
}

result<void> step::tell(const dispatch::command& told) {
    auto happened = try_tell(told);
    if (!happened) return happened.error();
    record(*happened);
    return {};
}

void step::remember_holder(const dispatch::event& happened) {
    if (!std::holds_alternative<dispatch::ticket_queued>(happened) &&
        !std::holds_alternative<dispatch::ticket_held>(happened))
        return;
    const auto* about = world_.tickets.find(dispatch::ticket_of(happened));
    if (about != nullptr && about->holder) held_before_.emplace(about->id, about->holder);
}

void step::agent_changed(agent_id agent) { dirty_agents_.insert(agent); }

std::uint32_t step::entry(ticket& about, std::string_view kind, std::string json) {
    store::entry_row row{about.id, ++about.entries, std::string(kind), now_, std::move(json)};
    const auto number = row.number;
    for (const auto agent : watchers_of(world_, about)) publish(agent, "entry", entry_frame(row));
    if (!world_.subscriptions.empty()) add_events(about, row);
    changes_.entries.push_back(std::move(row));
    touch(about);
    return number;
}

void step::tell_of(std::string_view type, const std::string& id, const std::string& data) {
    add_events(events_of(world_.subscriptions, world_.site_key, type, id, now_, data));
}

void step::add_events(const ticket& about, const store::entry_row& entry) {
    add_events(events_of(world_.subscriptions, world_.site_key, about, entry));
}

void step::add_events(std::vector<store::kept_row> rows) {
    for (auto& row : rows) {
        const auto subscription = row.id.substr(0, row.id.find('/'));
        if (!world_.backlog.has_room(subscription)) {
            seen_.events_lost.push_back(subscription);
            continue;
        }
        world_.backlog.follow(row);
        changes_.kept.push_back(std::move(row));
        effects_.events = true;
    }
}

void step::rewrite_entry(ticket& about, store::entry_row row) {
    for (const auto agent : watchers_of(world_, about)) publish(agent, "entry", entry_frame(row));
    changes_.entries.push_back(std::move(row));
    touch(about);
}

void step::touch(ticket& changed) {
    world_.escalations.look_at(changed.id);
    changed.updated_at = now_;
    dirty_tickets_.insert(changed.id);
}

void step::touch(customer& changed) {
    dirty_customers_.insert(changed.id);
    world_.customers.changed(changed.id, world_.batch);
}

void step::use_key(store::unique_key key, ticket_id about, std::uint32_t entry) {
    store::key_row row{std::move(key), about, entry, now_};
    world_.keys.add(row, world_.batch);
    changes_.keys.push_back(std::move(row));
}

void step::identify(const std::string& identity, customer_id whose) {
    world_.customers.identified(identity, whose);
    changes_.identities.push_back({identity, whose});
}

void step::unidentify(const std::string& identity) {
    world_.customers.unidentified(identity);
    changes_.identities.push_back({identity, customer_id{}});
}

void step::erase(ticket_id gone) {
    world_.tickets.erased(gone, world_.batch);
    // The highest numbers are known by the rows that have them: once those are gone, none may be given a second time.
    if (changes_.erased.empty()) put_setting(std::string(used_setting), to_json(world_.used));
    changes_.erased.push_back(gone);
}

void step::audit(std::string by, std::string action, std::string about, std::string detail) {
    audit_record made;
    made.at = now_;
    made.by = std::move(by);
    made.action = std::move(action);
    made.about = std::move(about);
    made.detail = std::move(detail);
    put_kept(next_of_chain(world_.audited, std::move(made)));
    put_setting(std::string(audit_setting), to_json(world_.audited));
}

void step::send(ticket& about, std::uint32_t number, channel::outgoing message) {
    store::outbox_row row;
    row.id = outbox_id{++world_.used.outbox};
    row.ticket = about.id;
    row.entry = number;
    row.channel = about.channel;
    row.due = now_;
    message.ticket = to_string(about.id);
    message.at = now_;
    message.idempotency_key = world_.site_key + "-" + to_string(row.id);
    row.json = to_json(message);
    if (auto forbidden = why_not_to_write(world_, about, message.automatic, now_)) {
        row.state = store::outbox_state::failed;
        changes_.outbox.push_back(std::move(row));
        json::writer out;
        out.begin_object().member("entry", number).member("state", "failed").member("attempts", 0);
        entry(about, "delivery", out.member("reason", *forbidden).end_object().take());
        return;
    }
    changes_.outbox.push_back(row);
    effects_.to_send.push_back(std::move(row));
}

void step::put_person(const person& changed) {
    changes_.agents.push_back({changed.id, changed.login, to_json(changed)});
    agent_changed(changed.id);
}

void step::put_setting(std::string name, std::string value) {
    changes_.settings.emplace_back(std::move(name), std::move(value));
}

void step::put_ruleset(store::ruleset_row rules) {
    changes_.active_ruleset = rules.hash;
    changes_.rulesets.push_back(std::move(rules));
}

void step::tell_desks(const ticket& changed) {
    auto told = watchers_of(world_, changed);
    const auto first = held_before_.lower_bound({changed.id, agent_id{}});
    for (auto each = first; each != held_before_.end() && each->first == changed.id; ++each)
        if (std::find(told.begin(), told.end(), each->second) == told.end()) told.push_back(each->second);
    if (told.empty()) return;
    const auto frame = ticket_frame(world_, changed, now_);
    for (const auto agent : told) publish(agent, "ticket", frame);
}

store::batch step::finish(const std::array<unsigned char, 16>& incarnation) {
    for (const auto id : dirty_tickets_) {
        auto* held = world_.tickets.find(id);
        if (held == nullptr) continue;
        const auto bytes = world_.dispatch.encode_ticket(id);
        changes_.tickets.push_back(to_row(*held, bytes ? std::string_view(*bytes) : std::string_view()));
        tell_desks(*held);
    }
    for (const auto id : dirty_customers_)
        if (auto* person = world_.customers.find_itself(id))
            changes_.customers.push_back({id, person->version, person->name, to_json(*person)});
    for (const auto id : dirty_agents_) {
        const auto bytes = world_.dispatch.encode_agent(id);
        if (bytes) put_setting("agent." + to_string(id), *bytes);
        publish(id, "presence", presence_frame(world_, id));
    }
    if (!journal_.empty()) {
        put_setting("dispatch", world_.dispatch.encode_site());
        changes_.journal = store::journal_row{journal_first_, world_.used.journal, now_, std::move(journal_)};
    }
    for (auto& [agent, shown] : snapshots_)
        after_commit([shown = std::move(shown), frame = snapshot_frame(world_, agent, now_)] { shown(frame); });
    changes_.id = {incarnation, world_.batch};
    changes_.at = now_;
    return std::move(changes_);
}

effects step::take_effects() { return std::move(effects_); }

}  // namespace kindred::runtime
