#include "engine/runtime/tickets/unmatched.hpp"

namespace kindred::runtime {

std::size_t count_unmatched(const world& in) {
    constexpr std::size_t most_looked_at = 200;
    std::size_t looked_at = 0;
    std::size_t found = 0;
    in.tickets.for_each([&](const ticket& held) {
        if (held.status != store::ticket_status::waiting || looked_at >= most_looked_at) return;
        ++looked_at;
        const auto why = in.dispatch.explain(held.id, agent_id{});
        if (why && why->held_back.empty() &&
            why->passed[static_cast<std::size_t>(dispatch::funnel_stage::offerable)] > 0)
            ++found;
    });
    return found;
}

}  // namespace kindred::runtime
