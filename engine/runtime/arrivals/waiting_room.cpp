#include "engine/runtime/arrivals/waiting_room.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/runtime/arrivals/asking_reader.hpp"
#include "engine/runtime/people/registers.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 20;  // one may be of some megabytes
constexpr std::size_t most_at_once = 8;
constexpr duration look_every = std::chrono::seconds{5};
constexpr duration longest_pause = std::chrono::minutes{30};
/// What has not come back by then was lost on its way, as with a store that could not be asked: it is tried once more.
constexpr duration lost_after = std::chrono::minutes{10};

duration pause_after(unsigned tries) {
    return std::min<duration>(std::chrono::seconds{5} * (1U << std::min(tries, 10U)), longest_pause);
}

bool is_settled(const std::vector<outcome>& outcomes) {
    return std::none_of(outcomes.begin(), outcomes.end(), [](const outcome& each) {
        return each.what == outcome::state::refused || each.what == outcome::state::quarantined;
    });
}

}  // namespace

waiting_room::waiting_room(store::store& durable, const channel_directory& channels, inquiries& asks, const clock& now,
                           submit to_intake, count counts)
    : durable_(durable),
      channels_(channels),
      asks_(asks),
      now_(now),
      to_intake_(std::move(to_intake)),
      count_(std::move(counts)) {}

waiting_room::~waiting_room() { stop(); }

void waiting_room::begin() {
    thread_ = std::jthread([this] { run(); });
}

void waiting_room::stop() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void waiting_room::keep(const channel_entry& via, const std::shared_ptr<const raw_request>& raw,
                        std::function<void(bool)> done) {
    if (raw->body.size() > most_quarantined_bytes) return done(false);
    const auto row =
        to_row({{}, via.name, std::string(reason), "waits for an answer from elsewhere", now_.now(), *raw});
    register_change kept{registers::quarantine_add{row, via.name}, {}};
    const auto answer = std::make_shared<std::function<void(bool)>>(std::move(done));
    kept.done = [this, id = row.id, answer](const result<std::string>& said) {
        const auto added = said ? json::document::parse(*said) : json::document::parse("{}");
        const bool is_new = added && (*added)["changed"].boolean().value_or(false);
        bool here = is_new;
        {
            const std::lock_guard hold(mutex_);
            if (is_new)
                turns_.try_emplace(id, turn{now_.now(), 0, false});
            else
                here = turns_.contains(id);  // the provider has repeated itself; else there is no room
            wanted_ = true;
        }
        changed_.notify_all();
        (*answer)(here);
    };
    if (!to_intake_(std::move(kept))) (*answer)(false);
}

void waiting_room::run() {
    load();
    while (true) {
        try_due();
        std::unique_lock hold(mutex_);
        auto next = now_.now() + look_every;
        // With all places taken, the next one comes when one of them is free: that wakes this thread.
        if (on_their_way() < most_at_once)
            for (const auto& [id, each] : turns_) next = std::min(next, each.due);
        const auto patience = std::clamp<duration>(next - now_.now(), duration{10}, look_every);
        changed_.wait_for(hold, patience, [this] { return stopping_ || wanted_; });
        if (stopping_) return;
        wanted_ = false;
    }
}

void waiting_room::load() {
    std::string last;
    while (true) {
        const auto rows = durable_.kept(quarantine_rows, {}, last, rows_at_once);
        if (!rows) return log::error("what waits for answers cannot be read", {{"err", rows.error().message}});
        if (rows->empty()) return;
        last = rows->back().id;
        const std::lock_guard hold(mutex_);
        for (const auto& row : *rows)
            if (const auto held = quarantined_from(row); held && held->reason == reason)
                turns_.try_emplace(row.id, turn{now_.now(), 0, false});
    }
}

std::size_t waiting_room::on_their_way() const {
    return static_cast<std::size_t>(std::count_if(turns_.begin(), turns_.end(), [now = now_.now()](const auto& each) {
        return each.second.on_its_way && each.second.due > now;
    }));
}

void waiting_room::try_due() {
    std::vector<std::string> due;
    {
        const std::lock_guard hold(mutex_);
        auto busy = on_their_way();
        for (auto& [id, each] : turns_) {
            if (stopping_ || busy >= most_at_once) break;
            if (each.due > now_.now()) continue;
            each.on_its_way = true;
            each.due = now_.now() + lost_after;
            ++busy;
            due.push_back(id);
        }
    }
    for (const auto& id : due) try_one(id);
}

void waiting_room::try_one(const std::string& id) {
    const auto row = durable_.kept_one(quarantine_rows, id);
    const auto held = row ? quarantined_from(*row) : result<quarantined>(row.error());
    if (!held) {
        if (held.error().code != errc::not_found)
            log::error("what waits for an answer cannot be read", {{"id", id}, {"err", held.error().message}});
        const std::lock_guard hold(mutex_);
        turns_.erase(id);  // somebody has dropped it
        return;
    }
    take_again(*held, [this, id, arrived = held->at](const result<std::vector<outcome>>& became) {
        tried(id, arrived, became);
    });
}

void waiting_room::tried(const std::string& id, time_point arrived, const result<std::vector<outcome>>& became) {
    const bool settled = became && is_settled(*became);
    const bool too_old = now_.now() - arrived > tried_for;
    {
        const std::lock_guard hold(mutex_);
        const auto found = turns_.find(id);
        if (found == turns_.end()) return;
        if (settled || too_old)
            turns_.erase(found);
        else
            found->second = {now_.now() + pause_after(found->second.tries), found->second.tries + 1, false};
        wanted_ = true;
    }
    changed_.notify_all();
    if (settled) return;
    log::warn(too_old ? "what waits for an answer is tried no more: it stays in quarantine"
                      : "what waits for an answer cannot be taken in yet",
              {{"id", id}, {"err", became ? std::string("not taken now") : became.error().message}});
}

void waiting_room::take_again(const quarantined& held, const taken_in& done) {
    const auto* via = channels_.find(held.channel);
    if (via == nullptr) return done(fail(errc::conflict, "channel " + held.channel + " is no longer configured"));
    const reading what{via, std::make_shared<const raw_request>(held.request), held.at, false};
    read_asking(asks_, now_, what, [this, held, via, done](result<channel::reception> said) {
        if (!said) return done(fail(errc::conflict, "it still cannot be read: " + said.error().message));
        if (!said->refused.empty())
            return done(fail(errc::conflict, "the channel still refuses it: " + said->refused +
                                                 (said->reply.body.empty() ? "" : ": " + said->reply.body)));
        taken(held, *via, std::move(*said), done);
    });
}

void waiting_room::taken(const quarantined& held, const channel_entry& via, channel::reception received,
                         const taken_in& done) {
    delivery again{&via, std::move(received.records), {}, {}, {}};
    // A bug in the writer must not put it into quarantine a second time as something else.
    again.raw = std::make_shared<const raw_request>(held.request);
    again.done = [this, id = held.id, channel = held.channel, done](std::vector<outcome> outcomes) {
        for (const auto& each : outcomes) count_(channel, each);
        if (!is_settled(outcomes)) return done(std::move(outcomes));
        register_change drop{registers::quarantine_drop{id}, {}};
        drop.done = [done, outcomes = std::move(outcomes)](const result<std::string>&) { done(outcomes); };
        if (!to_intake_(std::move(drop))) done(fail(errc::overloaded, "this cannot be taken in now: try again"));
    };
    if (!to_intake_(std::move(again))) done(fail(errc::overloaded, "this cannot be taken in now: try again"));
}

}  // namespace kindred::runtime
