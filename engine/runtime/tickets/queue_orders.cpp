#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/tickets/actions.hpp"

namespace kindred::runtime {

result<std::string> order_queue(step& in, const queue_order& wanted) {
    auto told = wanted.told;
    const auto* someone = in.on().people->find(wanted.by);
    const auto by = someone == nullptr ? std::string() : someone->login;
    std::string queue;
    std::visit(
        [&](auto& each) {
            if constexpr (requires { each.by; }) each.by = by;
            if constexpr (requires {
                              each.queue;
                              each.queue.size();
                          })
                queue = each.queue;
        },
        told);
    if (auto done = in.tell(told); !done) return done.error();
    return queue_json(in.on(), queue, in.now());
}

}  // namespace kindred::runtime
