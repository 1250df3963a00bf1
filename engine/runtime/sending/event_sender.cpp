#include "engine/runtime/sending/event_sender.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/standard_webhook.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 100;
constexpr std::size_t most_at_once = 8;  // of one subscription
constexpr duration look_every = std::chrono::seconds{10};
constexpr duration longest_wish = std::chrono::hours{24};

std::string key_of(const store::kept_row& row) { return row.kind + ' ' + row.id; }

store::kept_row gone(const store::kept_row& row) { return {row.kind, row.id, row.at, {}, true}; }

/// From 0 to 1.
double jitter() {
    const auto byte = static_cast<unsigned char>(random_bytes(1).front());
    return static_cast<double>(byte) / 255;
}

duration asked_to_wait(const http::client_response& got) {
    for (const auto& [name, value] : got.headers) {
        if (!equal_ignoring_case(name, "retry-after")) continue;
        if (const auto seconds = parse_number(trim(value)))
            return std::min<duration>(std::chrono::seconds{std::min<std::uint64_t>(*seconds, 86'400)}, longest_wish);
    }
    return duration{0};
}

}  // namespace

event_sender::event_sender(std::vector<event_subscription> subscriptions, http::client& calls, store::store& durable,
                           const clock& now, submit to_writer, counted count)
    : subscriptions_(std::move(subscriptions)),
      calls_(calls),
      durable_(durable),
      now_(now),
      to_writer_(std::move(to_writer)),
      count_(std::move(count)) {}

void event_sender::begin() {
    if (!subscriptions_.empty()) thread_ = std::jthread([this] { run(); });
}

event_sender::~event_sender() { stop(); }

void event_sender::stop() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void event_sender::wake() {
    {
        const std::lock_guard hold(mutex_);
        wanted_ = true;
    }
    changed_.notify_all();
}

void event_sender::run() {
    while (true) {
        const auto next = deliver_due();
        std::unique_lock hold(mutex_);
        const auto patience = std::clamp<duration>(next - now_.now(), duration{10}, look_every);
        changed_.wait_for(hold, patience, [this] { return stopping_ || wanted_; });
        if (stopping_) return;
        wanted_ = false;
    }
}

time_point event_sender::deliver_due() {
    const auto now = now_.now();
    auto next = now + look_every;
    for (const auto& each : subscriptions_) {
        const auto off = durable_.kept_one(silent_rows, each.name);
        // Another address is another endpoint: it has not said 410.
        if (off && off->bytes == each.url) continue;
        next = std::min(next, deliver_due(each, event_rows, now));
        next = std::min(next, deliver_due(each, event_retry_rows, now));
    }
    return next;
}

time_point event_sender::deliver_due(const event_subscription& to, std::string_view kind, time_point now) {
    const auto rows = durable_.kept(kind, to.name + '/', {}, rows_at_once);
    if (!rows) return now + look_every;
    for (const auto& row : *rows) {
        if (due_of(row) > now) return due_of(row);
        {
            const std::lock_guard hold(mutex_);
            const auto prefix = std::string(kind) + ' ' + to.name + '/';
            const auto flying = std::count_if(in_flight_.begin(), in_flight_.end(),
                                              [&](const auto& key) { return key.starts_with(prefix); });
            if (stopping_ || static_cast<std::size_t>(flying) >= most_at_once) break;
            if (!in_flight_.insert(key_of(row)).second) continue;
        }
        attempt(to, row);
    }
    return now + look_every;
}

void event_sender::attempt(const event_subscription& to, const store::kept_row& row) {
    auto event = event_from(row);
    if (!event) {
        log::error("an event cannot be read", {{"id", row.id}});
        auto dead = row;
        dead.kind = dead_event_rows;
        return settle(key_of(row), {gone(row), std::move(dead)});
    }
    http::http_call call;
    call.url = to.url;
    call.body = event->body;
    call.headers = {{"Content-Type", "application/json"}};
    for (auto& each : channel::standard_webhook_headers(to.secrets, event->id, now_.now(), call.body))
        call.headers.push_back(std::move(each));
    call.within = std::chrono::seconds{20};
    const auto outcome = [this, &to, row, event = *event](const result<http::client_response>& got) {
        ended(to, row, event, got);
    };
    if (!calls_.submit(std::move(call), outcome)) {
        const std::lock_guard hold(mutex_);
        in_flight_.erase(key_of(row));
    }
}

void event_sender::ended(const event_subscription& to, const store::kept_row& row, outgoing_event event,
                         const result<http::client_response>& got) {
    if (got && got->status >= 200 && got->status < 300) {
        count_(to.name, "delivered");
        return settle(key_of(row), {gone(row)});
    }
    ++event.attempts;
    event.reason = got ? "answered " + std::to_string(got->status) : got.error().message;
    const bool never_again = got && got->status == 410;
    auto pause = never_again ? std::nullopt : next_attempt_after(event.attempts, jitter());
    std::vector<store::kept_row> rows{gone(row)};
    if (never_again) {
        log::warn("an event subscription asked not to be called again", {{"subscription", to.name}});
        rows.push_back({std::string(silent_rows), to.name, now_.now(), to.url});
    }
    if (pause) {
        if (got) pause = std::max(*pause, asked_to_wait(*got));
        rows.push_back(to_row(event, event_retry_rows, now_.now() + *pause));
    } else {
        log::warn("an event is given up", {{"subscription", to.name}, {"id", event.id}, {"err", event.reason}});
        rows.push_back(to_row(event, dead_event_rows, event.at));
    }
    count_(to.name, pause ? "retried" : "dead");
    settle(key_of(row), std::move(rows));
}

/// Not taken by the writer now: the row is still there, and the event is sent once more under the same id.
void event_sender::settle(const std::string& row, std::vector<store::kept_row> rows) {
    const auto let_go = [this, row] {
        {
            const std::lock_guard hold(mutex_);
            in_flight_.erase(row);
            wanted_ = true;
        }
        changed_.notify_all();
    };
    register_change change{registers::row_change{std::move(rows)}, [let_go](const auto&) { let_go(); }};
    if (!to_writer_(std::move(change))) let_go();
}

result<void> replay_dead_events(store::store& durable, const event_sender::submit& to_writer,
                                const std::string& subscription, const std::string& id, time_point now,
                                std::function<void(result<std::size_t>)> done) {
    constexpr std::size_t most = 1'000;
    const auto dead = durable.kept(dead_event_rows, id.empty() ? subscription + '/' : id, {}, most);
    if (!dead) return dead.error();
    registers::row_change back;
    std::size_t count = 0;
    for (const auto& row : *dead) {
        auto event = event_from(row);
        if (!event || event->subscription != subscription) continue;
        event->attempts = 0;
        event->reason.clear();
        back.rows.push_back(gone(row));
        back.rows.push_back(to_row(*event, event_rows, now));
        ++count;
    }
    if (!id.empty() && count == 0) return fail(errc::not_found, "there is no dead event " + id);
    back.rows.push_back({std::string(silent_rows), subscription, now, {}, true});
    register_change change{std::move(back), {}};
    change.done = [done = std::move(done), count](const result<std::string>& said) {
        done(said ? result<std::size_t>(count) : said.error());
    };
    if (!to_writer(std::move(change))) return fail(errc::overloaded, "this cannot be taken in now: try again");
    return {};
}

}  // namespace kindred::runtime
