#pragma once
#include "engine/runtime/site.hpp"

#include <optional>
#include <string>

namespace kindred::api {

/// The summary object of a stored ticket, with its nearest target where it has one.
result<std::string> summary_of(runtime::site& site, const store::ticket_row& row,
                               const std::optional<dispatch::due_target>& due = std::nullopt);

/// Everything about a ticket: summary, conversation, decision, script, articles, deliveries.
result<std::string> whole_ticket(runtime::site& site, ticket_id id, const std::optional<dispatch::due_target>& due);

/// The stored decision, and the rules' account of it on the facts of its contact, as JSON members.
result<std::string> why_this_queue(runtime::site& site, ticket_id id);

}  // namespace kindred::api
