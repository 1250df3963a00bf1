#pragma once
#include "engine/channel/record.hpp"
#include "engine/runtime/step.hpp"

#include <optional>
#include <string>

namespace kindred::runtime {

/// Under whom it is kept that a customer must not be written to, whatever the address.
std::string subject_of(customer_id customer);
/// Under whom it is kept that somebody must not be written to: the customer, and every identity of whoever wrote last.
std::vector<std::string> subjects_of(const world& on, const ticket& about);

/// Why a message to the ticket's customer must not be sent at `now`, in words for agents; nothing when it may.
/// A caller on the line is not written to: calls are always put through.
std::optional<std::string> why_not_to_write(const world& on, const ticket& about, bool automatic, time_point now);

/// What a contact says about being written to: STOP and its like forbid it for this kind of channel, START allows it.
void note_consent(step& in, const channel_entry& via, const channel::record& happened, const ticket& about);

/// A complaint of the customer (spam button): nothing automatic any more.
void note_complaint(step& in, const channel_entry& via, const ticket& about);

/// Takes back the waiting messages to those who must not be written to.
void withdraw_forbidden(step& in);

/// Puts it into force and on record.
void forbid(step& in, customers::do_not_contact stop);
/// False when nothing was forbidden.
bool allow_again(step& in, const customers::do_not_contact& stop);

}  // namespace kindred::runtime
