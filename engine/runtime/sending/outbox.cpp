#include "engine/runtime/sending/outbox.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/runtime/sending/http_of.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

using state = channel::delivery::state;

channel::delivery outcome_of(state became, std::string reason) {
    channel::delivery made;
    made.outcome = became;
    made.reason = std::move(reason);
    return made;
}

channel::delivery judge(const channel::connector& via, const result<http::client_response>& answered) {
    if (answered) return via.judge({answered->status, answered->headers, answered->body});
    const auto& failed = answered.error();
    const bool hopeless = failed.code == errc::invalid || failed.code == errc::forbidden;
    return outcome_of(hopeless ? state::failed : state::retry, failed.message);
}

}  // namespace

struct outbox::journey {
    store::outbox_row message;
    channel::outgoing content;
    std::shared_ptr<const channel::connector> via;
    std::vector<channel::provider_answer> answers;
    std::string host;
    std::string message_id;
};

duration back_off(std::uint32_t attempts, std::optional<duration> retry_after) {
    const duration longest = std::chrono::minutes{10};
    const duration own = std::min<duration>(std::chrono::seconds{1} * (1U << std::min(attempts - 1, 10U)), longest);
    return std::max(own, retry_after.value_or(duration{0}));
}

bool worth_another_try(std::uint32_t attempts, duration age) { return attempts < 60 && age < std::chrono::hours{24}; }

outbox::outbox(const channel_directory& channels, http::client& calls, const clock& now, report tell)
    : channels_(channels), calls_(calls), now_(now), tell_(std::move(tell)), thread_([this] { run(); }) {}

outbox::~outbox() { stop(); }

void outbox::connect(chat_hub& chats) {
    const std::lock_guard hold(mutex_);
    chats_ = &chats;
}

void outbox::connect(std::function<result<void>(channel::outgoing&)> load_files) {
    const std::lock_guard hold(mutex_);
    load_files_ = std::move(load_files);
}

void outbox::observe(observer hears) {
    const std::lock_guard hold(mutex_);
    observer_ = std::move(hears);
}

void outbox::withdraw(outbox_id message, const std::string& reason) {
    {
        const std::lock_guard hold(mutex_);
        for (auto& [ticket, lane] : lanes_) {
            const auto found = std::find_if(lane.messages.begin(), lane.messages.end(),
                                            [&](const auto& each) { return each.id == message; });
            if (found == lane.messages.end()) continue;
            withdrawn_.insert_or_assign(message, reason);
            if (found != lane.messages.begin()) continue;
            lane.due = now_.now();
            if (lane.state == lane_state::parked) lane.state = lane_state::ready;
        }
    }
    changed_.notify_all();
}

std::optional<std::string> outbox::withdrawn(outbox_id message) const {
    const std::lock_guard hold(mutex_);
    const auto found = withdrawn_.find(message);
    return found == withdrawn_.end() ? std::nullopt : std::optional(found->second);
}

outbox::standing outbox::stands() const {
    const std::lock_guard hold(mutex_);
    standing made;
    for (const auto& [ticket, lane] : lanes_)
        for (const auto& message : lane.messages) ++made.channels[message.channel].pending;
    for (const auto& each : channels_.all())
        if (const auto until = gates_.paused_until(each.name, now_.now()))
            made.channels[each.name].paused_until = until;
    made.circuits = gates_.circuits();
    return made;
}

const std::optional<rate>& outbox::rate_of(const std::string& channel) const {
    static const std::optional<rate> none;
    const auto* via = channels_.find(channel);
    return via == nullptr ? none : via->policy.send_rate;
}

bool outbox::settle(duration patience) {
    const auto is_under_way = [](const auto& each) {
        return each.second.state == lane_state::on_its_way || each.second.state == lane_state::reported;
    };
    std::unique_lock hold(mutex_);
    settles_ = true;
    return changed_.wait_for(hold, patience, [&] { return std::none_of(lanes_.begin(), lanes_.end(), is_under_way); });
}

void outbox::stop() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void outbox::add(store::outbox_row message) {
    {
        const std::lock_guard hold(mutex_);
        auto& lane = lanes_[message.ticket];
        const bool here = std::any_of(lane.messages.begin(), lane.messages.end(),
                                      [&](const auto& each) { return each.id == message.id; });
        if (here && lane.state == lane_state::reported && lane.messages.front().id == message.id)
            lane.state = lane_state::ready;
        if (lane.messages.empty()) lane.due = message.due;
        if (!here) lane.messages.push_back(std::move(message));
    }
    changed_.notify_all();
}

