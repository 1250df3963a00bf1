#pragma once
#include "engine/channel/connector.hpp"
#include "engine/channel/record.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kindred::runtime {

/// What answering a ticket's customer needs to know of the latest contact, as the JSON kept with the ticket.
/// `arrived`: when we got it; a provider's own time counts where it is earlier.
std::string reply_context_of(const channel::record& happened, std::string_view language, time_point arrived);

/// Stands for the time of a contact where there was none: the agent wrote first.
inline constexpr time_point never_written{};

/// When the customer last wrote; none for tickets that an older program opened.
std::optional<time_point> last_written_at(std::string_view reply_context);
/// The identities of whoever wrote last: "phone:+34...".
std::vector<std::string> identities_of(std::string_view reply_context);

/// Whether an automatic message may be sent in answer (RFC 3834, lists, bounces).
bool may_answer_automatically(std::string_view reply_context);

/// A message to the customer of that context; text, ticket, agent and times are the caller's to fill.
channel::outgoing outgoing_from(std::string_view reply_context);

/// What became of a call, kept with the context of its ticket.
enum class call_mark {
    call_back = 1,  ///< the caller was promised a call
    over,           ///< the line is free
    on_hold         ///< the customer hears music, and the agent nothing
};
void mark(std::string& reply_context, call_mark what);
/// The mark is not there any more.
void unmark(std::string& reply_context, call_mark what);
bool is_marked(std::string_view reply_context, call_mark what);
/// Whether the latest contact is a recorded message.
bool is_voicemail(std::string_view reply_context);

/// The talk of a ticket that may be recorded: whoever called or is called was told so, or has agreed.
struct recorded_talk {
    std::string call;  ///< the one that we placed, where it is not the caller's own
};
/// None: nobody was told, nobody agreed, or the talk with whom we called has not begun or is over.
std::optional<recorded_talk> recorded_talk_of(std::string_view reply_context);
/// A talk with somebody whom we called begins; none: it is over.
void note_talk(std::string& reply_context, const std::optional<recorded_talk>& talk);

/// The outbox form of a message, and back.
std::string to_json(const channel::outgoing& message);
channel::outgoing outgoing_from_json(std::string_view json);

}  // namespace kindred::runtime
