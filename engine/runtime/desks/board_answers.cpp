#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/rules/rules_switch.hpp"
#include "engine/runtime/tickets/actions.hpp"
#include "engine/runtime/tickets/incidents.hpp"

namespace kindred::runtime {
namespace {

/// Where it stands, and what it will wait at its step and would at each later one.
void write_waits(json::writer& out, const world& of, ticket_id id) {
    const auto now = of.dispatch.estimate(id);
    if (!now) return;
    out.member("position", now->position).member("estimated_wait_s", now->wait.count() / 1000);
    const auto seen = of.dispatch.ticket(id, time_point{});
    out.key("steps").begin_array();
    for (std::uint32_t at = seen->step; at < seen->steps; ++at) {
        const auto waits = of.dispatch.estimate(id, at);
        if (!waits) break;
        out.begin_object().member("step", at + 1).member("slots", waits->slots);
        out.member("estimated_wait_s", waits->wait.count() / 1000).end_object();
    }
    out.end_array();
}

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
    write_waits(out, of, id);
    return out.end_object().take();
}

}  // namespace

result<std::string> answer_board(step& in, const board_question& asked) {
    const auto& of = in.on();
    switch (asked.what) {
        case board_question::about::queues: return "{" + queues_frame(of, in.now()) + "}";
        case board_question::about::estimates: return queues_with_estimates(of, in.now());
        case board_question::about::incidents: return incidents_json(of);
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
