#include "engine/runtime/desks/desk_hub.hpp"

#include "engine/base/json.hpp"

#include <algorithm>
#include <utility>

namespace kindred::runtime {
namespace {

constexpr std::size_t most_frames = 5'000;
constexpr std::size_t most_bytes = std::size_t{4} << 20U;
constexpr duration kept_for = std::chrono::hours{24};
// What a session's outbox surely takes at once (http::server_settings): a backlog that does not fit would be cut off
// again and again, and a snapshot says the same in less.
constexpr std::size_t most_missed_frames = 200;
constexpr std::size_t most_missed_bytes = std::size_t{512} << 10U;

http::shared_text frame(std::uint64_t seq, std::string_view type, std::string_view members) {
    json::writer out;
    out.begin_object().member("seq", seq).member("type", type);
    if (!members.empty()) out.raw(members);
    return std::make_shared<const std::string>(out.end_object().take());
}

}  // namespace

desk_hub::agent_desks& desk_hub::desks_of(agent_id agent) {
    auto& found = agents_[agent];
    if (found.last == 0) found.last = first_seq_;
    return found;
}

void desk_hub::trim(agent_desks& of, time_point now) {
    while (!of.sent.empty() &&
           (of.sent.size() > most_frames || of.bytes > most_bytes || of.sent.front().at + kept_for < now)) {
        of.bytes -= of.sent.front().text->size();
        of.sent.pop_front();
    }
}

bool desk_hub::fits_a_session(const agent_desks& of, std::uint64_t after) {
    std::size_t frames = 0;
    std::size_t bytes = 0;
    for (auto each = of.sent.rbegin(); each != of.sent.rend() && each->seq > after; ++each) {
        bytes += each->text->size();
        if (++frames > most_missed_frames || bytes > most_missed_bytes) return false;
    }
    return true;
}

bool desk_hub::resume(agent_id agent, std::uint64_t after, const std::shared_ptr<http::websocket>& desk,
                      time_point now) {
    const std::lock_guard hold(mutex_);
    auto& mine = desks_of(agent);
    const bool nothing_missed = after == mine.last;
    const bool all_kept = !mine.sent.empty() && mine.sent.front().seq <= after + 1 && after < mine.last;
    if (!nothing_missed && (!all_kept || !fits_a_session(mine, after))) return false;
    for (const auto& each : mine.sent)
        if (each.seq > after && !desk->send(each.text))
            return true;  // too slow to catch up: closed with 1013, comes back
    mine.open.push_back(desk);
    for (const auto& type : std::exchange(mine.unheard, {})) push(mine, type, latest_.find(type)->second, now);
    return true;
}

void desk_hub::begin(agent_id agent, const std::shared_ptr<http::websocket>& desk, std::string_view snapshot,
                     bool reset) {
    const std::lock_guard hold(mutex_);
    auto& mine = desks_of(agent);
    if (reset && !desk->send(frame(mine.last, "reset", {}))) return;
    if (!desk->send(frame(mine.last, "snapshot", snapshot))) return;
    mine.open.push_back(desk);
    mine.unheard.clear();  // a snapshot has all that is broadcast
}

void desk_hub::push(agent_desks& to, std::string_view type, std::string_view members, time_point now) {
    auto text = frame(++to.last, type, members);
    // A desk whose outbox is full has been closed by its session; it resumes by seq.
    std::erase_if(to.open, [&](const auto& desk) { return !desk->send(text); });
    to.bytes += text->size();
    to.sent.push_back({to.last, now, std::move(text)});
    trim(to, now);
}

void desk_hub::publish(agent_id agent, std::string_view type, std::string_view members, time_point now) {
    const std::lock_guard hold(mutex_);
    push(desks_of(agent), type, members, now);
}

void desk_hub::broadcast(std::string_view type, std::string_view members, time_point now) {
    const std::lock_guard hold(mutex_);
    latest_.insert_or_assign(std::string(type), std::string(members));
    for (auto& [agent, mine] : agents_)
        if (mine.open.empty())
            mine.unheard.emplace(type);
        else
            push(mine, type, members, now);
}

bool desk_hub::leave(agent_id agent, const http::websocket* desk) {
    const std::lock_guard hold(mutex_);
    auto& mine = desks_of(agent);
    std::erase_if(mine.open, [&](const auto& each) { return each.get() == desk; });
    return mine.open.empty();
}

void desk_hub::close(agent_id agent, http::close_code code, std::string_view reason) {
    const std::lock_guard hold(mutex_);
    for (const auto& desk : desks_of(agent).open) desk->close(code, reason);
}

std::size_t desk_hub::open_desks() const {
    const std::lock_guard hold(mutex_);
    std::size_t count = 0;
    for (const auto& [agent, mine] : agents_) count += mine.open.size();
    return count;
}

}  // namespace kindred::runtime
