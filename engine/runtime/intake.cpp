#include "engine/runtime/intake.hpp"

#include "engine/base/log.hpp"
#include "engine/runtime/actions.hpp"
#include "engine/runtime/contacts.hpp"
#include "engine/runtime/redecision.hpp"

#include <iterator>

namespace kindred::runtime {
namespace {

constexpr std::chrono::milliseconds look_up_every{1};

bool needs_look_up(const input& given) {
    return std::holds_alternative<delivery>(given) || std::holds_alternative<ticket_action>(given) ||
           std::holds_alternative<customer_change>(given);
}

void look_up_action(store::store& durable, ticket_action& wanted) {
    if (auto row = durable.ticket(wanted.ticket)) wanted.stored = std::move(*row);
    if (wanted.idempotency_key.empty()) return;
    if (auto seen = durable.find_key({idempotency_space(wanted.by), wanted.idempotency_key}))
        wanted.seen = std::move(*seen);
}

}  // namespace

intake::intake(store::store& durable, bounded_queue<input>& to_writer, std::size_t capacity)
    : durable_(durable), to_writer_(to_writer), queue_(capacity), thread_([this] { run(); }) {}

intake::~intake() { stop(); }

void intake::stop() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

bool intake::submit(input given) { return needs_look_up(given) ? queue_.try_push(given) : to_writer_.try_push(given); }

void intake::run() {
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
        look_up(batch);
        for (auto& each : batch)
            if (!to_writer_.push(std::move(each))) return;
    }
}

void intake::look_up(std::vector<input>& batch) {
    std::vector<store::prefetch_query> questions;
    for (const auto& each : batch)
        if (const auto* arrived = std::get_if<delivery>(&each))
            for (const auto& happened : arrived->records) questions.push_back(question_for(*arrived->via, happened));
    std::vector<store::prefetched> answers;
    if (!questions.empty()) {
        auto found = durable_.prefetch(questions);
        if (!found) {
            log::error("contacts cannot be looked up", {{"err", found.error().message}});
            // Their answers go with them: the provider gets an error and comes back.
            std::erase_if(batch, [](const input& each) { return std::holds_alternative<delivery>(each); });
        } else {
            answers = std::move(*found);
        }
    }
    std::size_t next = 0;
    for (auto& each : batch) {
        if (auto* arrived = std::get_if<delivery>(&each)) {
            for (const auto& happened : arrived->records) {
                auto& known = answers[next++];
                if (const auto named = parse_id<ticket_id>(happened.ticket))
                    if (auto row = durable_.ticket(*named)) known.referenced = std::move(*row);
                std::optional<store::key_row> first;
                if (known.seen)
                    if (auto row = durable_.find_key({arrived->via->name, happened.event_id})) first = std::move(*row);
                arrived->first.push_back(std::move(first));
                arrived->known.push_back(std::move(known));
            }
        } else if (auto* wanted = std::get_if<ticket_action>(&each)) {
            look_up_action(durable_, *wanted);
        } else if (auto* change = std::get_if<customer_change>(&each)) {
            if (auto row = durable_.customer(change->customer)) change->stored = std::move(*row);
            change->waiting = look_up_waiting(durable_, change->customer);
        }
    }
}

}  // namespace kindred::runtime
