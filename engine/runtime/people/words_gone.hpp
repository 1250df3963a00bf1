#pragma once
#include "engine/runtime/tickets/ticket_book.hpp"
#include "engine/store/rows.hpp"

#include <optional>
#include <string>

/// What is left of a ticket whose words' time is over: when what happened, by whom and with what figures, so that
/// reports stay what they were; nothing that anybody wrote.
namespace kindred::runtime {

/// The line of a history without what was written; none: nobody wrote anything there.
std::optional<store::entry_row> without_words(const store::entry_row& line);
/// Whether a contact is one of which only that is left.
bool has_lost_its_words(const store::entry_row& contact);
/// The message that carried a reply, once it is sent or has failed.
store::outbox_row without_words(store::outbox_row message);
/// Takes them from the ticket itself: subject, what answering needs of the contact's words, answers to surveys.
void lose_words(ticket& about);
bool has_lost_its_words(const ticket& about);

}  // namespace kindred::runtime
