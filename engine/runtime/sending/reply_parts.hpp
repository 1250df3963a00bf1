#pragma once
#include "engine/base/json.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// The messages that carry a reply: several where its text is too long for one, or where files travel alone. Each has
/// what writing to the customer of that context needs. Refused, with what to do instead, is what the provider would
/// refuse: errc::invalid     a template that is not approved or lacks parameters, files where none can go, no content
/// at all; errc::conflict    a free text after the time in which the provider takes them; errc::too_large   a text over
/// the channel's limit that is not to be split.
result<std::vector<channel::outgoing>> reply_parts(const channel_entry& via, std::string_view reply_context,
                                                   const action::reply& said, time_point now);

/// errc::conflict where the provider takes no free text now, because the customer of that context wrote too long ago or
/// never; the message names the approved templates.
result<void> check_window(const channel_entry& via, std::string_view reply_context, time_point now);

/// What the history shows of a reply beside its text: `"template":{...}`, `"files":[...]`.
void write_reply_extras(json::writer& out, const action::reply& said);

}  // namespace kindred::runtime
