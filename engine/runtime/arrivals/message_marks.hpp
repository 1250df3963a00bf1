#pragma once
#include "engine/channel/record.hpp"
#include "engine/runtime/step.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What happens to single messages of a ticket after they were written: delivered, read, edited, deleted, reacted to.
namespace kindred::runtime {

/// The event id that connectors give a message of this id whose deliveries the provider does not number.
std::string message_event_id(std::string_view provider_message_id);

/// The keys under which the message that `happened` is about may be known; empty for what is about none.
std::vector<store::unique_key> keys_of_target(const channel_entry& via, const channel::record& happened);
/// The message that it is about, where it is known.
std::optional<store::key_row> target_of(const world& on, const channel_entry& via, const channel::record& happened,
                                        const store::prefetched& known);

/// The line in the history: the record, and which entry it is about (0: not known).
std::string mark_json(const channel::record& happened, std::uint32_t about);

/// The sender took the message back: its content leaves the history.
void erase_message(step& in, ticket& about, const store::key_row& message);

/// Where a message stands. Sending rises to read and never goes back; a failure ends it unless it arrived after all.
enum class message_state { pending = 1, sent, delivered, read, failed };
std::string_view name_of(message_state state);

struct reaction {
    std::string from;
    std::string emoji;
};

/// One message of a ticket as it is now.
struct message_mark {
    std::optional<message_state> state;  ///< of ours
    std::optional<time_point> delivered_at;
    std::optional<time_point> read_at;
    std::string failed_because;
    std::optional<std::string> text;  ///< after the last edit
    std::optional<time_point> edited_at;
    std::optional<time_point> deleted_at;
    std::vector<reaction> reactions;
};

/// What the history says of each message, by entry number; messages that nothing happened to are left out.
std::map<std::uint32_t, message_mark> marks_of(const std::vector<store::entry_row>& entries);

}  // namespace kindred::runtime
