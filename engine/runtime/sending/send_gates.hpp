#pragma once
#include "engine/base/rate.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// Whether a provider's host is called: `open` keeps calls back after failures in a row, `half_open` lets one try.
enum class circuit_state { closed = 0, half_open = 1, open = 2 };
std::string_view name_of(circuit_state state);

/// When a channel may send and whether a host may be called: the provider's limits and its failures, in one place.
/// Not thread-safe.
class send_gates {
public:
    /// Failures in a row that open a circuit, and for how long: doubled with each probe that fails.
    static constexpr unsigned failures_that_open = 5;
    static constexpr duration first_pause = std::chrono::seconds{15};
    static constexpr duration longest_pause = std::chrono::minutes{10};

    /// The earliest time at which the channel may send one more: now, or later.
    time_point next(std::string_view channel, const std::optional<rate>& limit, time_point now) const;
    /// Counts one message of the channel.
    void take(const std::string& channel, const std::optional<rate>& limit, time_point now);
    /// The provider asked to wait (429 with Retry-After): nothing of this channel goes before `until`.
    void pause(const std::string& channel, time_point until);
    std::optional<time_point> paused_until(std::string_view channel, time_point now) const;

    /// Asks for one call. Nothing when it may be made, else when to ask again. A half-open circuit lets one through.
    std::optional<time_point> ask(const std::string& host, time_point now);
    /// What became of a call that ask() let through. Gives the state when it has changed.
    std::optional<circuit_state> note(const std::string& host, bool worked, time_point now);

    struct circuit {
        std::string host;
        circuit_state state = circuit_state::closed;
        unsigned failures = 0;  ///< in a row
        time_point until;       ///< of an open one: the next probe
    };
    /// Hosts that failed lately, by name.
    std::vector<circuit> circuits() const;

private:
    struct gate {
        allowance rhythm;
        time_point paused_until;
    };
    struct held {
        unsigned failures = 0;
        bool probing = false;
        bool broken = false;
        duration pause{0};
        time_point until;
    };
    static circuit_state state_of(const held& one) {
        if (!one.broken) return circuit_state::closed;
        return one.probing ? circuit_state::half_open : circuit_state::open;
    }

    std::map<std::string, gate, std::less<>> channels_;
    std::map<std::string, held, std::less<>> hosts_;  ///< those whose last call failed
};

/// "api.example.com:443" of an absolute address: what a circuit is for. Empty for what is no address.
std::string host_and_port(std::string_view url);

}  // namespace kindred::runtime
