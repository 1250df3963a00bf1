#pragma once
#include "engine/dispatch/views.hpp"
#include "engine/domain/ids.hpp"
#include "engine/store/rows.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kindred::runtime {

/// What moves with the time or changes at once about an open ticket, for lists: the store does not have it.
struct ticket_standing {
    ticket_id id;
    store::ticket_status status = store::ticket_status::waiting;
    agent_id holder;  ///< 0: nobody
    std::string queue;
    std::optional<time_point> waiting_since;  ///< nothing where nobody waits for it to be taken
    std::optional<dispatch::due_target> due;
    duration head_start{0};  ///< of its priority: the longer, the higher
    time_point updated_at{};
};

/// Asks where tickets stand. What is not open is left out of the answer, whose order is that of `of`.
struct standing_question {
    std::vector<ticket_id> of;  ///< empty: all that are open, in no order
    std::function<void(std::vector<ticket_standing>)> done;
};

}  // namespace kindred::runtime
