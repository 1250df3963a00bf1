#include "engine/api/lookers.hpp"

#include "engine/base/json.hpp"

namespace kindred::api {

void lookers::look(const std::shared_ptr<http::websocket>& desk, agent_id agent, const std::string& name, ticket_id at,
                   bool typing) {
    const std::lock_guard hold(mutex_);
    const auto found = all_.find(desk.get());
    const auto before = found == all_.end() ? ticket_id{} : found->second.at;
    if (before == at && found != all_.end() && found->second.typing == typing) return;
    forget(desk.get());
    if (at) {
        all_[desk.get()] = {desk, agent, name, at, typing};
        by_ticket_[at].insert(desk.get());
    }
    if (before && before != at) tell(before);
    if (at) tell(at);
}

void lookers::leave(const http::websocket* desk) {
    const std::lock_guard hold(mutex_);
    const auto found = all_.find(desk);
    if (found == all_.end()) return;
    const auto at = found->second.at;
    forget(desk);
    tell(at);
}

void lookers::forget(const http::websocket* desk) {
    const auto found = all_.find(desk);
    if (found == all_.end()) return;
    const auto there = by_ticket_.find(found->second.at);
    there->second.erase(desk);
    if (there->second.empty()) by_ticket_.erase(there);
    all_.erase(found);
}

void lookers::tell(ticket_id about) const {
    const auto there = by_ticket_.find(about);
    if (there == by_ticket_.end()) return;
    std::map<agent_id, const looker*> agents;  // one who has it open twice is one
    for (const auto* each : there->second) {
        const auto& found = all_.at(each);
        auto& shown = agents[found.agent];
        if (shown == nullptr || found.typing) shown = &found;
    }
    json::writer out;
    out.begin_object().member("type", "lookers").member("ticket", to_string(about)).key("agents").begin_array();
    for (const auto& [agent, each] : agents) {
        out.begin_object().member("id", to_string(agent)).member("name", each->name);
        out.member("typing", each->typing).end_object();
    }
    const auto frame = std::make_shared<const std::string>(out.end_array().end_object().take());
    for (const auto* each : there->second)
        if (const auto desk = all_.at(each).desk.lock()) (void)desk->send(frame);
}

}  // namespace kindred::api
