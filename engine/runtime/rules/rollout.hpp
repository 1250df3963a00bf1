#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/store/store.hpp"

#include <optional>
#include <string>

namespace kindred::runtime {

struct world;
class step;
struct rules_change;

enum class rollout_mode {
    off = 1,
    shadow,  ///< both decide, the rules in force are acted on, differences are logged and counted
    canary,  ///< for a share of the customers the rules on trial are acted on
};
std::string_view name_of(rollout_mode mode);
std::optional<rollout_mode> rollout_mode_named(std::string_view name);

/// How rules are to be tried before they take over.
struct rollout_wish {
    rollout_mode mode = rollout_mode::shadow;
    double percent = 100;  ///< of the customers, sticky: above 0 to 100; of a canary
};

/// Rules that are on trial beside those in force.
struct rollout {
    rules::ruleset rules;
    rollout_wish how;
    std::string author;
    time_point since;
};

/// What was decided, by whom, and what the others would have decided where they were asked.
struct decided_by_arm {
    rules::decision decided;
    bool on_trial = false;                  ///< by the rules on trial
    std::optional<rules::decision> shadow;  ///< of the rules on trial, where they were asked and not acted on
};

/// Decides with the rules that apply to this customer, and counts by arm.
decided_by_arm decide_by_arm(step& in, const rules::decision_input& input);
/// The rules that apply to this customer.
const rules::ruleset& rules_for(const world& of, customer_id who);

/// Begins or (mode off) ends a trial. errc::invalid for rules with queues that those in force do not have.
result<void> change_rollout(step& in, const rules_change& wanted);
/// No rules are on trial any more: others have come into force.
void end_rollout(step& in);

/// The stored form, and the trial of a store's settings; one whose rules cannot be loaded is over.
inline constexpr std::string_view rollout_setting = "rules_rollout";
std::string to_json(const rollout& trial);
std::optional<rollout> load_rollout(store::store& from, std::string_view setting);

/// The decision's JSON with what the rules on trial would have done, where that differs.
std::string decision_json(const decided_by_arm& made);

}  // namespace kindred::runtime
