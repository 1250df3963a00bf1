#include "engine/runtime/writer.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/routing/plan.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/runtime/desks/chat_signals.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/people/customer_changes.hpp"
#include "engine/runtime/people/customer_import.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/people/retirement.hpp"
#include "engine/runtime/people/roster_changes.hpp"
#include "engine/runtime/rules/rules_switch.hpp"
#include "engine/runtime/surveys/survey_link.hpp"
#include "engine/runtime/tickets/actions.hpp"
#include "engine/runtime/tickets/escalating.hpp"
#include "engine/runtime/tickets/incidents.hpp"
#include "engine/runtime/tickets/outbound.hpp"
#include "engine/runtime/tickets/redecision.hpp"
#include "engine/runtime/tickets/unmatched.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

namespace kindred::runtime {
namespace {

constexpr duration longest_sleep = std::chrono::seconds{1};
constexpr std::size_t largest_step = 2'000;  // entries, messages and answers
// From here on a step gains nothing from what it would share with more: it goes on its way with those before it.
constexpr std::size_t worth_a_batch = 200;
constexpr std::chrono::milliseconds step_every{2};

}  // namespace

writer::writer(const clock& now, writer_links links, committer& commits, metrics& figures, world_source source,
               std::function<void(published_state)> publish, writer_settings settings)
    : now_(now),
      inputs_(links.inputs),
      at_hand_(links.known),
      look_up_again_(std::move(links.look_up_again)),
      committed_(std::move(links.committed)),
      started_at_(now.now()),
      commits_(commits),
      metrics_(figures),
      source_(std::move(source)),
      publish_(std::move(publish)),
      settings_(std::move(settings)) {}

writer::~writer() { stop(); }

result<void> writer::start(const std::function<void(step&)>& first) {
    first_ = first;
    started_ = {};
    auto loaded = source_(started_);
    if (!loaded) return loaded.error();
    world_ = std::move(*loaded);
    // Whoever asks before the first step finds the people of before it, not nobody.
    publish_({world_->people, world_->rules});
    const auto random = random_bytes(incarnation_.size());
    std::copy(random.begin(), random.end(), incarnation_.begin());
    audited_ = now_.now();
    // Here, not on the thread: whoever is let in next is found among the people of the first step.
    load();
    thread_ = std::jthread([this] { run(); });
    return {};
}

void writer::stop() {
    inputs_.close();
    if (thread_.joinable()) thread_.join();
}

/// The first step after a load: people, queues, leases for desks that were open, and messages that were not settled.
bool writer::load() {
    step in(*world_, now_.now());
    ++world_->batch;
    if (world_->site_key.empty()) {
        world_->site_key = to_hex(random_bytes(8));
        in.put_setting("site_key", world_->site_key);
    }
    make_survey_secret(in);
    // The journal must say by which queues everything after it happened.
    if (auto told = in.tell(routing::to_command(world_->rules)); !told)
        log::error("the queues cannot be configured", {{"err", told.error().message}});
    if (first_) first_(in);
    for (const auto& change : world_->calendars.follow(world_->rules, in.now()))
        (void)in.tell(routing::calendar_watch::command_for(change));
    for (const auto& someone : world_->people->all()) {
        const auto figures = world_->dispatch.agent(someone.id);
        if (figures && figures->state != dispatch::presence::offline)
            world_->leases[someone.id] = in.now() + settings_.lease;
    }
    for (auto& row : started_.pending) {
        world_->messages.emplace(row.id, row);
        in.send_again(std::move(row));
    }
    withdraw_forbidden(in);
    started_ = {};
    watch_for_escalations(*world_);
    publish_({world_->people, world_->rules});
    metrics_.active_rules(world_->rules.hash());
    for (const auto& queue : world_->rules.queues()) metrics_.know_queue(queue.name);
    finish(in);
    return true;
}

void writer::start_over() {
    // What was decided and not committed is void: it is not repaired but forgotten, and read again from the store.
    log::warn("starting over from what is durable");
    started_ = {};
    auto loaded = source_(started_);
    while (!loaded && !inputs_.closed()) {
        log::error("the store cannot be loaded", {{"err", loaded.error().message}});
        auto lost = inputs_.take_all(std::chrono::steady_clock::now() + std::chrono::seconds{1});
        lost.clear();  // their answers go with them: an error for who waits, who comes back
        started_ = {};
        loaded = source_(started_);
    }
    if (!loaded) return;
    world_ = std::move(*loaded);
    keys_forgotten_ = keys_stored_ = committed_();  // with the world before
    const auto random = random_bytes(incarnation_.size());
    std::copy(random.begin(), random.end(), incarnation_.begin());
    commits_.start_over();
    load();
}

std::optional<time_point> writer::next_due() const {
    std::optional<time_point> soonest = world_->dispatch.next_due();
    const auto consider = [&](std::optional<time_point> at) {
        if (at && (!soonest || *at < *soonest)) soonest = at;
    };
    consider(world_->calendars.next_due());
    consider(world_->escalations.next_due());
    for (const auto& [agent, at] : world_->leases) consider(at);
    if (figures_due_) consider(figures_pushed_ + settings_.figures_every);
    consider(audited_ + settings_.audit_every);
    return soonest;
}

/// Under load one step, one commit and one waking of each thread serve a millisecond's arrivals: that costs a fraction
/// of what each would by itself. A lone one never waits.
std::vector<input> writer::next_inputs(duration patience) {
    auto batch = inputs_.take_all(std::chrono::steady_clock::now() + patience);
    const auto next = handed_over_ + step_every;
    if (batch.empty() || std::chrono::steady_clock::now() >= next) return batch;
    std::this_thread::sleep_until(next);
    auto more = inputs_.take_all(std::chrono::steady_clock::now());
    batch.insert(batch.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return batch;
}

void writer::run() {
    // One step stays open while the store writes those before it: whatever comes meanwhile shares the next commit.
    std::optional<step> open;
    while (true) {
        const auto due = next_due();
        const auto patience = due ? std::clamp<duration>(*due - now_.now(), duration{0}, longest_sleep) : longest_sleep;
        auto batch = next_inputs(patience);
        const bool ending = batch.empty() && inputs_.closed();
        // A store that struggles, or a step that has become large, is waited for: nothing is decided ahead of it.
        const bool full = open && open->size() >= largest_step && !commits_.has_room();
        if (ending || full || commits_.health() != store_health::good) (void)commits_.wait_until_idle();
        if (commits_.health() == store_health::broken) return;
        if (commits_.health() == store_health::gave_up) {
            open.reset();
            start_over();
            if (commits_.health() == store_health::gave_up) return;  // told to stop before there was a store again
        }
        if (!open) open.emplace(*world_, now_.now());
        if (!take_all(*open, batch)) {
            // What is on its way is read again as well, or given up.
            (void)commits_.wait_until_idle();
            open.reset();
            start_over();
            if (world_ != nullptr) quarantine_poison(open.emplace(*world_, now_.now()));
            continue;
        }
        if (open->idle())
            open.reset();
        else if (commits_.idle() || (open->size() >= worth_a_batch && commits_.has_room())) {
            finish(*open);
            open.reset();
        }
        if (ending && !open) return;
    }
}

/// False when a step failed by a bug: its changes are half made and must be forgotten.
bool writer::take_all(step& in, std::vector<input>& batch) {
    try {
        in.at(now_.now());
        fire_timers(in);
        for (auto& each : batch) take(in, each);
        escalate(in);
        push_figures(in);
        return true;
    } catch (const std::exception& bug) {
        log::error("a step failed", {{"err", bug.what()}});
        return false;
    }
}

/// What made a step fail would do so again: it is set aside and answered. Others of that step come again by themselves.
void writer::quarantine_poison(step& in) {
    if (!poison_) return;
    auto given = std::move(*poison_);
    poison_.reset();
    const auto held = quarantined_by_a_bug(given, poison_error_, in.now());
    outcome made;
    made.what = outcome::state::quarantined;
    made.reason = "bug";
    const bool fits = fits_quarantine(held.request.body);
    const auto id = id_of(held);
    if (fits && world_->quarantine.add(id, held.channel)) {
        in.put_kept(to_row(held));
    } else if (!fits || !world_->quarantine.has(id)) {
        made.what = outcome::state::refused;
        made.reason = fits ? "quarantine_full" : "bug_not_kept";  // not acknowledged, so that it is not lost
    }
    in.after_commit([done = std::move(given.done), outcomes = std::vector<outcome>(given.records.size(), made)] {
        done(outcomes);
    });
}

void writer::finish(step& in) {
    if (in.idle()) return;
    auto changes = in.finish(incarnation_);
    if (!changes.empty()) ++world_->batch;
    auto then = in.take_effects();
    for (const auto& row : then.to_send) world_->messages.emplace(row.id, row);
    for (const auto& [queue, waited] : in.seen().waits) metrics_.queue_waited(queue, waited);
    for (const auto& outcome : in.seen().offers) metrics_.offer(outcome);
    for (const auto& name : in.seen().escalations) metrics_.escalated(name);
    for (const auto& subscription : in.seen().events_lost) metrics_.event(subscription, "dropped");
    for (const auto& [arm, outcome] : in.seen().arms) metrics_.decided_by_arm(arm, outcome);
    metrics_.outbox_pending(static_cast<double>(world_->messages.size()));
    commits_.hand_over(std::move(changes), std::move(then));
    handed_over_ = std::chrono::steady_clock::now();
}

void writer::fire_timers(step& in) {
    for (const auto& change : world_->calendars.advance(world_->rules, in.now()))
        (void)in.tell(routing::calendar_watch::command_for(change));
    for (auto lease = world_->leases.begin(); lease != world_->leases.end();) {
        if (lease->second > in.now()) {
            ++lease;
            continue;
        }
        (void)in.tell(dispatch::agent_gone{lease->first});
        lease = world_->leases.erase(lease);
    }
    if (const auto due = world_->dispatch.next_due(); due && *due <= in.now()) (void)in.tell(dispatch::tick{});
    if (audited_ + settings_.audit_every <= in.now()) audit(in);
}

void writer::push_figures(step& in) {
    figures_due_ = figures_due_ || in.queues_changed();
    if (!figures_due_ || figures_pushed_ + settings_.figures_every > in.now()) return;
    figures_due_ = false;
    figures_pushed_ = in.now();
    in.publish(agent_id{}, "queues", queues_frame(*world_, in.now()));
    for (const auto& name : world_->dispatch.queue_names())
        if (const auto figures = world_->dispatch.queue(name, in.now())) metrics_.queue_waiting(name, figures->waiting);
}

void writer::audit(const step& in) {
    audited_ = in.now();
    const auto found = count_unmatched(*world_);
    if (found == 0) return;
    metrics_.unmatched(static_cast<double>(found));
    log::error("tickets wait although an agent could have them", {{"count", found}});
}

void writer::take(step& in, rules_change& given) {
    const auto before = world_->rules.queues();
    if (auto switched = switch_rules(in, given); !switched) {
        in.after_commit([done = std::move(given.done), failed = switched.error()] { done(failed); });
        return;
    }
    if (given.rollout) {
        in.after_commit([done = std::move(given.done), hash = world_->rules.hash()] { done(hash); });
        return;
    }
    for (const auto& queue : before) metrics_.queue_waiting(queue.name, 0);  // those that are gone stay at 0
    for (const auto& queue : world_->rules.queues()) metrics_.know_queue(queue.name);
    figures_due_ = true;
    metrics_.active_rules(given.rules.hash());
    in.after_commit([this, done = std::move(given.done), people = world_->people, rules = given.rules] {
        publish_({people, rules});
        done(rules.hash());
    });
}

void writer::take(step& in, input& given) {
    const auto answer = [&](action_done& done, result<std::string> said) {
        in.after_commit([done = std::move(done), said = std::move(said)] { done(said); });
    };
    struct visitor {
        writer& self;
        step& in;
        const decltype(answer)& reply;

        void operator()(store_is_idle&) const {}
        void operator()(delivery& each) const { self.take(in, each); }
        void operator()(rules_change& each) const { self.take(in, each); }
        void operator()(ticket_action& each) const { reply(each.done, act(in, each)); }
        void operator()(offer_answer& each) const { reply(each.done, answer_offer(in, each)); }
        void operator()(presence_change& each) const { reply(each.done, change_presence(in, each)); }
        void operator()(customer_change& each) const { reply(each.done, change_customer(in, each)); }
        void operator()(customer_import& each) const { import_customers(in, each); }
        void operator()(retirement& each) const { reply(each.done, retire(in, each)); }
        void operator()(outbound_contact& each) const { reply(each.done, begin_contact(in, each)); }
        void operator()(incident_change& each) const { reply(each.done, change_incident(in, each)); }
        void operator()(queue_order& each) const { reply(each.done, order_queue(in, each)); }
        void operator()(roster_change& each) const { change_people(each.done, change_roster(in, each)); }
        void operator()(role_change& each) const { change_people(each.done, change_role(in, each)); }
        void change_people(action_done& done, result<std::string> said) const {
            in.after_commit([&by = self, now = published_state{in.on().people, in.on().rules}] { by.publish_(now); });
            reply(done, std::move(said));  // after the above: who is told of a change finds it
        }
        void operator()(desk_change& each) const { change_desk(in, each, self.settings_.lease); }
        void operator()(desk_snapshot& each) const { in.show(each.agent, std::move(each.done)); }
        void operator()(situation_question& each) const {
            const auto* about = in.on().tickets.find_conversation(each.channel, each.conversation);
            auto stands = situation_of(in.on(), about);
            if (about == nullptr && !each.queue.empty()) stand_before(in.on(), each.queue, stands);
            in.after_commit([done = std::move(each.done), stands = std::move(stands)] { done(stands); });
        }
        void operator()(chat_signal& each) const { pass_on(in, each); }
        void operator()(kept_value& each) const {
            in.put_setting(each.name, each.value);
            in.after_commit([done = std::move(each.done)] { done(); });
        }
        void operator()(register_change& each) const { reply(each.done, change_register(in, each)); }
        void operator()(board_question& each) const { reply(each.done, answer_board(in, each)); }
        void operator()(standing_question& each) const {
            auto all = standings_of(in.on(), each.of, in.now());
            in.after_commit([done = std::move(each.done), all = std::move(all)] { done(all); });
        }
        void operator()(delivery_report& each) const {
            record_delivery(in, each);
            in.after_commit([done = std::move(each.done)] { done(); });
        }
    };
    std::visit(visitor{*this, in, answer}, given);
}

}  // namespace kindred::runtime
