#pragma once
#include "engine/dispatch/settings.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/self_service/article_choice.hpp"
#include "engine/runtime/self_service/sent_article.hpp"
#include "engine/runtime/step.hpp"

#include <optional>

namespace kindred::runtime {

/// Sends the article to the customer of a ticket that was just opened. `plan`: what the ticket goes on with once agents
/// may be offered it.
void answer_with_article(step& in, ticket& about, const channel_entry& via, const article_choice& chosen,
                         dispatch::ticket_plan plan);

/// What the buttons beside an article send, in the words of either, or the digits below it: then it is on record as
/// that and no contact, the ticket is over or waits for a person. None: it is a contact like any other.
std::optional<outcome> word_on_article(step& in, const channel_entry& via, const channel::record& happened,
                                       ticket& about);

/// The same from the page that the links open. errc::not_found: no article was sent in that line; errc::timed_out: too
/// late, or the ticket is over; errc::conflict: somebody is at the ticket. Nothing is changed then.
result<void> word_on_article_by_link(step& in, ticket& about, std::uint32_t entry, article_word said);

/// The customer wrote something else: people read it, and are offered the ticket from now on.
void wrote_after_article(step& in, ticket& about);

}  // namespace kindred::runtime
