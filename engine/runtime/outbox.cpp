#include "engine/runtime/outbox.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/runtime/reply_context.hpp"

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

http::http_call to_http(channel::provider_call call) {
    http::http_call made;
    made.method = std::move(call.method);
    made.url = std::move(call.url);
    made.headers = std::move(call.headers);
    made.body = std::move(call.body);
    made.user = std::move(call.user);
    made.password = std::move(call.password);
    return made;
}

http::smtp_call to_smtp(channel::provider_call call) {
    http::smtp_call made;
    made.url = std::move(call.url);
    made.from = std::move(call.envelope_from);
    made.recipients = std::move(call.envelope_to);
    made.message = std::move(call.body);
    made.user = std::move(call.user);
    made.password = std::move(call.password);
    made.starttls = http::smtp_call::tls::when_offered;
    return made;
}

channel::delivery judge(const channel::connector& via, const result<http::client_response>& answered) {
    if (answered) return via.judge({answered->status, answered->headers, answered->body});
    const auto& failed = answered.error();
    const bool hopeless = failed.code == errc::invalid || failed.code == errc::forbidden;
    return outcome_of(hopeless ? state::failed : state::retry, failed.message);
}

}  // namespace

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
            if (lane.state != lane_state::ready) continue;
            if (lane.due <= now) {
                lane.state = lane_state::on_its_way;
                return lane.messages.front();
            }
            if (!soonest || lane.due < *soonest) soonest = lane.due;
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
    const auto* via = channels_.find(message.channel);
    if (via == nullptr) return finished(message, outcome_of(state::failed, "the channel is no longer configured"));
    const auto content = outgoing_from_json(message.json);
    auto call = via->works->deliver(content);
    if (!call) return finished(message, outcome_of(state::failed, call.error().message));
    if (call->via == channel::transport::chat_session) return push_to_chat(message, *call);
    call_out(message, std::move(*call), via->works);
}

void outbox::push_to_chat(const store::outbox_row& message, const channel::provider_call& call) {
    json::writer frame;
    frame.begin_object().member("number", chat_number(message.ticket, message.entry));
    if (call.body.size() > 2) frame.raw(std::string_view(call.body).substr(1, call.body.size() - 2));
    const auto text = std::make_shared<const std::string>(frame.end_object().take());
    if (chats_ != nullptr && chats_->push(message.channel, call.session, text))
        return finished(message, outcome_of(state::sent, {}));
    // The visitor is away: his chat shows the message when he comes back.
    const std::lock_guard hold(mutex_);
    auto& lane = lanes_[message.ticket];
    lane.state = lane_state::parked;
    lane.visitor = call.session;
}

void outbox::call_out(const store::outbox_row& message, channel::provider_call call,
                      std::shared_ptr<const channel::connector> via) {
    auto then = [this, message, via = std::move(via)](result<http::client_response> answered) {
        finished(message, judge(*via, answered));
    };
    const bool mail = call.via == channel::transport::smtp;
    const bool taken =
        mail ? calls_.submit(to_smtp(std::move(call)), then) : calls_.submit(to_http(std::move(call)), then);
    if (!taken) finished(message, outcome_of(state::retry, "too many calls to providers at once"));
}

void outbox::finished(const store::outbox_row& message, channel::delivery became) {
    const auto attempts = message.attempts + 1;
    const auto now = now_.now();
    const auto sent_at = outgoing_from_json(message.json).at;
    if (became.outcome == state::retry && !worth_another_try(attempts, now - sent_at)) {
        became.outcome = state::failed;
        became.reason += " (given up after " + std::to_string(attempts) + " tries)";
    }
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
            if (!lane.messages.empty()) lane.due = lane.messages.front().due;
        }
        lane.state = lane_state::ready;
        if (lane.messages.empty()) lanes_.erase(found);
    }
    changed_.notify_all();
}

}  // namespace kindred::runtime
