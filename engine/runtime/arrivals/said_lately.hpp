#pragma once
#include "engine/domain/contact.hpp"
#include "engine/domain/ids.hpp"
#include "engine/rules/text_watch.hpp"

#include <cstdint>
#include <deque>
#include <unordered_map>

namespace kindred::runtime {

/// What the customers of the latest tickets have said so far, so that a further contact can be weighed together with
/// it. Keeps at most `capacity` tickets, the first opened leave first. Belongs to the writer's thread.
class said_lately {
public:
    struct said {
        contact whole;              ///< all contacts of the ticket as one
        std::int64_t added = 0;     ///< how many went on with it
        std::uint64_t decided = 0;  ///< digest_of() the decision that the ticket has (redecision.hpp); 0: not known
        rules::text_watch::heard heard;  ///< in `whole.text`
        std::string heard_by;            ///< hash of the ruleset whose words those are; empty: none yet
    };
    said_lately() = default;
    explicit said_lately(std::size_t capacity) : capacity_(capacity) {}

    void opened(ticket_id id, contact with, std::uint64_t decided = 0);
    /// None: the ticket was opened too long ago, or before this start.
    said* find(ticket_id id);

private:
    std::size_t capacity_ = 20'000;
    std::unordered_map<ticket_id, said> said_;
    std::deque<ticket_id> in_order_;
};

}  // namespace kindred::runtime
