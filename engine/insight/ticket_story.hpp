#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What a ticket's history says, line by line.
namespace kindred::insight {

/// One line of a ticket's history as the store and the API have it. Channel and customer are the ticket's and are only
/// looked at in lines that open one.
struct history_line {
    ticket_id ticket;
    std::uint32_t number = 0;
    std::string_view kind;
    time_point at;
    std::string_view json;
    std::string_view channel;
    customer_id customer;
};

enum class line_kind : std::uint8_t {
    contact = 1,
    outbound,
    reopened,
    decision,
    queued,
    accepted,
    assigned,
    snoozed,
    reply,
    connecting,
    consult,
    merged,
    resolved,
    abandoned,
    removed,
    survey,
    survey_answer,
    self_service,
};
std::string_view name_of(line_kind kind);
/// Nothing for kinds that no figure is made of.
std::optional<line_kind> line_kind_named(std::string_view name);

/// Texts as small numbers; the empty text is 0.
class name_table {
public:
    std::uint32_t number_of(std::string_view name);
    const std::string& name(std::uint32_t number) const { return names_.at(number); }

    std::size_t size() const { return names_.size(); }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
    };
    std::unordered_map<std::string, std::uint32_t, hash, std::equal_to<>> numbers_{{"", 0}};
    std::vector<std::string> names_{""};
};

/// What is known of a ticket so far, and what of it is not counted yet.
struct ticket_story {
    std::uint32_t channel = 0;
    std::uint32_t queue = 0;
    std::uint32_t agent = 0;    ///< who holds it
    std::uint32_t decided = 0;  ///< the stage, route, script or segment that the report asks for
    std::uint32_t transfers = 0;
    std::uint32_t consults = 0;
    std::uint32_t requeues = 0;
    std::uint32_t contacts_to_count = 0;  ///< that came before it was known where the ticket goes
    customer_id customer;
    time_point opened_at;  ///< or opened again
    time_point waiting_since;
    time_point uncounted_since;
    bool waiting = false;
    bool placed = false;    ///< its queue is known since it was opened
    bool answered = false;  ///< by a person, or begun by one
    bool merging = false;
    bool opening_to_count = false;
    bool reopening_to_count = false;
    bool over = false;  ///< resolved, and not opened again
    /// Of self-service, until an agent has the ticket: the column in which the article that was sent stands now.
    std::uint8_t article_stands_in = 0;
    time_point article_sent_at;
};

}  // namespace kindred::insight
