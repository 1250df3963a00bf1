#include "engine/runtime/sending/send_gates.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::runtime {

std::string_view name_of(circuit_state state) {
    switch (state) {
        case circuit_state::closed: return "closed";
        case circuit_state::half_open: return "half_open";
        case circuit_state::open: return "open";
    }
    return "closed";
}

time_point send_gates::next(std::string_view channel, const std::optional<rate>& limit, time_point now) const {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return now;
    const auto in_rhythm = limit ? found->second.rhythm.next(*limit, now) : now;
    return std::max(in_rhythm, found->second.paused_until);
}

void send_gates::take(const std::string& channel, const std::optional<rate>& limit, time_point now) {
    if (limit) channels_[channel].rhythm.take(*limit, now);
}

void send_gates::pause(const std::string& channel, time_point until) {
    auto& held = channels_[channel].paused_until;
    held = std::max(held, until);
}

std::optional<time_point> send_gates::paused_until(std::string_view channel, time_point now) const {
    const auto found = channels_.find(channel);
    if (found == channels_.end() || found->second.paused_until <= now) return std::nullopt;
    return found->second.paused_until;
}

std::optional<time_point> send_gates::ask(const std::string& host, time_point now) {
    const auto found = hosts_.find(host);
    if (found == hosts_.end() || !found->second.broken) return std::nullopt;
    auto& one = found->second;
    // A probe that never comes back gives its turn to the next after the same pause.
    if (now < one.until) return one.until;
    one.probing = true;
    one.until = now + one.pause;
    return std::nullopt;
}

std::optional<circuit_state> send_gates::note(const std::string& host, bool worked, time_point now) {
    const auto found = hosts_.find(host);
    const auto before = found == hosts_.end() ? circuit_state::closed : state_of(found->second);
    if (worked) {
        if (found != hosts_.end()) hosts_.erase(found);
        return before == circuit_state::closed ? std::nullopt : std::optional(circuit_state::closed);
    }
    auto& one = hosts_[host];
    ++one.failures;
    // Calls that were on their way when the circuit opened say nothing new.
    const bool opens = one.broken ? one.probing : one.failures >= failures_that_open;
    if (!opens) return std::nullopt;
    one.pause = one.broken ? std::min(one.pause * 2, longest_pause) : first_pause;
    one.broken = true;
    one.probing = false;
    one.until = now + one.pause;
    return circuit_state::open;
}

std::vector<send_gates::circuit> send_gates::circuits() const {
    std::vector<circuit> found;
    for (const auto& [host, one] : hosts_) found.push_back({host, state_of(one), one.failures, one.until});
    return found;
}

std::string host_and_port(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return {};
    const auto scheme = url.substr(0, scheme_end);
    auto host = url.substr(scheme_end + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    host = host.substr(host.rfind('@') == std::string_view::npos ? 0 : host.rfind('@') + 1);
    auto named = to_lower_ascii(host);
    const auto colon = named.rfind(':');
    const bool has_port = colon != std::string::npos && named.find(']', colon) == std::string::npos;
    if (!has_port) named += scheme == "https" ? ":443" : scheme == "http" ? ":80" : scheme == "smtps" ? ":465" : ":25";
    return named;
}

}  // namespace kindred::runtime
