#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// Agents: who is asking, who is there. Called on blocking threads.
class people_endpoints {
public:
    explicit people_endpoints(runtime::site& site) : site_(site) {}

    void me(std::shared_ptr<call> asked);
    /// Whom an agent can hand a ticket to: names and presence, nothing of their work.
    void colleagues(std::shared_ptr<call> asked);
    void agents(std::shared_ptr<call> asked);
    void queues(std::shared_ptr<call> asked);
    void set_presence(std::shared_ptr<call> asked);
    void change_agent(std::shared_ptr<call> asked);

private:
    void ask_board(const std::shared_ptr<call>& asked, runtime::board_question::about what);

    runtime::site& site_;
};

/// Skills or languages as an object of levels by name.
void write_levels(json::writer& out, std::string_view key, const std::map<std::string, int>& levels);

}  // namespace kindred::api
