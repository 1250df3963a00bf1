#pragma once
#include "engine/runtime/sending/event_subscription.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"
#include "engine/store/rows.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Events to the centre's own systems, as rows: written with the change that they tell of, taken away once they are
/// delivered.
namespace kindred::runtime {

// Kinds of store::kept_row. Stored: never renamed. Ids begin with "<subscription>/".
inline constexpr std::string_view event_rows = "event";  ///< not tried yet, in their order
inline constexpr std::string_view event_retry_rows =
    "event_retry";                                                 ///< "<subscription>/<due ms>-...": to be tried again
inline constexpr std::string_view dead_event_rows = "event_dead";  ///< given up
inline constexpr std::string_view silent_rows = "event_off";       ///< id: a subscription that said 410

/// One event for one subscription.
struct outgoing_event {
    std::string subscription;
    std::string id;  ///< webhook-id: the same on every attempt
    std::string type;
    std::string body;
    unsigned attempts = 0;
    time_point at;
    std::string reason;  ///< why the last attempt failed
};

/// How many events of each subscription are on record: not delivered, or given up. Bounded, so that an endpoint that is
/// gone for weeks cannot fill the disk. Not thread-safe.
class event_backlog {
public:
    static constexpr std::size_t most = 100'000;

    bool has_room(const std::string& subscription) const {
        const auto found = counts_.find(subscription);
        return found == counts_.end() || found->second < most;
    }
    /// Follows a row that comes or goes; rows of other kinds are none of its business.
    void follow(const store::kept_row& row);

private:
    std::map<std::string, std::size_t, std::less<>> counts_;
};

/// The type of the event that tells of an entry: "ticket.contact", "ticket.resolved", ...
std::string event_type_of(std::string_view entry_kind);

/// The events of one new entry, one for each subscription that wants it.
std::vector<store::kept_row> events_of(const std::vector<event_subscription>& subscriptions, std::string_view site_key,
                                       const ticket& about, const store::entry_row& entry);

/// The events of something that is about no ticket: `data` is a JSON object, `id` tells it from others of its type.
std::vector<store::kept_row> events_of(const std::vector<event_subscription>& subscriptions, std::string_view site_key,
                                       std::string_view type, const std::string& id, time_point at,
                                       const std::string& data);

store::kept_row to_row(const outgoing_event& event, std::string_view kind, time_point due);
/// errc::corrupt when the row is none.
result<outgoing_event> event_from(const store::kept_row& row);
/// When a row of event_retry_rows is due.
time_point due_of(const store::kept_row& row);

/// How long after the first failure, the second, ... an event is tried again; nothing: it is given up. `jitter` from 0
/// to 1 adds up to a tenth, so that many do not come back at once.
std::optional<duration> next_attempt_after(unsigned attempts, double jitter);

}  // namespace kindred::runtime
