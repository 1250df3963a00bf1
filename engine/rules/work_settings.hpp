#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/channel_kind.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kindred::rules {

/// What routing.yaml says about work in general, beside costs.
struct work_settings {
    /// While an agent holds a ticket of the first kind, none of the others are offered.
    std::map<channel_kind, std::vector<channel_kind>> pauses;
    /// A ticket of the first kind may be offered as if tickets of the others used no units.
    std::map<channel_kind, std::vector<channel_kind>> interrupts;
    /// After this long an agent that let an offer expire is available again; none: when the agent says so.
    std::optional<duration> not_responding_for;
    std::vector<std::string> dispositions;  ///< outcome codes that tickets are resolved with; empty: any text
    duration longest_wrap_up{600'000};      ///< to which agents may extend one, from its beginning or now
};

}  // namespace kindred::rules
