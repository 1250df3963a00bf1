#pragma once
#include "engine/rules/compiled_rules.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What escalations ask, and when the answer can change.
namespace kindred::rules {

/// A ticket as escalations see it.
struct ticket_facts {
    std::string queue;
    std::string priority;
    std::optional<duration> waiting;      ///< since it began to wait; none while it does not
    std::optional<duration> target_left;  ///< of the nearest target that runs; negative once missed
    std::int64_t transfers = 0;
    std::string disposition;  ///< empty: it is not resolved, or without one
    /// Whether these say where the customer is; else the rules are asked.
    bool placed = false;
    std::vector<chosen_segment> segments;
    std::string stage;
};

/// At which waits, and how much before a target, the answer of an escalation can change by time alone; and what it
/// cannot hold without, so that most tickets need no second look.
struct escalation_moments {
    std::vector<duration> waiting;      ///< rising
    std::vector<duration> target_left;  ///< rising
    std::optional<duration> waits_at_least;
    std::optional<duration> left_at_most;
    double transfers_at_least = 0;
};

escalation_moments moments_of(const escalation_definition& escalation, const conditions::fact_catalog& catalog);

/// Whether it holds of a ticket now. `input` has what else is asked of the contact and its customer.
bool holds(const conditions::condition& when, const compiled_rules& rules, const decision_input& input,
           const ticket_facts& about);
bool holds(const escalation_definition& escalation, const compiled_rules& rules, const decision_input& input,
           const ticket_facts& about);

}  // namespace kindred::rules
