#pragma once
#include "engine/runtime/inputs.hpp"

#include <functional>
#include <optional>

/// What is kept for how long (docs/customers.md).
namespace kindred::runtime {

/// Since when something has not been touched, until it goes; none: it stays for ever.
struct retention_settings {
    std::optional<duration> attachments = {};
    std::optional<duration> closed_tickets = {};
    std::optional<duration> contact_texts = {};  ///< what was written in closed tickets, which stay
    std::optional<duration> customers = {};      ///< without tickets
    std::optional<duration> journeys = {};       ///< what happened with customers outside tickets; merges stay
    std::optional<duration> audit = {};          ///< records of the audit log, the first ones first

    bool any() const { return attachments || closed_tickets || contact_texts || customers || journeys || audit; }
};

/// Hands an input to the writer and waits until that is durable.
using settle_input = std::function<result<std::string>(input)>;
/// How many of a kind went.
using count_retired = std::function<void(const std::string& kind, std::uint64_t count)>;

/// Walks over the whole store once and removes what its time is over for, some at a time. Blocks. Ends early, without
/// harm, when something cannot be taken in or `stopped` says so: the next walk does the rest.
result<void> retire_what_is_due(store::store& from, const retention_settings& keep, time_point now,
                                const settle_input& settle, const count_retired& counted,
                                const std::function<bool()>& stopped);

}  // namespace kindred::runtime
