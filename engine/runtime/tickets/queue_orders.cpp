#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/tickets/actions.hpp"

namespace kindred::runtime {

namespace {

std::string action_of(const dispatch::command& told) {
    if (std::holds_alternative<dispatch::close_until>(told)) return "queue.closed";
    if (std::holds_alternative<dispatch::lift_closure>(told)) return "queue.opened";
    return std::holds_alternative<dispatch::set_notice>(told) ? "queue.notice_set" : "queue.notice_lifted";
}

}  // namespace

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
    in.audit("agent:" + by, action_of(told), "queue:" + queue);
    return queue_json(in.on(), queue, in.now());
}

}  // namespace kindred::runtime