void outbox::visitor_arrived(const std::string& channel, const std::string& visitor) {
    {
        const std::lock_guard hold(mutex_);
        for (auto& [ticket, lane] : lanes_)
            if (lane.state == lane_state::parked && lane.visitor == visitor && lane.messages.front().channel == channel)
                lane.state = lane_state::ready;
    }
    changed_.notify_all();
}

std::size_t outbox::pending() const {
    const std::lock_guard hold(mutex_);
    std::size_t count = 0;
    for (const auto& [ticket, lane] : lanes_) count += lane.messages.size();
    return count;
}

std::optional<store::outbox_row> outbox::next_due(std::unique_lock<std::mutex>& hold) {
    while (!stopping_) {
        const auto now = now_.now();
        std::optional<time_point> soonest;
        for (auto& [ticket, lane] : lanes_) {
            if (lane.state != lane_state::ready || settles_) continue;
            const auto& channel = lane.messages.front().channel;
            const auto& limit = rate_of(channel);
            const auto due = std::max(lane.due, gates_.next(channel, limit, now));
            if (due <= now) {
                lane.state = lane_state::on_its_way;
                gates_.take(channel, limit, now);
                return lane.messages.front();
            }
            if (!soonest || due < *soonest) soonest = due;
        }
        // The wait is short enough that a clock that is set does no harm.
        const auto patience =
            std::min<duration>(soonest ? *soonest - now : std::chrono::seconds{1}, std::chrono::seconds{1});
        changed_.wait_for(hold, patience);
    }
    return std::nullopt;
}

void outbox::run() {
    std::unique_lock hold(mutex_);
    while (const auto message = next_due(hold)) {
        hold.unlock();
        attempt(*message);
        hold.lock();
    }
}

void outbox::attempt(const store::outbox_row& message) {
    if (const auto why = withdrawn(message.id)) return finished(message, outcome_of(state::failed, *why));
    const auto* via = channels_.find(message.channel);
    if (via == nullptr) return finished(message, outcome_of(state::failed, "the channel is no longer configured"));
    auto content = outgoing_from_json(message.json);
    content.attempt_at = now_.now();
    content.attempts = message.attempts;
    if (!content.files.empty()) {
        auto loaded = load_files_ ? load_files_(content) : result<void>(fail(errc::unavailable, "no files are kept"));
        if (!loaded) return finished(message, outcome_of(state::failed, loaded.error().message));
    }
    auto call = via->works->deliver(content);
    if (!call) return finished(message, outcome_of(state::failed, call.error().message));
    if (call->via == channel::transport::chat_session) return push_to_chat(message, *call);
    auto begun = std::make_shared<journey>(journey{message, std::move(content), via->works, {}, {}, {}});
    call_out(std::move(begun), std::move(*call));
}

void outbox::keep_back(const store::outbox_row& message, time_point until, std::string_view why) {
    {
        const std::lock_guard hold(mutex_);
        auto& lane = lanes_[message.ticket];
        lane.due = until;
        lane.state = lane_state::ready;
    }
    changed_.notify_all();
    if (observer_.kept_back) observer_.kept_back(message.channel, why);
}

void outbox::push_to_chat(const store::outbox_row& message, const channel::provider_call& call) {
    json::writer frame;
    frame.begin_object().member("number", chat_number(message.ticket, message.entry));
    if (call.body.size() > 2) frame.raw(std::string_view(call.body).substr(1, call.body.size() - 2));
    const auto text = std::make_shared<const std::string>(frame.end_object().take());
    {
        // Parked before it is tried, so that a visitor who comes back in between is not overlooked.
        const std::lock_guard hold(mutex_);
        auto& lane = lanes_[message.ticket];
        lane.state = lane_state::parked;
        lane.visitor = call.session;
    }
    changed_.notify_all();
    // Otherwise the visitor is away: his chat shows the message when he comes back.
    if (chats_ != nullptr && chats_->push(message.channel, call.session, text))
        return finished(message, outcome_of(state::sent, {}));
    // What a machine says waits for nobody: many never come back, and what is on its way keeps a person's data. Who
    // does finds it in the history.
    if (outgoing_from_json(message.json).automatic)
        finished(message, outcome_of(state::failed, "the visitor is away: the chat shows it to who comes back"));
}

