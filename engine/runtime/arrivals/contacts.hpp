#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Takes one record in: finds or makes its customer, continues or opens a ticket, decides and queues it, or says why
/// nothing of that happens. `known` is what the store showed, `goes_on` the ticket into which the one shown was merged;
/// the step's world knows what has changed since. `stated`: a JSON object of what an outside CRM knows of the sender;
/// empty: nothing.
outcome take_record(step& in, const channel_entry& via, const channel::record& happened, const store::prefetched& known,
                    const std::optional<store::ticket_row>& goes_on, std::string_view stated);

/// What intake must look up for a record before take_record() can work.
store::prefetch_query question_for(const channel_entry& via, const channel::record& happened);

/// How long after its end a ticket goes on when its customer writes again; none: never.
std::optional<duration> reopen_within(channel_kind kind);

/// The space of a channel's message ids, which answers refer to.
std::string message_space(std::string_view channel);

}  // namespace kindred::runtime
