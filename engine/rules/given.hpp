#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/settings/reader.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace kindred::rules {

/// The kind of a channel that the configuration knows, by its name; nothing for others.
using kind_of_channel = std::function<std::optional<channel_kind>(std::string_view name)>;

/// A situation as rule tests, `kindred explain` and backtests state it. What is left out is as a first contact of an
/// unknown customer at noon of 2024-01-01 in the site's time zone would have it.
struct given_situation {
    contact about;
    customer who;
    time_point now;
    std::map<std::string, queue_figures, std::less<>> queues;
    share_overrides shares;

    /// For decide(); this and `board` must outlive the answer.
    decision_input input(const queue_board& board) const { return {about, who, now, board, &shares, true}; }
};

/// Noon of 2024-01-01 in the site's time zone: the time of a test that states none.
time_point default_now(const ruleset& rules);

/// Each reads one part, problems going where the field's go.
given_situation read_given(const settings::field& given, const ruleset& rules, const kind_of_channel& kinds = {});
contact read_contact(const settings::field& given, const ruleset& rules, time_point now,
                     const kind_of_channel& kinds = {});
customer read_customer(const settings::field& given, const ruleset& rules, time_point now);

/// A contact from a request body; errc::invalid names the field.
result<contact> contact_from_json(json::value given, const ruleset& rules, time_point now,
                                  const kind_of_channel& kinds = {});

}  // namespace kindred::rules
