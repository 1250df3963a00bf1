#include "engine/runtime/actions.hpp"
#include "engine/runtime/rules_switch.hpp"
#include "engine/runtime/views.hpp"

namespace kindred::runtime {
namespace {

std::string funnel_json(const world& of, ticket_id id, agent_id asked, const dispatch::explanation& why) {
    json::writer out;
    out.begin_object().member("ticket", to_string(id));
    if (asked) write_agent(out, "agent", of, asked);
    out.member_if("held_back", why.held_back).key("funnel").begin_array();
    for (std::size_t stage = 0; stage < dispatch::funnel_stages; ++stage) {
        out.begin_object().member("stage", dispatch::name_of(static_cast<dispatch::funnel_stage>(stage)));
        out.member("agents", why.passed[stage]).end_object();
    }
    out.end_array();
    if (why.failed) out.member("failed", dispatch::name_of(*why.failed)).member_if("because", why.detail);
    return out.end_object().take();
}

}  // namespace

result<std::string> answer_board(step& in, const board_question& asked) {
    const auto& of = in.on();
    switch (asked.what) {
        case board_question::about::queues: return "{" + queues_frame(of, in.now()) + "}";
        case board_question::about::agents: return agents_json(of);
        case board_question::about::colleagues: return colleagues_json(of);
        case board_question::about::presence: return "{" + presence_frame(of, asked.agent) + "}";
        case board_question::about::rules: return rules_json(of);
        case board_question::about::ticket: break;
    }
    const auto why = of.dispatch.explain(asked.ticket, asked.agent);
    if (!why) return why.error();
    return funnel_json(of, asked.ticket, asked.agent, *why);
}

}  // namespace kindred::runtime
