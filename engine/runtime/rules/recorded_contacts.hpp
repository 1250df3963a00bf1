#pragma once
#include "engine/rules/backtest.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kindred::runtime {

/// The contacts that opened tickets, as a store has them, with their facts as they were when they were decided: what
/// the decision recorded first, else the customer's attributes as far as they are not younger, else nothing. `kinds`
/// knows the kinds of channels that decisions did not record; may be empty. Reads in pages; `each` is called in the
/// order of the tickets. errc as the store's reads have them.
result<void> for_each_recorded(store::store& from, const rules::ruleset& before, const rules::ruleset& after,
                               std::size_t most, const rules::kind_of_channel& kinds,
                               const std::function<void(rules::recorded_contact&&)>& each);

/// The hash of the ruleset that made a ticket's last decision; empty: none is on record.
std::string ruleset_of_last_decision(const std::vector<store::entry_row>& entries);

/// The facts of that decision, as for_each_recorded() has them; nothing where none is on record. `rules` is its
/// ruleset, or the one to ask instead.
std::optional<rules::given_situation> situation_of_last_decision(const store::ticket_row& row,
                                                                 const std::vector<store::entry_row>& entries,
                                                                 const customer& who, const rules::ruleset& rules,
                                                                 const rules::kind_of_channel& kinds);

}  // namespace kindred::runtime
