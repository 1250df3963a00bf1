#include "engine/runtime/arrivals/intake.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/channel/card_numbers.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/arrivals/contacts.hpp"
#include "engine/runtime/arrivals/usual_language.hpp"
#include "engine/runtime/people/customer_changes.hpp"
#include "engine/runtime/people/customer_import.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/people/joining.hpp"
#include "engine/runtime/self_service/article_reader.hpp"
#include "engine/runtime/tickets/actions.hpp"
#include "engine/runtime/tickets/merging.hpp"
#include "engine/runtime/tickets/outbound.hpp"
#include "engine/runtime/tickets/redecision.hpp"

#include <algorithm>
#include <iterator>

namespace kindred::runtime {
namespace {

constexpr std::chrono::milliseconds look_up_every{1};

bool needs_look_up(const input& given) {
    return std::holds_alternative<delivery>(given) || std::holds_alternative<ticket_action>(given) ||
           std::holds_alternative<customer_change>(given) || std::holds_alternative<outbound_contact>(given) ||
           std::holds_alternative<customer_import>(given) || std::holds_alternative<retirement>(given);
}

void ask_for(const input& given, std::vector<store::prefetch_query>& questions) {
    if (const auto* arrived = std::get_if<delivery>(&given)) {
        for (std::size_t i = 0; i < arrived->records.size(); ++i) {
            const auto& happened = arrived->records[i];
            if (arrived->at_hand[i])
                questions.emplace_back().key = {arrived->via->name, happened.event_id};
            else
                questions.push_back(question_for(*arrived->via, happened));
        }
    } else if (const auto* wanted = std::get_if<ticket_action>(&given)) {
        questions.push_back(question_for(*wanted));
    } else if (const auto* begun = std::get_if<outbound_contact>(&given)) {
        questions.push_back(question_for(*begun));
    } else if (const auto* rows = std::get_if<customer_import>(&given)) {
        ask_for(*rows, questions);
    } else if (const auto* over = std::get_if<retirement>(&given)) {
        for (const auto& each : over->words) questions.emplace_back().ticket = each.id;
    } else if (const auto* change = std::get_if<customer_change>(&given)) {
        auto& question = questions.emplace_back();
        question.customer = change->customer;
        if (const auto* answers = std::get_if<profile::survey_answers>(&change->what))
            question.ticket = answers->ticket;
        if (auto key = idempotency_key_of(*change)) question.key = std::move(*key);
    }
}

/// Before anything of it is stored: not even a copy on the way has a card's number.
void mask_card_numbers_in(delivery& arrived) {
    for (auto& each : arrived.records) (void)channel::mask_card_numbers(each);
}

void read_articles(article_reader& reader, std::vector<input>& batch,
                   const std::function<rules::ruleset()>& active_rules) {
    std::optional<rules::ruleset> rules;
    for (auto& each : batch) {
        auto* arrived = std::get_if<delivery>(&each);
        if (arrived == nullptr) continue;
        if (!rules) rules = active_rules();
        for (std::size_t i = 0; i < arrived->records.size(); ++i)
            reader.read(arrived->records[i], arrived->via->kind, usual_language(*arrived, i), *rules);
    }
}

std::vector<store::prefetched> next_few(std::vector<store::prefetched>::iterator& next, std::size_t count) {
    const auto begin = next;
    next += static_cast<std::ptrdiff_t>(count);
    return {std::make_move_iterator(begin), std::make_move_iterator(next)};
}

/// Gives an input the answers to what ask_for() asked, and moves on behind them.
void take_answers(input& given, std::vector<store::prefetched>::iterator& next) {
    if (auto* arrived = std::get_if<delivery>(&given)) {
        arrived->known = next_few(next, arrived->records.size());
    } else if (auto* rows = std::get_if<customer_import>(&given)) {
        rows->known = next_few(next, rows->rows.size());
    } else if (auto* wanted = std::get_if<ticket_action>(&given)) {
        wanted->known = std::move(*next++);
    } else if (auto* begun = std::get_if<outbound_contact>(&given)) {
        begun->known = std::move(*next++);
    } else if (auto* over = std::get_if<retirement>(&given)) {
        for (auto& each : over->words) each.known = std::move((next++)->ticket);
    } else if (auto* change = std::get_if<customer_change>(&given)) {
        change->repeated = next->seen.has_value();
        change->noted = next->seen ? next->seen->entry : 0;
        if (auto* answers = std::get_if<profile::survey_answers>(&change->what))
            answers->known = std::move(next->ticket);
        change->stored = std::move((next++)->customer);
    }
}

}  // namespace

intake::intake(store::store& durable, bounded_queue<input>& to_writer, at_hand& known, std::size_t capacity,
               reading_models models, std::function<rules::ruleset()> active_rules, time_point started,
               std::function<bool(delivery&)> keep_files)
    : durable_(durable),
      to_writer_(to_writer),
      at_hand_(known),
      queue_(capacity),
      reader_(std::move(models)),
      active_rules_(std::move(active_rules)),
      started_(started),
      keep_files_(std::move(keep_files)),
      thread_([this] { run(); }) {}

intake::~intake() { stop(); }

void intake::stop() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

bool intake::submit(input given) {
    auto* arrived = std::get_if<delivery>(&given);
    const bool ready = arrived == nullptr ? !needs_look_up(given) : goes_straight_on(*arrived);
    return ready ? to_writer_.try_push(given) : let_in(given);
}

bool intake::let_in(input& given) {
    on_their_way_.fetch_add(1);
    std::atomic_thread_fence(std::memory_order_seq_cst);  // see goes_straight_on()
    const bool has_room = queue_.try_push(given);
    if (!has_room) on_their_way_.fetch_sub(1);
    return has_room;
}

bool intake::goes_straight_on(delivery& arrived) {
    if (arrived.came_back || reader_.does_anything()) return false;
    const auto brings_files = [](const channel::record& each) { return !each.attachments.empty(); };
    if (std::any_of(arrived.records.begin(), arrived.records.end(), brings_files)) return false;
    std::optional<std::uint64_t> as_of;
    for (const auto& each : arrived.records) {
        const auto unused = durable_.surely_unused({arrived.via->name, each.event_id});
        if (!unused) return false;
        as_of = std::min(as_of.value_or(*unused), *unused);
    }
    // Nothing overtakes what is still being looked up: neither an earlier message of its conversation, nor one that
    // saw fewer commits, for the writer forgets what its inputs have seen. Whatever saw fewer commits than were counted
    // above is counted here: hence the fences.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!as_of || on_their_way_.load() != 0) return false;
    look_at_hand(arrived);
    if (std::any_of(arrived.at_hand.begin(), arrived.at_hand.end(), [](const auto& each) { return !each; }))
        return false;
    mask_card_numbers_in(arrived);
    arrived.unused_as_of = as_of;
    return true;
}

void intake::run() {
    article_reader articles;
    auto looked_up = std::chrono::steady_clock::now() - look_up_every;
    while (true) {
        auto batch = queue_.take_all();
        if (batch.empty()) return;
        // Every commit makes SQLite's readers read their pages again, however few rows are asked for: under load,
        // one look-up for a millisecond's arrivals costs a fraction of one for each. A lone contact never waits.
        const auto next = looked_up + look_up_every;
        if (std::chrono::steady_clock::now() < next) {
            std::this_thread::sleep_until(next);
            auto more = queue_.take_all(std::chrono::steady_clock::now());
            std::move(more.begin(), more.end(), std::back_inserter(batch));
        }
        looked_up = std::chrono::steady_clock::now();
        const auto taken = batch.size();
        for (auto& each : batch)
            if (auto* arrived = std::get_if<delivery>(&each)) mask_card_numbers_in(*arrived);
        // Without its files nothing is acknowledged: whoever waits gets an error, and comes back.
        std::erase_if(batch, [&](input& each) {
            auto* arrived = std::get_if<delivery>(&each);
            return arrived != nullptr && !keep_files_(*arrived);
        });
        look_up(batch);
        read_contacts(batch);
        read_articles(articles, batch, active_rules_);
        if (!to_writer_.push_all(std::move(batch))) return;
        on_their_way_.fetch_sub(taken);
    }
}

void intake::look_at_hand(delivery& arrived) {
    arrived.at_hand.assign(arrived.records.size(), std::nullopt);
    if (arrived.came_back) return;
    for (std::size_t i = 0; i < arrived.records.size(); ++i)
        arrived.at_hand[i] = at_hand_.language_of_sender(arrived.via->name, arrived.records[i]);
}

void intake::look_up(std::vector<input>& batch) {
    for (auto& each : batch)
        if (auto* arrived = std::get_if<delivery>(&each)) look_at_hand(*arrived);
    std::vector<store::prefetch_query> questions;
    for (const auto& each : batch) ask_for(each, questions);
    auto found = durable_.prefetch(questions);
    if (!found) {
        log::error("what arrived cannot be looked up", {{"err", found.error().message}});
        // Their answers go with them: who waits gets an error and comes back.
        batch.clear();
        return;
    }
    auto next = found->begin();
    for (auto& each : batch) take_answers(each, next);
    look_up_surveyed(batch);
    std::erase_if(batch, [&](input& each) {
        if (auto* arrived = std::get_if<delivery>(&each)) look_further(*arrived);
        if (auto* rows = std::get_if<customer_import>(&each)) look_up_import(durable_, *rows);
        auto* change = std::get_if<customer_change>(&each);
        const auto known = change == nullptr ? result<void>() : look_up_customers(durable_, *change);
        if (!known) log::error("a customer cannot be looked up", {{"err", known.error().message}});
        return !known;
    });
}

/// Whoever a resolved ticket was for may be asked how it went: by what is on record of them.
void intake::look_up_surveyed(std::vector<input>& batch) {
    const auto is_resolving = [](const input& each) {
        const auto* wanted = std::get_if<ticket_action>(&each);
        return wanted != nullptr && wanted->known.ticket && std::holds_alternative<action::resolve>(wanted->what);
    };
    if (std::none_of(batch.begin(), batch.end(), is_resolving) || active_rules_().compiled().surveys.empty()) return;
    for (auto& each : batch) {
        if (!is_resolving(each)) continue;
        auto& known = std::get<ticket_action>(each).known;
        if (auto row = who_goes_on(durable_, known.ticket->customer)) known.customer = std::move(*row);
    }
}

void intake::look_further(delivery& arrived) {
    arrived.openings = look_up_openings(durable_, arrived.known, started_);
    arrived.goes_on = look_up_what_goes_on(durable_, arrived.known);
    look_up_joins(durable_, arrived);
}

void intake::read_contacts(std::vector<input>& batch) {
    if (!reader_.does_anything()) return;
    const auto rules = active_rules_();
    for (auto& each : batch)
        if (auto* arrived = std::get_if<delivery>(&each)) reader_.read(*arrived, rules);
}

}  // namespace kindred::runtime