void outbox::call_out(std::shared_ptr<journey> of, channel::provider_call call) {
    const auto& message = of->message;
    of->host = host_and_port(call.url);
    std::optional<time_point> ask_again;
    {
        const std::lock_guard hold(mutex_);
        ask_again = gates_.ask(of->host, now_.now());
    }
    if (ask_again) {
        const auto age = now_.now() - of->content.at;
        if (worth_another_try(message.attempts, age)) return keep_back(message, *ask_again, "circuit");
        return finished(message, outcome_of(state::failed, of->host + " did not answer for too long"));
    }
    of->message_id = call.message_id;
    auto then = [this, of](const result<http::client_response>& got) { answered(of, got); };
    const bool mail = call.via == channel::transport::smtp;
    const bool taken =
        mail ? calls_.submit(smtp_of(std::move(call)), then) : calls_.submit(http_of(std::move(call)), then);
    if (!taken) finished(message, outcome_of(state::retry, "too many calls to providers at once"));
}

void outbox::answered(const std::shared_ptr<journey>& of, const result<http::client_response>& got) {
    auto became = judge(*of->via, got);
    note_call(of->host, of->message.channel, got, became);
    if (got && got->status >= 200 && got->status < 300) {
        of->answers.push_back({got->status, got->headers, got->body});
        auto next = of->via->deliver_further(of->content, of->answers);
        if (!next) return finished(of->message, outcome_of(state::failed, next.error().message));
        if (*next) return call_out(of, std::move(**next));
    }
    if (became.outcome == state::sent && became.provider_message_id.empty())
        became.provider_message_id = of->message_id;
    finished(of->message, std::move(became));
}

/// A host that answers works, whatever it says; one that says it cannot (5xx), or says nothing, does not. A 429 is
/// about the whole channel: none of its messages goes before the time that the provider named.
void outbox::note_call(const std::string& host, const std::string& channel,
                       const result<http::client_response>& answered, const channel::delivery& became) {
    const bool misdirected =
        !answered && (answered.error().code == errc::invalid || answered.error().code == errc::forbidden);
    const bool worked = misdirected || (answered && answered->status != 421 && answered->status < 500) ||
                        (answered && became.outcome != state::retry);
    const bool throttled = answered && answered->status == 429;
    std::optional<circuit_state> changed;
    {
        const std::lock_guard hold(mutex_);
        changed = gates_.note(host, worked, now_.now());
        if (throttled) gates_.pause(channel, now_.now() + back_off(1, became.retry_after));
    }
    if (changed && observer_.circuit) observer_.circuit(host, *changed);
    if (throttled && observer_.kept_back) observer_.kept_back(channel, "retry_after");
}

void outbox::finished(const store::outbox_row& message, channel::delivery became) {
    const auto attempts = message.attempts + 1;
    const auto now = now_.now();
    const auto sent_at = outgoing_from_json(message.json).at;
    if (became.outcome == state::retry && !worth_another_try(attempts, now - sent_at)) {
        became.outcome = state::failed;
        became.reason += " (given up after " + std::to_string(attempts) + " tries)";
    }
    if (became.outcome == state::retry)
        if (auto why = withdrawn(message.id)) became = outcome_of(state::failed, std::move(*why));
    delivery_report report{message.id, became, now, attempts, {}};
    report.done = [this, ticket = message.ticket, id = message.id, became, attempts] {
        settled(ticket, id, became, attempts);
    };
    {
        const std::lock_guard hold(mutex_);
        const auto found = lanes_.find(message.ticket);
        if (found != lanes_.end() && found->second.messages.front().id == message.id)
            found->second.state = lane_state::reported;
    }
    if (tell_(report)) return;
    // What became of it must be on record before the next one goes. Not taken now: the message keeps its turn, and its
    // idempotency key makes the repetition harmless where the provider knows such keys.
    log::warn("a delivery could not be recorded yet", {{"ticket", to_string(message.ticket)}});
    const std::lock_guard hold(mutex_);
    auto& lane = lanes_[message.ticket];
    lane.due = now + back_off(attempts, std::nullopt);
    lane.state = lane_state::ready;
    changed_.notify_all();
}

void outbox::settled(ticket_id of, outbox_id message, const channel::delivery& became, std::uint32_t attempts) {
    {
        const std::lock_guard hold(mutex_);
        const auto found = lanes_.find(of);
        if (found == lanes_.end() || found->second.messages.empty() || found->second.messages.front().id != message)
            return;
        auto& lane = found->second;
        if (became.outcome == state::retry) {
            lane.messages.front().attempts = attempts;
            lane.due = now_.now() + back_off(attempts, became.retry_after);
        } else {
            lane.messages.pop_front();
            withdrawn_.erase(message);
            if (!lane.messages.empty()) lane.due = lane.messages.front().due;
        }
        lane.state = lane_state::ready;
        if (lane.messages.empty()) lanes_.erase(found);
    }
    changed_.notify_all();
}

}  // namespace kindred::runtime
